/** What of Slack the use cases need once a request was accepted: the second half of chat-port.ts. */
import type { FilterSpec } from '../domain/output-text/filter.ts';
import type { ChannelId, MessageTs, UserId } from '../domain/names.ts';
import type { Output } from '../domain/output.ts';
import type { AwaitingApproval, Finished, Request } from '../domain/request-states.ts';
import type { ResultWhere, Sent } from './chat-port.ts';

export interface ThreadOf {
  readonly channel: ChannelId;
  readonly thread?: MessageTs;
}

export interface AfterDirectory {
  /** Asked of Slack unless it was less than a minute ago; a channel of too many members, or an error, is a no. */
  isInChannel(user: UserId, channel: ChannelId): Promise<boolean>;
  /** Slack's own link to a message of ours; undefined when Slack does not say. */
  permalink(channel: ChannelId, ts: MessageTs): Promise<string | undefined>;
  /** For people to read outside of Slack, never to decide by. */
  nameOf(user: UserId): Promise<string | undefined>;
}

/** One line of a channel's timeline. */
export interface TimelineEntry {
  readonly request: Request;
  readonly link?: string;
  /** Of its requester. */
  readonly name?: string;
}

/** A part of an output that is kept, as one person asked for it. */
export interface Filtered {
  readonly spec: FilterSpec;
  readonly lines: readonly string[];
  /** Lines that are kept in all, and those that were selected before the first or last of them were taken. */
  readonly of: number;
  readonly matched: number;
  /** There was more output than is kept. */
  readonly isPart: boolean;
}

/** Messages beside the card and the results; each is owed at most once (`Notice`), or asked for by a person. */
export interface AfterChat {
  /** What differs between the pods of one request. */
  comparison(request: Finished, outputs: readonly (Output | undefined)[], where: ResultWhere, isRepeat: boolean): Promise<Sent>;
  /** In the thread, of a result that went to the requester alone; `isTold`: it did arrive there. */
  privately(request: Finished, isTold: boolean, where: ThreadOf, isRepeat: boolean): Promise<Sent>;
  /** In the thread, of a request that waits for approval: half of its time is over. */
  reminder(request: AwaitingApproval, where: ThreadOf, isRepeat: boolean): Promise<Sent>;
  /** To the requester alone: Slack confirmed no card of a request that waits for somebody to press it. */
  unseen(request: Request, isRepeat: boolean): Promise<Sent>;
  /** To the requester alone: approved, denied or expired. */
  decision(request: Request, link: string | undefined, isRepeat: boolean): Promise<Sent>;
  /** Who asked what, when, and how it ended; the same as Markdown in a file below it. */
  timeline(entries: readonly TimelineEntry[], where: ThreadOf): Promise<Sent>;
  filtered(request: Finished, index: number, by: UserId, filtered: Filtered, where: ThreadOf): Promise<Sent>;
}
