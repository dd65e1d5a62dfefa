/** The form from its opening to its submission. It is one more way to type a command: what it says goes to the same parser. */
import { ACK_WITHIN_MS } from '../../../domain/limits.ts';
import type { Entrant, FormAnswer } from '../../../app/entry-port.ts';
import type { Answer } from '../../../app/slack-port.ts';
import { inTime } from '../deadline.ts';
import { errorLine } from '../logger.ts';
import { answer, NOT_KNOWN, NOT_UNDERSTOOD } from '../render/answers.ts';
import { formView, waitingForm } from '../render/form.ts';
import type { FormState } from '../render/form-state.ts';
import { formMistakes } from '../render/form-mistakes.ts';
import { messageView, noticeView } from '../render/modals.ts';
import { suggestionOptions } from '../render/suggestions.ts';
import { readFormAction, readFormSubmission, readSuggestion, type Submitted } from './entry-door.ts';
import { report, saidOf, type Ack, type Listener, type Listening } from './listener.ts';

/** The trigger lives three seconds: the form opens first and is filled when it is known what it may offer. Rejects when Slack does not open it. */
export const openForm = async (listening: Listening, entrant: Entrant, trigger: string, state: FormState): Promise<void> => {
  const [id, given] = await Promise.all([listening.outbound.openView(trigger, waitingForm()), offered(listening, entrant, state)]);
  await listening.outbound.updateView(id, formView(state, given));
};

const offered = async (listening: Listening, entrant: Entrant, { cluster, namespace }: FormState): Promise<FormAnswer> => {
  try {
    return await listening.handlers.form({ ...entrant, ...(cluster !== undefined && { cluster }), ...(namespace !== undefined && { namespace }) });
  } catch (error) {
    listening.log.error({ error: errorLine(error), user: entrant.user }, 'what a form may offer could not be read');
    return { kind: 'unavailable' };
  }
};

/** A cluster, a namespace or what to run was chosen: the other fields follow. */
export const onFormAction: Listener = async (listening, identity, body, ack) => {
  await ack();
  const read = readFormAction(body, identity);
  if (!read.ok) return report(listening, 'view', read, body);
  const { entrant, state, viewId, hash } = read.value;
  const view = formView(state, await offered(listening, entrant, state));
  try {
    await listening.outbound.updateView(viewId, view, hash);
  } catch (error) {
    // a newer choice was quicker, or the form is closed
    listening.log.info({ error: errorLine(error) }, 'a form could not be brought up to date');
  }
};

const NO_OPTIONS = { options: [] };

export const onSuggestion: Listener = async (listening, identity, body, ack) => {
  const read = readSuggestion(body, identity);
  if (!read.ok) {
    await ack(NO_OPTIONS);
    return report(listening, 'view', read, body);
  }
  const { entrant, of, typed, state: { cluster, namespace, mentions } } = read.value;
  if (cluster === undefined || (of === 'pod' && namespace === undefined)) return void await ack(NO_OPTIONS);
  const mentioned = mentions.filter((one) => one.namespace === null || one.namespace === namespace).map(({ pod }) => pod);
  const asked = of === 'pod' && namespace !== undefined ? { ...entrant, of, cluster, namespace, typed, mentioned } : { ...entrant, of: 'namespace' as const, cluster, typed };
  const outcome = await inTime(() => listening.handlers.suggest(asked), ACK_WITHIN_MS);
  if (outcome.kind === 'failed') listening.log.warn({ error: errorLine(outcome.error) }, 'type-ahead could not be answered');
  await ack(outcome.kind === 'value' ? { options: suggestionOptions(outcome.value) } : NO_OPTIONS);
};

export const onFormSubmission: Listener = async (listening, identity, body, ack) => {
  const read = readFormSubmission(body, identity);
  if (read.ok) return submit(listening, read.value, ack);
  await ack({ response_action: 'update', view: read.kind === 'foreign' ? messageView(saidOf(read)) : noticeView(NOT_UNDERSTOOD) });
  report(listening, 'view', read, body);
};

const submit = async (listening: Listening, submitted: Submitted, ack: Ack): Promise<void> => {
  const work = listening.handlers.command(submitted.input);
  const outcome = await inTime(() => work, ACK_WITHIN_MS);
  if (outcome.kind === 'value') return void await ack(shown(submitted, outcome.value));
  if (outcome.kind === 'failed') listening.log.error({ error: errorLine(outcome.error), user: submitted.input.user }, 'a form failed, and whether it was saved is not known');
  await ack({ response_action: 'update', view: noticeView(NOT_KNOWN) });
  if (outcome.kind === 'late') await sayLater(listening, submitted, work);
};

/** Mistakes stand under their fields and the form stays open; anything else takes its place. Nothing at all closes it. */
const shown = (submitted: Submitted, given: Answer): unknown => {
  const mistakes = formMistakes(submitted, given);
  if (mistakes !== undefined) return { response_action: 'errors', errors: mistakes };
  const message = answer(given);
  return message === undefined ? undefined : { response_action: 'update', view: messageView(message) };
};

const sayLater = async (listening: Listening, { input: { user, channel, thread } }: Submitted, work: Promise<Answer>): Promise<void> => {
  const message = await work.then(answer, () => undefined);
  if (message !== undefined) await listening.outbound.whisper(message, { user, channel, ...(thread !== undefined && { thread }) });
};
