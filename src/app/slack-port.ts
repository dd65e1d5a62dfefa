/**
 * What Slack brings in, as values without a vendor's type, and what the person who asked is told at once. The adapter
 * has checked the shape of everything here (types, our workspace, our app); it decided nothing.
 *
 * Terminology: a *trigger* is Slack's single-use id of one command, click or mention, the key that replays share.
 */
import type { Review } from '../domain/break-glass-review.ts';
import type { HelpTopic, RunCommand } from '../domain/command/command.ts';
import type { Mistake } from '../domain/command/mistake.ts';
import type { Normalisation } from '../domain/command/normalise.ts';
import type { Freeze } from '../domain/freeze.ts';
import type { ChannelId, ClusterName, ImageName, ImageRef, Instant, MessageTs, PresetName, RequestId, TeamId, UserId } from '../domain/names.ts';
import type { Outlook } from '../domain/policy/outlook.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { FilterSpec } from '../domain/output-text/filter.ts';
import type { PreApproval } from '../domain/pre-approval.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Finished, Request } from '../domain/request-states.ts';
import type { Filtered } from './after-port.ts';
import type { EntryHandlers } from './entry-port.ts';

/** A text addressed to kdebug. `text` is as typed, the mention of the bot taken off. */
export interface TypedCommand {
  readonly user: UserId;
  readonly team: TeamId;
  readonly channel: ChannelId;
  /** As Slack names it; for people to read, never to decide by. Absent with a mention. */
  readonly channelName?: string;
  readonly text: string;
  /** The text is a message, in which Slack has escaped and linked inside quotes too: `parseCommand(text, { escaped })`. */
  readonly escaped: boolean;
  /** `trigger_id` of a slash command, `event_id` of a mention. */
  readonly trigger: string;
  /** Parent of the thread it was typed in. */
  readonly thread?: MessageTs;
  readonly source: 'slash' | 'mention' | 'form' | 'button';
}

export interface RequestLine {
  readonly request: RequestId;
  readonly state: Request['state'];
  readonly requester: UserId;
  readonly cluster: ClusterName;
  readonly namespace: string;
  /** `api-7f9`, `deploy/api`, `-l app=api`. */
  readonly target: string;
  readonly argv: readonly string[];
  readonly askedAt: Instant;
  /** By pod, once it ran. */
  readonly outcomes?: readonly Outcome[];
  /** Slack's own link to its card. */
  readonly link?: string;
}

/** What a question is answered with; the words are the adapter's. */
export type Listing =
  /** `mayDecide`: some rule lets this person approve; the rest is what the rules could let them reach. */
  | { readonly of: 'help'; readonly topic?: HelpTopic; readonly mayDecide: boolean; readonly namespaces: readonly string[]; readonly images: readonly string[]; readonly presets: readonly string[] }
  | { readonly of: 'images'; readonly images: readonly { readonly name: ImageName; readonly ref: ImageRef; readonly isDefault: boolean; readonly shell: boolean; readonly description?: string }[] }
  | { readonly of: 'presets'; readonly presets: readonly { readonly name: PresetName; readonly description?: string; readonly command: readonly string[]; readonly parameters: readonly { readonly name: string; readonly description?: string }[] }[] }
  /** One request in full; `requests` for lists: status, pending, history, timeline. */
  | { readonly of: 'request'; readonly request: Request }
  /** `freeze` while there is one; `reviews` that are owed. */
  | { readonly of: 'requests'; readonly which: 'status' | 'pending' | 'history' | 'timeline'; readonly requests: readonly RequestLine[]; readonly freeze?: Freeze; readonly reviews?: readonly Review[]; readonly allows?: readonly PreApproval[] }
  | { readonly of: 'allows'; readonly allows: readonly PreApproval[] }
  | { readonly of: 'whoami'; readonly user: UserId; readonly pending: number; readonly approves: readonly string[]; readonly outlooks: readonly Outlook[]; readonly allows: readonly PreApproval[] };

export type Answer =
  | { readonly kind: 'accepted'; readonly request: RequestId; readonly command: RunCommand; readonly normalised: readonly Normalisation[] }
  /** The same text by the same person a moment ago: the first request stands for both. */
  | { readonly kind: 'again'; readonly request: RequestId; readonly state: Request['state'] }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly namespace?: string }
  | { readonly kind: 'unparsed'; readonly error: Mistake; readonly text: string }
  | { readonly kind: 'lines'; readonly listing: Listing }
  /** `cancel` did what was asked; `isStopping`: it runs already, and is being stopped. */
  | { readonly kind: 'cancelled'; readonly request: RequestId; readonly isStopping?: boolean }
  | { readonly kind: 'authority'; readonly said: AuthoritySaid }
  /** The timeline stands in the channel. */
  | { readonly kind: 'posted'; readonly requests: number }
  /** The very same delivery was answered before: say nothing new. */
  | { readonly kind: 'duplicate' }
  /** It is certain that nothing was saved. */
  | { readonly kind: 'unavailable' };

