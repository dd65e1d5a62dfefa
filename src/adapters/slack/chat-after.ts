/** What is said beside card and result: the second half of chat.ts. */
import type { AfterChat } from '../../app/after-port.ts';
import type { ResultWhere, Sent } from '../../app/chat-port.ts';
import type { Log } from '../../app/ports.ts';
import { MARKDOWN_FILE, type Files } from './files.ts';
import type { Outbound } from './outbound.ts';
import { comparison } from './render/compare.ts';
import { filteredMessage } from './render/filter.ts';
import { decision, privately, reminder, unseen } from './render/notices.ts';
import type { Message } from './render/rich.ts';
import { timeline, timelineMarkdown } from './render/timeline.ts';

/** To the thread, or to one person. */
export const sendTo = (outbound: Outbound, message: Message, where: ResultWhere): Promise<Sent> =>
  ('person' in where ? outbound.direct(message, where.person) : outbound.post(message, where));

export const createAfterChat = (outbound: Outbound, files: Files, log: Log): AfterChat => ({
  comparison: (request, outputs, where, isRepeat) => sendTo(outbound, comparison(request, outputs, isRepeat), where),
  privately: (request, isTold, where, isRepeat) => outbound.post(privately(request, isTold, isRepeat), where),
  reminder: (request, where, isRepeat) => outbound.post(reminder(request, isRepeat), where),
  unseen: (request, isRepeat) => outbound.direct(unseen(request, isRepeat), request.ask.requester),
  decision: (request, link, isRepeat) => outbound.direct(decision(request, link, isRepeat), request.ask.requester),
  filtered: (request, index, by, filtered, where) => outbound.post(filteredMessage(request, index, by, filtered), where),

  timeline: async (entries, where) => {
    const sent = await outbound.post(timeline(entries), where);
    if (sent.kind !== 'sent') return sent;
    const file = await files.upload(timelineMarkdown(entries), MARKDOWN_FILE);
    const isAttached = file !== undefined && await files.attach(file, 'Debug commands, as Markdown', { channel: where.channel, thread: where.thread ?? sent.ts });
    if (!isAttached) log.warn({ channel: where.channel }, 'the timeline stands in the channel, but its file could not be attached');
    return sent;
  },
});
