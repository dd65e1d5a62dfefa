/** Injected faults: a table of predicates, each with what goes wrong and how often. */
import { text, failed, type Answer, type Outlet } from './exchange.ts';
import type { SeenRequest } from './journal.ts';

export type Fault =
  /** Answered instead of handling the request; nothing is applied. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number; readonly message?: string }
  /** Never answered; nothing is applied. */
  | { readonly kind: 'hang' }
  /** The connection breaks before the request is handled, or after it was applied and before the answer. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** The answer ends cleanly after so many bytes of its body. */
  | { readonly kind: 'truncate'; readonly keepBytes: number }
  /** The connection breaks after so many bytes of the body: a log stream that dies half-way. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  | { readonly kind: 'slow'; readonly bytesPerChunk: number; readonly everyMs: number }
  /** Handled only after this long. */
  | { readonly kind: 'delay'; readonly ms: number };

export interface FaultRule {
  readonly when: (request: Readonly<SeenRequest>) => boolean;
  readonly fault: Fault;
  /** How many requests it hits; all, when absent. */
  readonly times?: number;
}

export const createFaults = () => {
  const rules: { readonly rule: FaultRule; left: number }[] = [];
  return {
    /** @returns takes the rule away again */
    inject: (rule: FaultRule): (() => void) => {
      const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      rules.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    clear: (): void => {
      rules.length = 0;
    },
    /** The fault that hits this request; the oldest rule wins, and is used up by one. */
    hit: (request: Readonly<SeenRequest>): Fault | undefined => {
      const entry = rules.find((candidate) => candidate.left > 0 && candidate.rule.when(request));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      return entry.rule.fault;
    },
  };
};

export type Faults = ReturnType<typeof createFaults>;

/** What a real server that is overloaded (plain text) or broken (a Status) answers. */
export const faultAnswer = (fault: Extract<Fault, { kind: 'status' }>): Answer => {
  const headers: Record<string, string> = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  const answer = fault.status === 429
    ? text(429, fault.message ?? 'Too many requests, please try again later.\n')
    : failed({ code: fault.status, reason: fault.status === 503 ? 'ServiceUnavailable' : 'InternalError', message: fault.message ?? 'Internal error occurred: injected by the test' });
  return answer.kind === 'whole' ? { ...answer, headers: { ...answer.headers, ...headers } } : answer;
};

/** An outlet that stops after so many bytes, by a clean end or by a cut. */
const bounded = (out: Outlet, bytes: number, stop: () => void): Outlet => {
  let left = bytes;
  return {
    ...out,
    write: (chunk) => {
      const buffer = Buffer.from(chunk);
      if (left <= 0) return;
      out.write(buffer.subarray(0, left));
      left -= buffer.length;
      if (left <= 0) stop();
    },
  };
};

const slow = (out: Outlet, bytesPerChunk: number, everyMs: number): Outlet => {
  const queue: Buffer[] = [];
  let ending = false;
  const timer = setInterval(() => {
    const next = queue.shift();
    if (next !== undefined) out.write(next);
    else if (ending) out.end();
  }, everyMs);
  out.onClose(() => clearInterval(timer));
  return {
    ...out,
    write: (chunk) => {
      const buffer = Buffer.from(chunk);
      for (let at = 0; at < buffer.length; at += bytesPerChunk) queue.push(buffer.subarray(at, at + bytesPerChunk));
    },
    end: () => {
      ending = true;
    },
  };
};

/** The outlet as the fault leaves it. */
export const spoiled = (out: Outlet, fault: Fault | undefined, cut: () => void): Outlet => {
  if (fault?.kind === 'truncate') return bounded(out, fault.keepBytes, () => out.end());
  if (fault?.kind === 'reset') return bounded(out, fault.afterBytes, cut);
  return fault?.kind === 'slow' ? slow(out, fault.bytesPerChunk, fault.everyMs) : out;
};
