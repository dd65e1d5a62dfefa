/** What kdebug says in Slack: requests and ledger entries rendered, then handed to the one writer. */
import type { Chat, Sent } from '../../app/chat-port.ts';
import type { Log } from '../../app/ports.ts';
import type { ClusterName, ImageName } from '../../domain/names.ts';
import { createAfterChat } from './chat-after.ts';
import { createResultSender } from './chat-result.ts';
import type { Files } from './files.ts';
import type { Outbound } from './outbound.ts';
import { authorityMessage } from './render/authority.ts';
import { card, cardLength } from './render/card.ts';
import { withInstead } from './render/instead.ts';
import { mirror } from './render/mirror.ts';
import { result } from './render/result.ts';
import { worded } from './render/rich.ts';
import { refusalSentence } from './wording/refusals.ts';

export interface ChatOptions {
  /** Clusters in which kdebug may stop what runs. */
  readonly stoppable: readonly ClusterName[];
  /** What is offered when a command is not in the image. */
  readonly fallbackImage?: ImageName | undefined;
}

export const createChat = (outbound: Outbound, files: Files, log: Log, { stoppable, fallbackImage }: ChatOptions = { stoppable: [] }): Chat => {
  const sendResult = createResultSender(outbound, files, log);
  return {
    ...createAfterChat(outbound, files, log),

    card: (request, { channel, thread, ts }, isRepeat, progress) => {
      const shown = card(request, isRepeat, { canStop: stoppable.includes(request.ask.cluster), progress });
      const message = request.state === 'refused' ? withInstead(shown, request, fallbackImage) : shown;
      if (ts !== undefined) return outbound.update(message, { channel, ts });
      return outbound.post(message, { channel, ...(thread !== undefined && { thread }), holder: request.id });
    },

    cardLength,

    authority: (message, { channel, thread, ts }, isRepeat) => {
      const rendered = authorityMessage(message, isRepeat);
      return ts === undefined ? outbound.post(rendered, { channel, ...(thread !== undefined && { thread }) }) : outbound.update(rendered, { channel, ts });
    },

    result: async (request, index, output, where, isRepeat): Promise<Sent> => {
      const message = request.state === 'finished' ? result(request, index, output, isRepeat) : undefined;
      if (message === undefined) return { kind: 'never', why: `${request.id} has no result number ${index + 1}` };
      return sendResult(request, withInstead(message, request, fallbackImage), where);
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

