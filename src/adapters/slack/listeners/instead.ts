import type { Instead } from '../../../app/entry-port.ts';
import { errorLine } from '../logger.ts';
import { answer, NOT_KNOWN } from '../render/answers.ts';
import { worded, type Message } from '../render/rich.ts';
import type { ClickRead } from './door.ts';
import type { Listening } from './listener.ts';

/** Answered like a command; undefined: the same press was answered before. */
export const insteadAnswer = async (listening: Listening, { click }: ClickRead, change: Instead['change']): Promise<Message | undefined> => {
  try {
    return answer(await listening.handlers.instead({ ...click, change }));
  } catch (error) {
    listening.log.error({ error: errorLine(error) }, 'a command was asked another way, and whether it was saved is not known');
    return worded(NOT_KNOWN);
  }
};
