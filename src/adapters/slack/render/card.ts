/** One state, one card. The card is a projection: rendered anew from the request at every change, updated in place. */
import type { KnownBlock, SectionBlock } from '@slack/types';
import type { Progress } from '../../../app/ports.ts';
import { after, type Instant } from '../../../domain/names.ts';
import type { AwaitingApproval, Authorized, Checked, Choosing, Finished, Planned, Request, Running, WithPlan } from '../../../domain/request-states.ts';
import type { Outcome } from '../../../domain/outcome.ts';
import { endsBy } from '../../../domain/request-times.ts';
import { MESSAGE_CHARS_MAX } from '../limits.ts';
import { bytes, countOf, duration, tookAbout } from '../wording/quantities.ts';
import { exceptionSentence } from '../wording/authority.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { at, code, listed, person, principal, say, strong, type Sentence } from '../wording/sentence.ts';
import { shortCommand } from './arguments.ts';
import { askAgainButton, pendingButtons, podMenu, runningButtons } from './buttons.ts';
import { countedCharacters } from './count.ts';
import { asked, places, planElements } from './plan.ts';
import { lines, richText, spoken, type Message } from './rich.ts';

/** What a card consists of: our own headline, what happened, and while somebody may decide, the plan and the buttons. */
interface Card {
  /** Our words only: it is the one place with markup. */
  readonly headline: string;
  readonly said: readonly Sentence[];
  readonly plan?: WithPlan;
  readonly after?: readonly Sentence[];
  readonly buttons?: KnownBlock;
}

/** What the request itself does not say. */
export interface CardMore {
  /** Its cluster lets kdebug stop what runs. */
  readonly canStop?: boolean;
  readonly progress?: Progress | undefined;
}

const ARGUMENTS_CHARS_MAX = 2_500;

/** Slack refuses to replace a message of rich text alone by another kind, so each card begins with a section. */
const headlineBlock = (headline: string): SectionBlock => ({ type: 'section', text: { type: 'mrkdwn', text: `*${headline}*`, verbatim: true } });

const authorizedBy = ({ authorization, askedAt }: Authorized): Sentence => {
  if (authorization.by === 'rule') return say`allowed without approval · rule: ${authorization.rule}`;
  if (authorization.by !== 'approvals') return exceptionSentence(authorization);
  const last = authorization.approvals.at(-1);
  const after = last === undefined ? '' : ` after ${duration(last.at - askedAt)}`;
  return say`approved by ${listed(authorization.approvals.map((approval) => person(approval.by)), 'and')}${after} · rule: ${authorization.rule}`;
};

const ran = ({ ask, plan }: WithPlan, verb: string): Sentence =>
  say`${person(ask.requester)} ${verb} ${code(shortCommand(plan.argv))} in ${places(plan.targets)}`;

/** The same before there is a plan, or when there never was one. */
const wanted = (request: Request, planned: WithPlan | null): Sentence =>
  planned === null ? say`${asked(request)}: ${code(shortCommand(request.ask.command.argv))}` : ran(planned, 'asked to run');

const awaiting = (request: AwaitingApproval): Card => {
  const { hold, approvals, rule, expiresAt } = request;
  return {
    headline: `⏳ Waiting for approval: ${hold.needed - approvals.length} of ${hold.needed} needed`,
    said: [
      asked(request),
      say`rule: ${rule}${hold.stepUp ? '; whoever approves confirms by a login outside Slack' : ''}`,
      ...(approvals.length === 0 ? [] : [say`approved so far by ${listed(approvals.map((approval) => person(approval.by)), 'and')}`]),
    ],
    plan: request,
    after: [
      say`expires at ${at(expiresAt)}`,
      ...(hold.mention && hold.approvers.length > 0 ? [say`cc ${listed(hold.approvers.map(principal))}`] : []),
    ],
    buttons: pendingButtons(request),
  };
};

type OutcomeOf<Kind extends Outcome['kind']> = Extract<Outcome, { kind: Kind }>;

