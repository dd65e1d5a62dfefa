/** `@kdebug …` in a thread or a channel. Slack has its acknowledgement already: the answer is whispered where it was typed. */
import type { TypedCommand } from '../../../app/slack-port.ts';
import { errorLine } from '../logger.ts';
import { answer, NOT_KNOWN } from '../render/answers.ts';
import { worded, type Message } from '../render/rich.ts';
import { readMention } from './door.ts';
import { report, type Listener, type Listening } from './listener.ts';

export const onMention: Listener = async (listening, identity, body) => {
  const read = readMention(body, identity);
  if (read.ok) return answerMention(listening, read.value);
  if (read.kind !== 'ignored') report(listening, 'mention', read, body);
};

const handled = async (listening: Listening, input: TypedCommand): Promise<Message | undefined> => {
  try {
    return answer(await listening.handlers.command(input));
  } catch (error) {
    listening.log.error({ error: errorLine(error), user: input.user }, 'a mention failed, and whether it was saved is not known');
    return worded(NOT_KNOWN);
  }
};

const answerMention = async (listening: Listening, input: TypedCommand): Promise<void> => {
  const message = await handled(listening, input);
  if (message === undefined) return;
  const { user, channel, thread } = input;
  const isTold = await listening.outbound.whisper(message, { user, channel, ...(thread !== undefined && { thread }) });
  if (!isTold) listening.log.warn({ user, channel }, 'the answer to a mention could not be whispered');
};
