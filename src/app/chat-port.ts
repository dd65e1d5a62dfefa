/**
 * Slack, as the use cases see it: who is who, and what kdebug says. Rendering and wording are the adapter's; which
 * message is owed when is decided in deliver.ts. What Slack brings in is in slack-port.ts.
 */
import type { FullReport } from './ledger/report.ts';
import type { ChannelId, GroupId, Instant, MessageTs, Sha256, TeamId, UserId } from '../domain/names.ts';
import type { Output } from '../domain/output.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Request } from '../domain/request-states.ts';
import type { AfterChat, AfterDirectory } from './after-port.ts';
import type { AuthorityChat } from './authority/ports.ts';
import type { LedgerLine, Progress } from './ports.ts';

/** A Slack person, as far as rights go. Errors are `unknown`, and unknown means no. */
export type Member = 'member' | 'stranger' | 'unknown';

export interface ChannelFacts {
  readonly id: ChannelId;
  readonly name: string;
  readonly isMember: boolean;
  readonly isArchived: boolean;
  /** Shared with another organisation, or about to be. */
  readonly isShared: boolean;
  readonly isDirect: boolean;
}

export interface Directory extends AfterDirectory {
  /** A real, full, active member of our workspace: no guest, bot, stranger or deleted account. */
  member(user: UserId, team: TeamId): Promise<Member>;
  /** Of a full member, confirmed by Slack; undefined otherwise, and when Slack did not say. */
  email(user: UserId): Promise<string | undefined>;
  /** Asked of Slack unless it was less than `maxAgeMs` ago; on an error the group is empty. */
  membersOf(group: GroupId, maxAgeMs: number): Promise<ReadonlySet<UserId>>;
  /** Undefined: Slack says there is none that kdebug can see. `unknown`: Slack did not say. */
  channel(id: ChannelId): Promise<ChannelFacts | undefined | 'unknown'>;
}

/** How a message to Slack went. `uncertain`: the answer was lost, it may be there. */
export type Sent =
  /** `channel` is where it went: of a direct message nobody knew before. */
  | { readonly kind: 'sent'; readonly ts: MessageTs; readonly channel?: ChannelId }
  | { readonly kind: 'later'; readonly afterMs: number }
  | { readonly kind: 'uncertain' }
  | { readonly kind: 'never'; readonly why: string; /** Slack's own. */ readonly code?: string };

export interface CardWhere {
  readonly channel: ChannelId;
  readonly thread?: MessageTs;
  /** Of the card that is there already: it is updated in place. */
  readonly ts?: MessageTs;
}

/** To the thread, or to one person alone. */
export type ResultWhere = { readonly channel: ChannelId; readonly thread?: MessageTs } | { readonly person: UserId };

/** A signed checkpoint as a line of the mirror: what somebody may give to `kdebug audit verify --witness` later. */
export interface WitnessLine {
  readonly at: Instant;
  readonly request: null;
  readonly event: { readonly type: 'checkpoint'; readonly position: number; readonly roll: Sha256 };
}

/** What a week held, as a line of the mirror. */
export interface ReportLine {
  readonly at: Instant;
  readonly request: null;
  readonly event: { readonly type: 'report'; readonly report: FullReport };
}

export type MirrorLine = LedgerLine | WitnessLine | ReportLine;

/** What kdebug says in Slack. Rendering and wording are the adapter's; what is owed when is decided in deliver.ts. */
export interface Chat extends AfterChat, AuthorityChat {
  card(request: Request, where: CardWhere, isRepeat: boolean, progress?: Progress): Promise<Sent>;
  /** Characters as Slack counts them, of the card of a held plan. */
  cardLength(request: Request): number;
  result(request: Request, index: number, output: Output | undefined, where: ResultWhere, isRepeat: boolean): Promise<Sent>;
  /** Only this person sees it; best effort. */
  whisper(user: UserId, channel: ChannelId, refusal: Refusal): Promise<void>;
  /** Audit lines, in order, as one message. */
  lines(entries: readonly MirrorLine[], where: { readonly channel: ChannelId; readonly thread?: MessageTs }): Promise<Sent>;
}
