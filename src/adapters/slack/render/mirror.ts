/** Ledger entries as lines for people: one entry, one line. The ledger itself is what counts; this is its shadow. */
import type { MirrorLine, WitnessLine } from '../../../app/chat-port.ts';
import type { Attempt } from '../../../app/ports.ts';
import type { Ask, RequestEvent } from '../../../domain/events.ts';
import type { Outcome } from '../../../domain/outcome.ts';
import { failureSentence } from '../wording/failures.ts';
import { bytes, countOf, duration } from '../wording/quantities.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { code, inChannel, joined, listed, person, say, type Sentence } from '../wording/sentence.ts';
import { shortCommand } from './arguments.ts';
import { authorityLine, isOfAuthority } from './mirror-authority.ts';
import { reportLine } from './mirror-report.ts';
import { MESSAGE_CHARS_MAX } from '../limits.ts';
import { cut, cutByWeight, weightOf } from './escape.ts';
import { worded, type Message } from './rich.ts';

/** So many lines fit into one message whatever is in them. */
export const MIRROR_ENTRIES_MAX = 40;
const FOREIGN_CHARS_MAX = 80;
/** For line ends and the line that counts what is not shown. */
const REST_CHARS = 200;
const DIGEST_CHARS = 8;

type EventOf<Type extends RequestEvent['type']> = Extract<RequestEvent, { type: Type }>;
type Words = { readonly [Type in RequestEvent['type']]: (event: EventOf<Type>) => Sentence };

const targetOf = ({ command, cluster }: Ask): string => {
  const { target } = command;
  const name = target.kind === 'name' ? target.name : target.kind === 'workload' ? `${target.resource}/${target.name}` : `-l ${target.selector}`;
  return `${cluster}/${command.namespace}/${cut(name, FOREIGN_CHARS_MAX)}`;
};

type OutcomeOf<Kind extends Outcome['kind']> = Extract<Outcome, { kind: Kind }>;

const IN_SHORT: { readonly [Kind in Outcome['kind']]: (outcome: OutcomeOf<Kind>) => string } = {
  exited: (outcome) => `exit ${outcome.code}`,
  timed_out: ({ afterMs }) => `stopped after ${duration(afterMs)}`,
  cancelled: () => 'cancelled',
  not_started: ({ failure }) => `did not start (${failure.code})`,
  interrupted: ({ by }) => `interrupted (${by})`,
  unknown: () => 'end not known',
};

/** `exit 0`: how a run ended in two or three words. */
export const outcomeInShort = (outcome: Outcome): string => (IN_SHORT[outcome.kind] as (outcome: Outcome) => string)(outcome);

/** The sentence within `room` counted characters; mentions stay. */
const brief = (sentence: Sentence, room = 2 * FOREIGN_CHARS_MAX): Sentence => {
  let left = room;
  const kept = (text: string): string => {
    const short = left <= 0 ? '' : cutByWeight(text, left);
    left -= weightOf(text);
    return short;
  };
  return sentence.map((span) => {
    if (typeof span === 'string') return kept(span);
    if ('code' in span) return { code: kept(span.code) };
    return 'strong' in span ? { strong: kept(span.strong) } : span;
  });
};

