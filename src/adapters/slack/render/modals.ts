import type { ModalView } from '@slack/types';
import type { Click, DetailsAnswer } from '../../../app/slack-port.ts';
import { parseChannelId, parseMessageTs, parseRequestId, type ChannelId, type MessageTs, type RequestId } from '../../../domain/names.ts';
import { REASON_CHARS_MAX } from '../../../domain/limits.ts';
import type { Request } from '../../../domain/request-states.ts';
import { exceptionSentence } from '../wording/authority.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { at, code, listed, person, say, strong, type Sentence } from '../wording/sentence.ts';
import { stateInWords } from '../wording/states.ts';
import { paragraph } from './answers.ts';
import { plain } from './buttons.ts';
import { countedCharacters } from './count.ts';
import { cutByWeight } from './escape.ts';
import { asked, planElements } from './plan.ts';
import { richText, type Message } from './rich.ts';

export const DENY_VIEW = 'kdebug.deny';
export const REASON_BLOCK = 'kdebug.deny.reason';
export const REASON_INPUT = 'kdebug.reason';

const VIEW_CHARS_MAX = 20_000;
const ARGUMENTS_CHARS_MAX = 10_000;
const TYPED_CHARS_MAX = 4_000;

/** Which card a view was opened from. Slack keeps it for us; it is checked like anything else that comes back. */
export interface CardRef {
  readonly request: RequestId;
  readonly channel: ChannelId;
  readonly ts: MessageTs;
}

const SEPARATOR = ' ';

export const writeCardRef = ({ request, channel, ts }: CardRef): string => [request, channel, ts].join(SEPARATOR);

export const readCardRef = (text: string): CardRef | undefined => {
  const [id, where, when, ...rest] = text.split(SEPARATOR);
  const [request, channel, ts] = [parseRequestId(id), parseChannelId(where), parseMessageTs(when)];
  return request === undefined || channel === undefined || ts === undefined || rest.length > 0 ? undefined : { request, channel, ts };
};

/** Opened at once, before anything is looked up: the trigger lives three seconds. Who may deny is decided when it comes back. */
export const denyView = (click: Click): ModalView => ({
  type: 'modal',
  callback_id: DENY_VIEW,
  private_metadata: writeCardRef(click),
  title: plain('Deny the request'),
  submit: plain('Deny'),
  close: plain('Go back'),
  blocks: [
    paragraph(say`${code(click.request)} will not run. The person who asked reads your reason.`),
    {
      type: 'input', block_id: REASON_BLOCK, optional: true, label: plain('Why?'),
      element: { type: 'plain_text_input', action_id: REASON_INPUT, multiline: true, max_length: REASON_CHARS_MAX, focus_on_load: true },
    },
  ],
});

const notice = (title: string, ...sentences: readonly Sentence[]): ModalView =>
  ({ type: 'modal', title: plain(title), close: plain('Close'), blocks: [paragraph(...sentences)] });

/** An answer that would be a message, in the place of a form. */
export const messageView = ({ blocks }: Message): ModalView => ({ type: 'modal', title: plain('kdebug'), close: plain('Close'), blocks: [...blocks] });

export const noticeView = (...sentences: readonly Sentence[]): ModalView => notice('kdebug', ...sentences);
export const waitingView = (): ModalView => notice('Details', ['Reading…']);

const approvals = (request: Request): readonly Sentence[] => {
  if (request.state === 'awaiting_approval') return [say`approved so far by: ${request.approvals.length === 0 ? 'nobody' : listed(request.approvals.map((one) => person(one.by)))}`];
  if (!('authorization' in request)) return [];
  const { authorization } = request;
  if (authorization.by === 'pre_approval' || authorization.by === 'break_glass') return [exceptionSentence(authorization)];
  return [authorization.by === 'rule' ? say`allowed by the rule ${strong(authorization.rule)}` : say`approved by: ${listed(authorization.approvals.map((one) => person(one.by)))}`];
};

const detailed = (request: Request): ModalView => {
  const about = [
    say`${code(request.id)} is ${stateInWords(request.state)}`,
    asked(request), say`asked at ${at(request.askedAt)}`, ...approvals(request),
    say`typed: ${code(cutByWeight(request.ask.text, TYPED_CHARS_MAX))}`,
  ];
  if (!('plan' in request)) return notice('Details', ...about);
  const exact = [
    ...request.plan.targets.map((target) => say`pod uid ${code(target.uid)}`),
    say`whole digest ${code(request.digest)}`, say`policy version ${code(request.plan.policyVersion)}`,
  ];
  const view = (argumentsMax?: number): ModalView =>
    ({ ...notice('Details'), blocks: [paragraph(...about), richText(...planElements(request, argumentsMax)), paragraph(...exact)] });
  return countedCharacters(view().blocks) <= VIEW_CHARS_MAX ? view() : view(ARGUMENTS_CHARS_MAX);
};

export const detailsView = (given: DetailsAnswer): ModalView => {
  if (given.kind === 'shown') return detailed(given.request);
  if (given.kind === 'refused') return notice('Details', refusalSentence(given.refusal));
  return notice('Details', ['The request could not be read right now. Try again in a minute.']);
};
