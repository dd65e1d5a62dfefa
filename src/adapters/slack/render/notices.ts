/** What is said once beside card and result: a reminder, a decision, where a private result went. */
import type { Sentence } from '../wording/sentence.ts';
import type { AwaitingApproval, Finished, Request } from '../../../domain/request-states.ts';
import { countOf } from '../wording/quantities.ts';
import { at, code, joined, linkTo, listed, person, principal, say, strong } from '../wording/sentence.ts';
import { stateInWords } from '../wording/states.ts';
import { shortCommand } from './arguments.ts';
import { cut } from './escape.ts';
import { outcomeInShort } from './mirror.ts';
import { worded, type Message } from './rich.ts';

const REASON_CHARS_MAX = 500;
const repeat = (isRepeat: boolean): string => (isRepeat ? ' (repeat)' : '');

const what = (request: Request): Sentence => {
  if (!('plan' in request)) return code1(request);
  const [first] = request.plan.targets;
  const more = request.plan.targets.length - 1;
  const where: Sentence = first === undefined ? [] : say` in ${strong(first.namespace)} / ${code(first.pod)}${more > 0 ? ` and ${countOf(more, 'more pod')}` : ''}`;
  return say`${code(shortCommand(request.plan.argv))}${where} (${code(request.id)})`;
};
const code1 = ({ ask, id }: Request): Sentence => say`${code(shortCommand(ask.command.argv))} in ${strong(ask.command.namespace)} (${code(id)})`;

/** The only other place beside the card that names a group, and only where the rule says so. */
export const reminder = (request: AwaitingApproval, isRepeat: boolean): Message => {
  const { hold, approvals, expiresAt, ask } = request;
  return worded(
    say`⏰ Still waiting for approval: ${String(hold.needed - approvals.length)} of ${String(hold.needed)} needed${repeat(isRepeat)}`,
    say`${person(ask.requester)} asks to run ${what(request)}. It expires at ${at(expiresAt)}; the card above has the buttons.`,
    ...(hold.mention && hold.approvers.length > 0 ? [say`cc ${listed(hold.approvers.map(principal))}`] : []),
  );
};

/** To the requester alone: the card is where the buttons are. */
export const unseen = (request: Request, isRepeat: boolean): Message =>
  worded(say`Slack did not confirm the card of ${what(request)}, so no button of it works, and the request will expire. Look whether the channel is archived or kdebug was removed from it, then ask again.${repeat(isRepeat)}`);

const howDecided = (request: Request): Sentence => {
  if (request.state === 'denied') return say`${person(request.by)} denied ${what(request)}. ${request.reason === null ? 'No reason was given.' : say`Reason: ${code(cut(request.reason, REASON_CHARS_MAX))}`}`;
  if (request.state === 'expired') return say`Nobody approved ${'plan' in request ? what(request) : expiredWhat(request)} in time, so it did not run. Ask again if it is still needed.`;
  const by = 'authorization' in request && request.authorization.by === 'approvals' ? request.authorization.approvals : [];
  return say`${listed(by.map((one) => person(one.by)), 'and')} approved ${what(request)}. It is ${stateInWords(request.state)}.`;
};
const expiredWhat = (request: Extract<Request, { state: 'expired' }>): Sentence =>
  (request.planned === null ? code1(request) : say`${code(shortCommand(request.planned.plan.argv))} in ${strong(request.ask.command.namespace)} (${code(request.id)})`);

/** To the requester alone. */
export const decision = (request: Request, link: string | undefined, isRepeat: boolean): Message =>
  worded(say`${howDecided(request)}${repeat(isRepeat)}${linkTo(link, 'card')}`);

/** In the thread: that there is an answer, how it ended, and who has it. */
export const privately = (request: Finished, isTold: boolean, isRepeat: boolean): Message => {
  const ended = joined(request.ends.map(({ pod, outcome }): Sentence => (request.ends.length === 1 ? [outcomeInShort(outcome)] : say`${code(pod)} ${outcomeInShort(outcome)}`)), ', ');
  const whom = person(request.ask.requester);
  return worded(isTold
    ? say`Finished: ${ended}. The output went to ${whom} alone, as the plan said (--private).${repeat(isRepeat)}`
    : say`Finished: ${ended}. The output was to go to ${whom} alone (--private), and Slack did not take it. It is not shown here.${repeat(isRepeat)}`);
};
