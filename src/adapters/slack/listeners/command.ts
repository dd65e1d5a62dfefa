/** `/kdebug …`: read, handed over, acknowledged once within ACK_WITHIN_MS with what the person reads. */
import type { Answer } from '../../../app/slack-port.ts';
import { ACK_WITHIN_MS } from '../../../domain/limits.ts';
import { inTime } from '../deadline.ts';
import { errorLine } from '../logger.ts';
import { answer, NOT_KNOWN } from '../render/answers.ts';
import { worded } from '../render/rich.ts';
import { ephemeral } from '../respond.ts';
import { readCommand, type CommandRead } from './door.ts';
import { openForm } from './form.ts';
import { report, saidOf, type Ack, type Listener, type Listening } from './listener.ts';

export const onCommand: Listener = async (listening, identity, body, ack) => {
  const read = readCommand(body, identity);
  if (read.ok) return isEmpty(read.value) ? open(listening, read.value, ack) : answerCommand(listening, read.value, ack);
  await ack(ephemeral(saidOf(read)));
  report(listening, 'command', read, body);
};

const isEmpty = ({ input: { text } }: CommandRead): boolean => /^[\s\u00a0]*$/.test(text);

const CANNOT_OPEN = worded(['Slack did not open the form. Try again, or type the command after /kdebug; /kdebug help says how.']);

/** Nothing typed opens the form; whoever may not use it reads so in it. */
const open = async (listening: Listening, { input: { user, team, channel, trigger }, responseUrl }: CommandRead, ack: Ack): Promise<void> => {
  await ack();
  try {
    await openForm(listening, { user, team, channel }, trigger, { channel, mentions: [] });
  } catch (error) {
    listening.log.warn({ error: errorLine(error), user }, 'the form could not be opened');
    await listening.respond(responseUrl, CANNOT_OPEN);
  }
};

const answerCommand = async (listening: Listening, { input, responseUrl }: CommandRead, ack: Ack): Promise<void> => {
  const work = listening.handlers.command(input);
  const outcome = await inTime(() => work, ACK_WITHIN_MS);
  if (outcome.kind === 'value') return acknowledge(listening, outcome.value, responseUrl, ack);
  if (outcome.kind === 'failed') listening.log.error({ error: errorLine(outcome.error), user: input.user }, 'a command failed, and whether it was saved is not known');
  await ack(ephemeral(worded(NOT_KNOWN)));
  if (outcome.kind === 'late') await sayLater(listening, work, responseUrl);
};

const acknowledge = async (listening: Listening, given: Answer, responseUrl: string | undefined, ack: Ack): Promise<void> => {
  const message = answer(given);
  const isAcknowledged = await ack(message === undefined ? undefined : ephemeral(message));
  // the socket may have gone between the two; the address of the answer lives on
  if (!isAcknowledged && message !== undefined) await listening.respond(responseUrl, message);
};

/** The truth, once it is known: the person was told that it is not. */
const sayLater = async (listening: Listening, work: Promise<Answer>, responseUrl: string | undefined): Promise<void> => {
  try {
    const message = answer(await work);
    if (message !== undefined) await listening.respond(responseUrl, message);
  } catch (error) {
    listening.log.error({ error: errorLine(error) }, 'a command failed after its deadline');
  }
};
