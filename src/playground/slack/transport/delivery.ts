import type { Json, JsonObject } from '../json.ts';

/** How Slack hands something to the app. */
export type DeliveryKind = 'slash_commands' | 'interactive' | 'events_api';

/** Exactly what was sent, so that it can be sent again. */
export type Sent =
  | { readonly transport: 'http'; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly transport: 'socket'; readonly envelope: JsonObject };

/** How a delivery ended; the two errors are what Slackbot tells the person. */
export type Outcome =
  | { readonly ok: true; readonly ackMs: number; readonly status: number; readonly body: Json; readonly sent: Sent }
  | {
    readonly ok: false;
    readonly error: 'operation_timeout' | 'dispatch_failed';
    readonly ackMs: number;
    readonly status?: number;
    readonly body?: Json;
    readonly detail: string;
    readonly sent: Sent;
  };

export interface Retry {
  /** 0 for the first offer. */
  readonly attempt: number;
  readonly reason: string;
}

export const FIRST_OFFER: Retry = { attempt: 0, reason: '' };
