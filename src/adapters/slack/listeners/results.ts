/** Run again, ask again, and a part of a stored output: what people press below a result. */
import type { Answer, FilterAsk, PostAnswer } from '../../../app/slack-port.ts';
import { ACK_WITHIN_MS } from '../../../domain/limits.ts';
import type { ModalView } from '@slack/types';
import { inTime } from '../deadline.ts';
import type { Identity } from '../identity.ts';
import { errorLine } from '../logger.ts';
import { answer, NOT_KNOWN, NOT_UNDERSTOOD } from '../render/answers.ts';
import { FILTER_FIELDS, FILTER_VIEW, FILTERED_VIEW, filteredView, filterView, specOf, type FilterField, type Typed } from '../render/filter.ts';
import { noticeView, readCardRef, waitingView, type CardRef } from '../render/modals.ts';
import { worded, type Message } from '../render/rich.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { say, type Sentence } from '../wording/sentence.ts';
import { refused, shaped, whyForeign, type ClickRead, type Read } from './door.ts';
import { report, type Ack, type Listener, type Listening } from './listener.ts';
import { SUBMISSION } from './shapes.ts';

/** Answered like a command; undefined: the same press was answered before. */
export const rerunAnswer = async (listening: Listening, { click }: ClickRead): Promise<Message | undefined> => {
  try {
    return answer(await listening.handlers.rerun(click) satisfies Answer);
  } catch (error) {
    listening.log.error({ error: errorLine(error) }, 'a run was asked for again, and whether it was saved is not known');
    return worded(NOT_KNOWN);
  }
};

const UNREADABLE: Sentence = ['The output could not be read right now. Try again in a minute.'];

/** The trigger lives three seconds: the window opens first, and is filled once it is known who may see. Rejects when Slack does not open it. */
export const openFilter = async (listening: Listening, { click }: ClickRead): Promise<void> => {
  const [id, given] = await Promise.all([listening.outbound.openView(click.trigger, waitingView()), listening.handlers.filterable(click)]);
  const view = (): ModalView => {
    if (given.kind === 'filterable') return filterView(click, given.request, given.index);
    return noticeView(given.kind === 'refused' ? refusalSentence(given.refusal) : UNREADABLE);
  };
  await listening.outbound.updateView(id, view());
};

interface FilterRead {
  readonly ref: CardRef;
  readonly typed: Typed;
  readonly ask: Omit<FilterAsk, 'spec'>;
}

const TYPED_CHARS_MAX = 1_000;
const FIELDS = Object.keys(FILTER_FIELDS) as readonly FilterField[];

const typedIn = (values: Readonly<Record<string, Readonly<Record<string, { value?: string | null | undefined; selected_option?: { value: string } | null | undefined }>>>>): Typed =>
  Object.fromEntries(FIELDS.map((field) => {
    const filled = values[FILTER_FIELDS[field]]?.[FILTER_FIELDS[field]];
    return [field, (filled?.selected_option?.value ?? filled?.value ?? (field === 'how' ? 'contain' : '')).slice(0, TYPED_CHARS_MAX)];
  })) as Typed;

/** What the view on top of the form remembers; checked like anything else that comes back. */
const typedBefore = (text: string): Typed | undefined => {
  try {
    const read: unknown = JSON.parse(text);
    const isTyped = typeof read === 'object' && read !== null && FIELDS.every((field) => typeof (read as Record<string, unknown>)[field] === 'string');
    return isTyped ? read as Typed : undefined;
  } catch {
    return undefined;
  }
};

export const readFilter = (body: unknown, identity: Identity): Read<FilterRead> => {
  const read = shaped(SUBMISSION, body);
  if (!read.ok) return read;
  const { view, user, team, api_app_id: appId, enterprise, is_enterprise_install: isEnterpriseInstall } = read.value;
  const [where = '', ...rest] = view.private_metadata.split('\n');
  const ref = readCardRef(where);
  const typed = view.callback_id === FILTER_VIEW ? typedIn(view.state.values) : typedBefore(rest.join('\n'));
  if (ref === undefined || typed === undefined) return refused('malformed', 'the form does not say which output it is for');
  const foreign = whyForeign({ team: team.id, userTeam: user.team_id, enterprise: enterprise?.id, isEnterpriseInstall, appId }, identity);
  if (foreign !== undefined) return refused('foreign', foreign);
  return { ok: true, value: { ref, typed, ask: { ...ref, user: user.id, team: team.id, appId, trigger: view.id } } };
};

export const isFilterView = (callback: unknown): boolean => callback === FILTER_VIEW || callback === FILTERED_VIEW;

const shows = (view: ModalView) => ({ response_action: 'update' as const, view });
const mistake = (field: FilterField, what: string) => ({ response_action: 'errors' as const, errors: { [FILTER_FIELDS[field]]: what } });

export const onFilter: Listener = async (listening, identity, body, ack) => {
  const read = readFilter(body, identity);
  if (!read.ok) {
    await ack(shows(noticeView(NOT_UNDERSTOOD)));
    return report(listening, 'view', read, body);
  }
  const callback = (body as { view: { callback_id: string } }).view.callback_id;
  return callback === FILTER_VIEW ? show(listening, read.value, ack) : post(listening, read.value, ack);
};

const show = async (listening: Listening, { ref, typed, ask }: FilterRead, ack: Ack): Promise<void> => {
  const spec = specOf(typed);
  if (!spec.ok) return void await ack(mistake(spec.field, spec.mistake));
  const outcome = await inTime(() => listening.handlers.filter({ ...ask, spec: spec.spec }), ACK_WITHIN_MS);
  if (outcome.kind === 'failed') listening.log.error({ error: errorLine(outcome.error), request: ask.request }, 'an output could not be filtered');
  if (outcome.kind !== 'value') return void await ack(mistake('wanted', 'That took too long. Try a plain text, or fewer alternatives.'));
  const given = outcome.value;
  if (given.kind === 'filtered') return void await ack({ response_action: 'push', view: filteredView(ref, typed, given.request, given.filtered) });
  if (given.kind === 'mistake') return void await ack(mistake('wanted', `That is no pattern: ${given.why}.`));
  await ack(shows(noticeView(given.kind === 'refused' ? refusalSentence(given.refusal) : UNREADABLE)));
};

/** Both windows close at once; should it fail, the person alone reads why. */
const post = async (listening: Listening, { typed, ask }: FilterRead, ack: Ack): Promise<void> => {
  await ack({ response_action: 'clear' });
  const spec = specOf(typed);
  const given = spec.ok ? await listening.handlers.postFiltered({ ...ask, spec: spec.spec }) : { kind: 'not_posted', why: 'the form is not whole any more' } as const;
  if (given.kind === 'done') return;
  const isTold = await listening.outbound.whisper(worded(notPosted(given)), ask);
  if (!isTold) listening.log.warn({ request: ask.request, user: ask.user }, 'nobody could be told that a filtered output was not posted');
};

const notPosted = (given: Exclude<PostAnswer, { kind: 'done' }>): Sentence => {
  if (given.kind === 'refused') return refusalSentence(given.refusal);
  return given.kind === 'unavailable' ? UNREADABLE : say`The filtered output was not posted: ${given.why}.`;
};
