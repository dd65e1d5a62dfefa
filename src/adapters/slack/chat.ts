/** What kdebug says in Slack: requests and ledger entries rendered, then handed to the one writer. */
import type { Chat, ResultWhere, Sent } from '../../app/chat-port.ts';
import type { Log } from '../../app/ports.ts';
import type { ClusterName, ImageName } from '../../domain/names.ts';
import type { Request } from '../../domain/request-states.ts';
import { createAfterChat, sendTo } from './chat-after.ts';
import type { Files } from './files.ts';
import type { Outbound, Thread } from './outbound.ts';
import { authorityMessage } from './render/authority.ts';
import { card, cardLength } from './render/card.ts';
import { withInstead } from './render/instead.ts';
import { mirror } from './render/mirror.ts';
import { result, type ResultMessage } from './render/result.ts';
import { worded } from './render/rich.ts';
import { refusalSentence } from './wording/refusals.ts';

const NOTICE_WAIT_MS_MAX = 5_000;
const NOT_ATTACHED = worded(['The whole output could not be attached as a file. What stands above is the beginning and the end of it.']);

export interface ChatOptions {
  /** Clusters in which kdebug may stop what runs. */
  readonly stoppable: readonly ClusterName[];
  /** What is offered when a command is not in the image. */
  readonly fallbackImage?: ImageName | undefined;
}

export const createChat = (outbound: Outbound, files: Files, log: Log, { stoppable, fallbackImage }: ChatOptions = { stoppable: [] }): Chat => {
  /** A workspace without table blocks refuses every one: asked once. */
  const can = { table: true };

  const sendResult = async (message: ResultMessage, where: ResultWhere): Promise<Sent> => {
    const plain = message.plain ?? message;
    if (!can.table || message.plain === undefined) return sendTo(outbound, plain, where);
    const sent = await sendTo(outbound, message, where);
    if (sent.kind !== 'never' || sent.code !== 'invalid_blocks') return sent;
    can.table = false;
    log.warn({}, 'Slack does not take tables here: they are shown as text');
    return sendTo(outbound, plain, where);
  };

  /** Where the message went is where its file goes: to a direct message in its own thread. */
  const threadOf = (where: ResultWhere, sent: Extract<Sent, { kind: 'sent' }>): Thread | undefined => {
    if (!('person' in where)) return where;
    return sent.channel === undefined ? undefined : { channel: sent.channel, thread: sent.ts };
  };

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
    ...createAfterChat(outbound, files, log),

    card: (request, { channel, thread, ts }, isRepeat, progress) => {
      const shown = card(request, isRepeat, { canStop: stoppable.includes(request.ask.cluster), progress });
      const message = request.state === 'refused' ? withInstead(shown, request, fallbackImage) : shown;
      if (ts !== undefined) return outbound.update(message, { channel, ts });
      return outbound.post(message, { channel, ...(thread !== undefined && { thread }) });
    },

    cardLength,

    authority: (message, { channel, ts }, isRepeat) => {
      const rendered = authorityMessage(message, isRepeat);
      return ts === undefined ? outbound.post(rendered, { channel }) : outbound.update(rendered, { channel, ts });
    },

    result: async (request, index, output, where, isRepeat): Promise<Sent> => {
      const message = request.state === 'finished' ? result(request, index, output, isRepeat) : undefined;
      if (message === undefined) return { kind: 'never', why: `${request.id} has no result number ${index + 1}` };
      const sent = await sendResult(withInstead(message, request, fallbackImage), where);
      const thread = sent.kind === 'sent' ? threadOf(where, sent) : undefined;
      if (thread !== undefined && message.file !== undefined) await attach(request, message.file, thread);
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

