/** The form that asks why a request is denied. Its answer stands in the form itself. */
import type { ModalView } from '@slack/types';
import type { Denial } from '../../../app/slack-port.ts';
import { ACK_WITHIN_MS } from '../../../domain/limits.ts';
import { inTime } from '../deadline.ts';
import { errorLine } from '../logger.ts';
import { CLICK_NOT_KNOWN, NOT_UNDERSTOOD } from '../render/answers.ts';
import { noticeView } from '../render/modals.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { readDenial } from './door.ts';
import { isFilterView, onFilter } from './results.ts';
import { report, type Ack, type Listener, type Listening } from './listener.ts';

const shows = (view: ModalView) => ({ response_action: 'update' as const, view });

const callbackOf = (body: unknown): unknown => (body as { view?: { callback_id?: unknown } | null }).view?.callback_id;

export const onSubmission: Listener = async (listening, identity, body, ack) => {
  if (isFilterView(callbackOf(body))) return onFilter(listening, identity, body, ack);
  const read = readDenial(body, identity);
  if (read.ok) return deny(listening, read.value, ack);
  await ack(shows(noticeView(NOT_UNDERSTOOD)));
  report(listening, 'view', read, body);
};

const deny = async (listening: Listening, denial: Denial, ack: Ack): Promise<void> => {
  const outcome = await inTime(() => listening.handlers.deny(denial), ACK_WITHIN_MS);
  if (outcome.kind === 'failed') listening.log.error({ error: errorLine(outcome.error), request: denial.request }, 'a denial failed, and whether it was counted is not known');
  if (outcome.kind !== 'value') await ack(shows(noticeView(CLICK_NOT_KNOWN)));
  else if (outcome.value.kind === 'done') await ack();
  else if (outcome.value.kind === 'refused') await ack(shows(noticeView(refusalSentence(outcome.value.refusal))));
  else await ack(shows(noticeView(['I could not save that, so nothing has changed. Press Deny again in a minute.'])));
};
