/** What the door and the rules answer to one text, and why: kdebug's own parser, door and matcher, asked about nobody's request. */
import { clusterNamed, whyNotCommand } from '../app/intake.ts';
import { conditionsAtDoor, subjectAtDoor } from '../app/judge.ts';
import type { Settings } from '../config/settings.ts';
import type { RunCommand } from '../domain/command/command.ts';
import type { Mistake } from '../domain/command/mistake.ts';
import { parseCommand } from '../domain/command/parse.ts';
import type { Profile } from '../domain/container.ts';
import type { Conditions, Gate } from '../domain/policy/gate.ts';
import type { Subject } from '../domain/policy/match.ts';
import { gateOfTrace, traceOf, type RuleTrace } from '../domain/policy/trace.ts';
import type { Refusal } from '../domain/refusal.ts';
import { resolve, type Resolved } from '../domain/resolve.ts';
import { rightsOf, type Asker } from './asker.ts';

/** The gate if the profile comes to be one of these. */
export interface Outcome {
  readonly profiles: readonly Profile[];
  readonly gate: Gate;
}

export interface Judged {
  readonly kind: 'judged';
  readonly command: RunCommand;
  readonly asker: Asker;
  readonly resolved: Resolved;
  readonly subject: Subject;
  readonly conditions: Conditions;
  readonly traces: readonly RuleTrace[];
  /** With nothing known of the pod, as the person would be answered at once. */
  readonly atDoor: Gate;
  /** One; or several when the rules decide otherwise for another profile that `auto` may come to. */
  readonly outcomes: readonly Outcome[];
}

export type Explanation =
  | { readonly kind: 'unparsed'; readonly text: string; readonly error: Mistake }
  /** `status`, `freeze` and their like: no rule decides about them. */
  | { readonly kind: 'not_a_run'; readonly command: string }
  /** Before any rule: what kdebug does not do, or cannot find in its catalogue. */
  | { readonly kind: 'turned_away'; readonly refusal: Refusal }
  | Judged;

export const explain = (settings: Settings, asker: Asker, text: string): Explanation => {
  const parsed = parseCommand(text);
  if (!parsed.ok) return { kind: 'unparsed', text, error: parsed.error };
  const { command } = parsed;
  if (command.kind !== 'run') return { kind: 'not_a_run', command: command.kind };
  const cluster = clusterNamed(settings, command);
  if (typeof cluster !== 'string') return { kind: 'turned_away', refusal: cluster };
  const unfit = whyNotCommand({ ownNamespace: undefined, limits: settings.limits }, command);
  if (unfit) return { kind: 'turned_away', refusal: unfit };
  const resolution = resolve(command, settings.catalogue);
  if (!resolution.ok) return { kind: 'turned_away', refusal: { code: 'not_planned', failure: resolution.failure } };
  const ask = { requester: asker.user, command, cluster, place: { typedIn: asker.channel } };
  const subject = subjectAtDoor(rightsOf(asker), ask, resolution.resolved, asker.now);
  return judged(settings, { command, asker, resolved: resolution.resolved, subject, conditions: conditionsAtDoor(ask, resolution.resolved, 'available') });
};

const judged = ({ policy }: Settings, site: Pick<Judged, 'command' | 'asker' | 'resolved' | 'subject' | 'conditions'>): Judged => {
  const subject = { ...site.subject, labels: site.asker.labels };
  return {
    kind: 'judged',
    ...site,
    subject,
    traces: traceOf(policy, subject),
    atDoor: gateOfTrace(traceOf(policy, site.subject), site.conditions),
    outcomes: outcomesOf((profiles) => gateOfTrace(traceOf(policy, { ...subject, profiles }), site.conditions), subject.profiles),
  };
};

/** The answer as a whole when it is one, else profile by profile, those with the same answer together. */
const outcomesOf = (gateFor: (profiles: readonly Profile[]) => Gate, profiles: readonly Profile[]): readonly Outcome[] => {
  const whole = gateFor(profiles);
  if (whole.gate !== 'unknown') return [{ profiles, gate: whole }];
  const grouped = Map.groupBy(profiles, (profile) => JSON.stringify(gateFor([profile])));
  return [...grouped.values()].map((together) => ({ profiles: together, gate: gateFor(together.slice(0, 1)) }));
};

/** Open or held, whatever the profile comes to be: the person would not be refused. */
export const isLetThrough = (explanation: Explanation): boolean =>
  explanation.kind === 'judged' && explanation.outcomes.every(({ gate }) => gate.gate === 'open' || gate.gate === 'held');