const WORDS: Words = {
  requested: ({ ask }) => say`requested by ${person(ask.requester)} in ${inChannel(ask.place.typedIn)}: ${code(targetOf(ask))} · ${code(shortCommand(ask.command.argv, FOREIGN_CHARS_MAX))}`,
  choosing: ({ candidates }) => say`${countOf(candidates.length, 'pod')} match: waits for a choice`,
  chosen: ({ by, pod }) => say`${code(pod)} chosen by ${person(by)}`,
  planned: ({ plan }) => say`planned: ${code(plan.targets.map((target) => target.pod).join(', ').slice(0, 2 * FOREIGN_CHARS_MAX))}, ${plan.profile}, ${code(cut(plan.container.image, FOREIGN_CHARS_MAX))}${plan.audience.kind === 'person' ? say`, output to ${person(plan.audience.user)} alone` : ''}`,
  not_planned: ({ failure }) => say`not planned: ${brief(failureSentence(failure))}`,
  replanned: () => ['planned again: the rules changed'],
  allowed: ({ rule }) => say`allowed by the rule ${code(cut(rule, FOREIGN_CHARS_MAX))}`,
  pre_approved: ({ id, rule, approvedBy }) => say`allowed by the pre-approval ${code(id)} of ${listed(approvedBy.map(person), 'and')} (rule ${code(cut(rule, FOREIGN_CHARS_MAX))})`,
  glass_broken: ({ by, rule, reason }) => say`🚨 glass broken by ${person(by)} instead of approvals (rule ${code(cut(rule, FOREIGN_CHARS_MAX))}): ${code(cut(reason, FOREIGN_CHARS_MAX))}`,
  announced: ({ channel }) => say`announced in ${inChannel(channel)}`,
  held: ({ rule, hold }) => say`waits for ${countOf(hold.needed, 'approval')} (rule ${code(cut(rule, FOREIGN_CHARS_MAX))})`,
  checked: ({ gate }) => say`only checked: ${gate.gate === 'open' ? 'would run at once' : `would wait for ${countOf(gate.hold.needed, 'approval')}`} (rule ${code(cut(gate.rule, FOREIGN_CHARS_MAX))})`,
  refused: ({ refusal }) => say`refused: ${brief(refusalSentence(refusal))}`,
  approved: ({ by, digest, stepUp }) => say`approved by ${person(by)}${stepUp ? ', confirmed by a login' : ''} (plan ${digest.slice(0, DIGEST_CHARS)})`,
  denied: ({ by, reason }) => say`denied by ${person(by)}${reason === null ? '' : say`: ${code(cut(reason, FOREIGN_CHARS_MAX))}`}`,
  withdrawn: ({ by }) => say`withdrawn by ${person(by)}`,
  granted: () => ['granted: it may start now'],
  grant_lapsed: () => ['not started in time: decided once more'],
  started: ({ worker }) => say`started by the worker ${code(cut(worker, FOREIGN_CHARS_MAX))}`,
  stop_requested: ({ by }) => say`asked to stop by ${person(by)}`,
  finished: ({ ends }) => say`finished: ${joined(ends.map(({ outcome, output }) => [`${outcomeInShort(outcome)}${output === null ? '' : `, ${bytes(output.bytes)}`}`]), '; ')}`,
  cancelled: ({ by }) => say`cancelled by ${person(by)}`,
  expired: ({ waitingFor }) => say`expired waiting for the ${waitingFor}`,
};

const attempted = (attempt: Attempt, count: number): Sentence => {
  const who: Sentence = attempt.user === null ? ['somebody'] : [person(attempt.user)];
  const where: Sentence = attempt.channel === null ? [] : say` in ${inChannel(attempt.channel)}`;
  const { refusal } = attempt;
  const why: Sentence = refusal.code === 'parse' || refusal.code === 'security' ? say`${refusal.message}` : refusalSentence(refusal);
  const text: Sentence = attempt.text === null ? [] : say` · ${code(cut(attempt.text, FOREIGN_CHARS_MAX))}`;
  return say`${attempt.what} refused${count > 1 ? ` (${count} times)` : ''}: ${who}${where}${text} · ${brief(why)}`;
};

/** `14:21:07`, in UTC. */
const timeOf = (instant: number): string => new Date(instant).toISOString().slice(11, 19);

const WITNESS_CHARS = 16;

/** The whole roll stands there too, to be given to `--witness`. */
const witnessed = ({ position, roll }: WitnessLine['event']): Sentence =>
  say`checkpoint: entries up to ${String(position)}, ${code(`${roll.slice(0, WITNESS_CHARS)}…`)}, signed · witness ${code(roll)}`;

const said = (event: MirrorLine['event']): Sentence => {
  if (event.type === 'checkpoint') return witnessed(event);
  if (event.type === 'report') return reportLine(event.report);
  if (event.type === 'attempt') return attempted(event.attempt, event.count);
  return isOfAuthority(event) ? authorityLine(event) : (WORDS[event.type] as (event: RequestEvent) => Sentence)(event);
};

export const entryLine = ({ at, request, event }: MirrorLine): Sentence => say`${timeOf(at)} ${request === null ? '' : say`${code(request)} `}${said(event)}`;

/** In order. Of more than MIRROR_ENTRIES_MAX the last are counted, not shown. */
export const mirror = (entries: readonly MirrorLine[]): Message => {
  const more = entries.length - MIRROR_ENTRIES_MAX;
  const shown = entries.slice(0, MIRROR_ENTRIES_MAX);
  const room = Math.floor((MESSAGE_CHARS_MAX - REST_CHARS) / shown.length);
  return worded(...shown.map((entry) => brief(entryLine(entry), room)), ...(more <= 0 ? [] : [say`… and ${countOf(more, 'more entry', 'more entries')}: kdebug audit list`]));
};