const HEADLINES: { readonly [Kind in Outcome['kind']]: (outcome: OutcomeOf<Kind>) => string } = {
  exited: ({ code: exit, durationMs }) => `${exit === 0 ? '✅' : '☑️'} Finished: exit code ${exit} ${tookAbout(durationMs)}`,
  timed_out: ({ afterMs }) => `⏱️ Stopped after ${duration(afterMs)}`,
  cancelled: () => '🚫 Cancelled while it ran',
  not_started: () => '⚠️ Did not run',
  interrupted: () => '⚠️ Interrupted',
  unknown: () => '❔ How it ended is not known',
};

const outcomeHeadline = (outcome: Outcome): string => (HEADLINES[outcome.kind] as (outcome: Outcome) => string)(outcome);

const finishedHeadline = ({ ends }: Finished): string => {
  const [only] = ends;
  if (only !== undefined && ends.length === 1) return outcomeHeadline(only.outcome);
  const zero = ends.filter(({ outcome }) => outcome.kind === 'exited' && outcome.code === 0).length;
  return `${zero === ends.length ? '✅' : '☑️'} Finished in ${countOf(ends.length, 'pod')}: ${zero} with exit code 0`;
};

const choosing = (request: Choosing): Card => {
  const { target } = request.ask.command;
  const match = target.kind === 'name' ? say`start with ${code(target.name)}` : ['match'];
  return {
    headline: '🔎 Several pods match',
    said: [wanted(request, null), say`${countOf(request.candidates.length, 'pod')} ${match}: pick one, ${person(request.ask.requester)}.`],
    after: [say`expires at ${at(request.expiresAt)}`],
    buttons: podMenu(request),
  };
};

const soFar = ({ runningSince, at: now, lines: count, bytes: size }: Progress): Sentence =>
  say`running for ${duration(Math.max(1_000, Math.floor((now - runningSince) / 1_000) * 1_000))} · ${countOf(count, 'line')}, ${bytes(size)} so far`;

/** When it is seen running its own limit counts from there; before, only the latest start does. */
const endsAt = (request: Running, progress: Progress | undefined): Instant =>
  (progress && request.plan.bounded ? after(progress.runningSince, request.plan.timeoutMs) : endsBy(request));

const running = (request: Running, { canStop = false, progress }: CardMore): Card => {
  const { id, stopRequestedBy } = request;
  const end = at(endsAt(request, progress));
  return {
    headline: stopRequestedBy === null ? '▶️ Running' : '▶️ Running, being stopped',
    said: [
      ran(request, 'runs'), authorizedBy(request), ...(progress ? [soFar(progress)] : []),
      ...(stopRequestedBy === null ? [] : [say`${person(stopRequestedBy)} asked to stop it`]),
      canStop ? say`ends by itself at ${end} at the latest` : say`cannot be stopped from here: this cluster does not permit it. Ends by itself at ${end} at the latest`,
    ],
    buttons: runningButtons(id, canStop && stopRequestedBy === null),
  };
};

const EXPIRED = {
  choice: 'nobody picked a pod in time',
  plan: 'no worker of the cluster checked it in time',
  approval: 'nobody approved it in time',
  start: 'it could not start in time',
} as const;

/** `why` a request ended without a run: always with what the requester can do. */
const ended = (request: Request & { readonly planned: WithPlan | null }, headline: string, why: Sentence): Card =>
  ({ headline, said: [wanted(request, request.planned), why] });

/** The API server took the container in a dry run; what is left are the rules. */
const wouldBe = ({ gate }: Checked): Sentence => (gate.gate === 'open'
  ? say`It would run at once, by the rule ${strong(gate.rule)}. The cluster admits it.`
  : say`It would wait for ${countOf(gate.hold.needed, 'approval')}, by the rule ${strong(gate.rule)}. The cluster admits it.`);

type RequestOf<State extends Request['state']> = Extract<Request, { state: State }>;