/** A press on a button of a message; where that message is comes from Slack, not from the button. */
export interface Click {
  readonly user: UserId;
  readonly team: TeamId;
  readonly appId: string;
  readonly channel: ChannelId;
  /** Of the message the button is on: it must be the record's card. */
  readonly ts: MessageTs;
  readonly request: RequestId;
  readonly trigger: string;
}

export interface Decision extends Click {
  readonly action: 'approve' | 'withdraw' | 'cancel';
}
/** A choice from the menu of a card that lists the pods a text may mean. */
export interface Choice extends Click {
  /** Position in the record's `candidates`, from 0: a pod's name may be longer than a menu's value. */
  readonly position: number;
}
export interface Denial extends Click {
  readonly reason: string | null;
}

export type ClickAnswer =
  | { readonly kind: 'done' }
  /** It counts once the person has logged in there, until then. */
  | { readonly kind: 'step_up'; readonly url: string; readonly until: Instant }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unavailable' };

export type DetailsAnswer =
  | { readonly kind: 'shown'; readonly request: Request }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unavailable' };

/** A delivery from Slack that was not what Slack sends, or not from where it must come: worth a ledger entry. */
export interface Rejected {
  readonly what: 'command' | 'mention' | 'click' | 'view';
  /** Our own sentence; nothing of the delivery is in it. */
  readonly why: string;
  readonly user: UserId | null;
  readonly channel: ChannelId | null;
}

/** What the use cases do for Slack. None of these may throw for what people or Redis can do; the adapter survives it. */
export interface SlackHandlers extends EntryHandlers, AfterHandlers, AuthorityHandlers {
  command(input: TypedCommand): Promise<Answer>;
  click(input: Decision): Promise<ClickAnswer>;
  choose(input: Choice): Promise<ClickAnswer>;
  deny(input: Denial): Promise<ClickAnswer>;
  details(input: Click): Promise<DetailsAnswer>;
  /** Best effort; never awaited by an acknowledgement. */
  rejected(input: Rejected): Promise<void>;
}

/** A part of a stored output is wanted: `ts` is of the result it is asked of. */
export interface FilterAsk extends Click {
  readonly spec: FilterSpec;
}

export type FilterableAnswer =
  | { readonly kind: 'filterable'; readonly request: Finished; readonly index: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unavailable' };

export type FilterAnswer =
  | { readonly kind: 'filtered'; readonly request: Finished; readonly index: number; readonly filtered: Filtered }
  /** The pattern is not one; the end of a sentence. */
  | { readonly kind: 'mistake'; readonly why: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unavailable' };

export type PostAnswer = { readonly kind: 'done' } | { readonly kind: 'not_posted'; readonly why: string } | Exclude<FilterAnswer, { readonly kind: 'filtered' }>;

/** What is asked of a request that was accepted. */
export interface AfterHandlers {
  /** The same command once more, in the name of the person who pressed. */
  rerun(input: Click): Promise<Answer>;
  filterable(input: Click): Promise<FilterableAnswer>;
  filter(input: FilterAsk): Promise<FilterAnswer>;
  /** The same part, for everybody in the thread. */
  postFiltered(input: FilterAsk): Promise<PostAnswer>;
}

/** What was done with a request of its own kind. */
export type AuthoritySaid =
  | { readonly of: 'frozen' | 'lifted' }
  /** One word more is needed, by then. */
  | { readonly of: 'lifting'; readonly until: Instant }
  | { readonly of: 'allow_asked' | 'revoked'; readonly id: RequestId };

/** A press on the card of a pre-approval, a review or a recycle; `reason` is why it is denied, or what the review found. */
export interface AuthorityClick extends Click {
  readonly action: 'allow_approve' | 'allow_deny' | 'allow_revoke' | 'review' | 'recycle_approve' | 'recycle_deny' | 'recycle_withdraw';
  readonly reason: string | null;
}

export interface AuthorityHandlers {
  authority(input: AuthorityClick): Promise<ClickAnswer>;
  /** The pod of this result is to be evicted, with the debug containers in it. */
  recycle(input: Click): Promise<ClickAnswer>;
}
