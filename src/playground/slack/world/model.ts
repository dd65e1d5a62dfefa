import type { Json, JsonObject } from '../json.ts';
import type { Reference } from '../blocks/references.ts';

/** The things of a workspace, as the fake keeps them. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

export interface App {
  readonly id: string;
  readonly name: string;
  readonly botId: string;
  readonly botUserId: string;
  /** Each with its slash: `/kdebug`. Another command is answered by Slack itself, not by the app. */
  readonly commands: readonly string[];
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly teamId: string;
  readonly email: string;
  readonly emailConfirmed: boolean;
  readonly bot: boolean;
  readonly deleted: boolean;
  readonly restricted: boolean;
  /** Of another workspace, met in a shared channel. */
  readonly stranger: boolean;
}

export interface Group {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
  readonly disabled: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly members: readonly string[];
  readonly archived: boolean;
  readonly externallyShared: boolean;
  /** What Slack answers to a post where posting is restricted, as `restricted_action_read_only_channel`. */
  readonly postingRefusal?: string;
}

/** A world to start from. Scopes are those of the bot token. */
export interface Seed {
  readonly team: Team;
  readonly app: App;
  readonly scopes: readonly string[];
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
  readonly channels: readonly Channel[];
}

/** What an author puts into a message, checked, with all that Slack would read out of it. */
export interface Content {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly references: readonly Reference[];
  readonly metadata?: JsonObject;
}

export interface Message extends Content {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  /** Set when an app posted it. */
  readonly appId?: string;
  readonly threadTs?: string;
  readonly editedTs?: string;
  readonly fileIds: readonly string[];
  /** A deleted parent whose replies live on. */
  readonly tombstone: boolean;
}

/** A message with its thread, as the channel shows it. */
export interface Thread extends Message {
  readonly replies: readonly Message[];
}

export interface Ephemeral extends Content {
  readonly ts: string;
  readonly channel: string;
  readonly viewer: string;
  readonly threadTs?: string;
  readonly via: 'postEphemeral' | 'ack' | 'response_url' | 'slackbot';
}

export interface View {
  readonly id: string;
  readonly rootId: string;
  readonly previousId?: string;
  readonly hash: string;
  readonly viewer: string;
  readonly type: 'modal' | 'home';
  readonly externalId?: string;
  /** The view as the app gave it, every block with its block_id. */
  readonly body: JsonObject;
  /** What a refused submission told the person, by block_id. */
  readonly errors: Readonly<Record<string, string>>;
  /** What was chosen in it so far: block_id, action_id, value. */
  readonly values: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly length: number;
  readonly snippetType?: string;
  readonly state: 'awaiting' | 'uploaded' | 'shared';
  readonly bytes: Buffer;
  readonly shares: readonly { readonly channel: string; readonly ts: string; readonly threadTs?: string }[];
}