const CARDS: { readonly [State in Request['state']]: (request: RequestOf<State>, more: CardMore) => Card } = {
  requested: (request) => ({ headline: request.revision > 1 ? '🔎 Checking again: the rules changed' : '🔎 Checking', said: [wanted(request, null)] }),
  choosing,
  planned: (request) => ({ headline: '🔎 Checking the rules', said: [ran(request, 'asks to run')] }),
  awaiting_approval: awaiting,
  queued: (request) => ({ headline: '▶️ About to run', said: [asked(request), authorizedBy(request), say`runs no later than ${at(request.notAfter)}`], plan: request, buttons: runningButtons(request.id, true) }),
  running,
  finished: (request) => ({ headline: finishedHeadline(request), said: [ran(request, 'ran'), authorizedBy(request)] }),
  checked: (request) => ({ headline: '🧪 Checked: nothing was run', said: [ran(request, 'asks whether kdebug could run'), wouldBe(request)], plan: request }),
  refused: (request) => ended(request, '⛔ Refused', refusalSentence(request.refusal, { namespace: request.ask.command.namespace, cluster: request.ask.cluster })),
  denied: (request) => ({ headline: '🚫 Denied', said: [ran(request, 'asked to run'), say`denied by ${person(request.by)}${request.reason === null ? '' : say`: ${code(request.reason)}`}`] }),
  withdrawn: (request) => ({ headline: '↩️ Withdrawn', said: [ran(request, 'asked to run'), say`${person(request.ask.requester)} took it back`] }),
  cancelled: (request) => ended(request, '🚫 Cancelled before it started', say`cancelled by ${person(request.by)}`),
  expired: (request) => ({ ...ended(request, '⌛ Expired', say`It did not run: ${EXPIRED[request.waitingFor]}. Ask again if it is still needed.`), buttons: askAgainButton(request.id) }),
};

const cardOf = (request: Request, more: CardMore = {}): Card => (CARDS[request.state] as (request: Request, more: CardMore) => Card)(request, more);

const built = ({ headline, said, plan, after = [], buttons }: Card, id: string, isRepeat: boolean, argumentsMax?: number): Message => {
  const [first = [], ...rest] = said;
  const last = [...after, say`${code(id)}${isRepeat ? ' (repeat)' : ''}`];
  const body = plan === undefined ? [lines([first, ...rest, ...last])] : [lines([first, ...rest]), ...planElements(plan, argumentsMax), lines(last)];
  return {
    // what a notification and a screen reader say: they read none of the blocks
    text: spoken([[strong(headline), '.'], ...said, ...(plan === undefined ? [] : [say`command: ${code(shortCommand(plan.plan.argv))}`])]),
    blocks: [headlineBlock(headline), richText(...body), ...(buttons === undefined ? [] : [buttons])],
  };
};

/** The whole card, however long: what an approver must be able to read. */
const wholeCard = (request: Request, isRepeat: boolean, more?: CardMore): Message => built(cardOf(request, more), request.id, isRepeat);

/**
 * The card of a request. One that nobody decides on leaves arguments out (and says so) rather than pass Slack's limit;
 * one that waits for approval never does: it was refused before, by `cardLength`.
 */
export const card = (request: Request, isRepeat = false, more: CardMore = {}): Message => {
  const whole = wholeCard(request, isRepeat, more);
  if (request.state === 'awaiting_approval' || countedCharacters(whole.blocks) <= MESSAGE_CHARS_MAX) return whole;
  const short = built(cardOf(request, more), request.id, isRepeat, ARGUMENTS_CHARS_MAX);
  if (countedCharacters(short.blocks) <= MESSAGE_CHARS_MAX) return short;
  const { plan: _plan, ...rest } = cardOf(request, more);
  return built({ ...rest, after: [['The plan is too long for a card: see Details.']] }, request.id, isRepeat);
};

/** A plan that nobody ruled on yet is measured as the card that would ask for approval. */
const asIfHeld = (request: Planned): AwaitingApproval => ({
  ...request, state: 'awaiting_approval', rule: '', hold: { needed: 1, approvers: [], expiresMs: 0, mention: false, stepUp: false }, approvals: [], expiresAt: request.askedAt,
});

/** Characters as Slack counts them. */
export const cardLength = (request: Request): number =>
  countedCharacters(wholeCard(request.state === 'planned' ? asIfHeld(request) : request, true).blocks);
