import type { JsonObject } from './json.ts';

/**
 * What may go wrong on the way to Slack. `accepted: true` (and `cut` with `after` or `mid_body`) does the work first and
 * loses only the answer: the case in which nobody can know whether the message is there.
 */
export type Fault =
  | { readonly kind: 'rate_limited'; readonly retryAfterS: number }
  | { readonly kind: 'status'; readonly status: number; readonly accepted?: boolean }
  /** A captive proxy: status 200 and a page. */
  | { readonly kind: 'html' }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'hang'; readonly accepted?: boolean }
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' | 'mid_body' }
  | { readonly kind: 'slow'; readonly ms: number };

export interface FaultRule {
  /** A method of the Web API, `upload`, `response_url`, or `*`. */
  readonly method: string;
  readonly fault: Fault;
  /** How many requests it spoils; all, when absent. */
  readonly times?: number;
  readonly when?: (args: JsonObject) => boolean;
}

export interface Faults {
  /** The newest rule that fits wins. The answer removes it and says how often it struck. */
  readonly add: (rule: FaultRule) => () => number;
  readonly clear: () => void;
  readonly strike: (method: string, args: JsonObject) => Fault | undefined;
  /** Slack is gone: every connection is cut and new ones are refused, on the same port, until `up`. */
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
}

interface Standing extends FaultRule {
  struck: number;
}

const fits = (rule: Standing, method: string, args: JsonObject): boolean =>
  (rule.method === '*' || rule.method === method) &&
  (rule.times === undefined || rule.struck < rule.times) &&
  (rule.when === undefined || rule.when(args));

export const createFaults = (power: Pick<Faults, 'down' | 'up'>): Faults => {
  let rules: readonly Standing[] = [];
  return {
    ...power,
    add: (rule) => {
      const standing: Standing = { ...rule, struck: 0 };
      rules = [standing, ...rules];
      return () => {
        rules = rules.filter((each) => each !== standing);
        return standing.struck;
      };
    },
    clear: () => {
      rules = [];
    },
    strike: (method, args) => {
      const rule = rules.find((each) => fits(each, method, args));
      if (rule !== undefined) rule.struck += 1;
      return rule?.fault;
    },
  };
};
