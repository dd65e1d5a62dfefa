/** What kdebug says in Slack: requests and ledger entries rendered, then handed to the one writer. */
import type { Chat, Sent } from '../../app/chat-port.ts';
import type { Log } from '../../app/ports.ts';
import type { Request } from '../../domain/request-states.ts';
import type { Files } from './files.ts';
import type { Outbound, Thread } from './outbound.ts';
import { card, cardLength } from './render/card.ts';
import { mirror } from './render/mirror.ts';
import { result } from './render/result.ts';
import { worded } from './render/rich.ts';
import { refusalSentence } from './wording/refusals.ts';

const NOTICE_WAIT_MS_MAX = 5_000;
const NOT_ATTACHED = worded(['The whole output could not be attached as a file. What stands above is the beginning and the end of it.']);

export const createChat = (outbound: Outbound, files: Files, log: Log): Chat => {
  /** A second after the verdict at the earliest, for that is how often Slack takes a message. */
  const sayNotAttached = async (request: Request, to: Thread): Promise<void> => {
    const sent = await outbound.post(NOT_ATTACHED, to);
    if (sent.kind !== 'later') return;
    await new Promise((resolve) => { setTimeout(resolve, Math.min(sent.afterMs, NOTICE_WAIT_MS_MAX)); });
    const again = await outbound.post(NOT_ATTACHED, to);
    if (again.kind !== 'sent') log.warn({ request: request.id, again }, 'nobody could be told that an output was not attached');
  };

  /** The verdict stands already, so a file that fails is said, not tried again as a whole. */
  const attach = async (request: Request, text: string, to: Thread): Promise<void> => {
    const file = await files.upload(text);
    const isAttached = file !== undefined && await files.attach(file, `Output of ${request.id}`, to);
    if (!isAttached) await sayNotAttached(request, to);
  };

  return {
    card: (request, { channel, thread, ts }, isRepeat) => {
      const message = card(request, isRepeat);
      if (ts !== undefined) return outbound.update(message, { channel, ts });
      return outbound.post(message, { channel, ...(thread !== undefined && { thread }) });
    },

    cardLength,

    result: async (request, index, output, where, isRepeat): Promise<Sent> => {
      const message = request.state === 'finished' ? result(request, index, output, isRepeat) : undefined;
      if (message === undefined) return { kind: 'never', why: `${request.id} has no result number ${index + 1}` };
      const sent = await outbound.post(message, where);
      if (sent.kind === 'sent' && message.file !== undefined) await attach(request, message.file, where);
      return sent;
    },

    whisper: async (user, channel, refusal) => {
      const isSent = await outbound.whisper(worded(refusalSentence(refusal)), { user, channel });
      if (!isSent) log.info({ user, channel, refusal: refusal.code }, 'a refusal could not be told in the channel');
    },

    lines: (entries, { channel, thread }) => entries.length === 0
      ? Promise.resolve({ kind: 'never', why: 'there is nothing to say' })
      : outbound.post(mirror(entries), { channel, ...(thread !== undefined && { thread }) }, 'audit'),
  };
};

