/** How a run ended, in words: one entry a kind, the verdict first. */
import { TIMEOUT_MAX_MS } from '../../../domain/limits.ts';
import type { Instant } from '../../../domain/names.ts';
import type { Interruption, Outcome } from '../../../domain/outcome.ts';
import { failureSentence, type Where } from './failures.ts';
import { duration, tookAbout } from './quantities.ts';
import { at, code, say, type Sentence } from './sentence.ts';

export interface RunFacts extends Where {
  /** The command refuses to start after this. */
  readonly notAfter: Instant;
  /** The limit of the command: what it took is a little more. */
  readonly timeoutMs: number;
}

type OutcomeOf<Kind extends Outcome['kind']> = Extract<Outcome, { kind: Kind }>;
type Words = { readonly [Kind in Outcome['kind']]: (outcome: OutcomeOf<Kind>, facts: RunFacts) => Sentence };

const INTERRUPTIONS: { readonly [By in Interruption]: string } = {
  deleted: 'The pod was deleted while the command ran',
  evicted: 'The pod was evicted from its node while the command ran',
  finished: 'The pod finished while the command ran',
  replaced: 'The pod was replaced while the command ran',
  target_restarted: 'The container that was looked into restarted while the command ran',
};

const WORDS: Words = {
  exited: ({ code: exit, signal, outOfMemory, durationMs }) =>
    say`Exit code ${String(exit)}${signal === undefined ? '' : ` (${signal})`}${outOfMemory ? ': out of memory' : ''} · ${tookAbout(durationMs)}`,
  timed_out: (_outcome, { timeoutMs }) => say`Stopped after ${duration(timeoutMs)} (your limit; at most ${duration(TIMEOUT_MAX_MS)})`,
  cancelled: () => ['Cancelled while it ran'],
  not_started: ({ failure, armed }, facts) => armed
    ? say`Did not run. ${failureSentence(failure, facts)} The container cannot be removed; should the node start it later, the command refuses to run after ${at(facts.notAfter)}.`
    : say`Did not run. ${failureSentence(failure, facts)}`,
  interrupted: ({ by, replacement }) => replacement === undefined
    ? [INTERRUPTIONS[by]]
    : say`${INTERRUPTIONS[by]} (replaced by ${code(replacement)})`,
  unknown: ({ detail }) => say`How it ended is not known: ${detail}. It may have run; kdebug does not run it again`,
};

export const outcomeSentence = (outcome: Outcome, facts: RunFacts): Sentence =>
  (WORDS[outcome.kind] as (outcome: Outcome, facts: RunFacts) => Sentence)(outcome, facts);
