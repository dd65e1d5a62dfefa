import type { Log } from '../../../app/ports.ts';
import type { Rejected, SlackHandlers } from '../../../app/slack-port.ts';
import { errorLine } from '../logger.ts';
import type { Identity } from '../identity.ts';
import type { Outbound } from '../outbound.ts';
import { NOT_UNDERSTOOD } from '../render/answers.ts';
import { worded, type Message } from '../render/rich.ts';
import type { Respond } from '../respond.ts';
import type { Sentence } from '../wording/sentence.ts';
import { rejection, type Read } from './door.ts';

export interface Listening {
  readonly handlers: SlackHandlers;
  readonly outbound: Outbound;
  readonly respond: Respond;
  readonly log: Log;
  /** Undefined until Slack has said who we are. */
  readonly identity: () => Identity | undefined;
}

/** Acknowledges one delivery, once; with `late` for what is said after it. */
export type Ack = (response?: unknown) => Promise<boolean>;

export type Listener = (listening: Listening, identity: Identity, body: unknown, ack: Ack) => Promise<void>;

export const STARTING: Sentence = ['kdebug is still connecting to Slack, so nothing was done. Try again in a minute.'];

const SAID = {
  malformed: NOT_UNDERSTOOD,
  foreign: ['Only full members of the workspace that kdebug belongs to can use it.'] as Sentence,
} as const;

export const saidOf = (read: Extract<Read<never>, { ok: false }>): Message => worded(read.kind === 'ignored' ? NOT_UNDERSTOOD : SAID[read.kind]);

/** Told to the ledger beside the acknowledgement, never before it. */
export const report = (listening: Listening, what: Rejected['what'], read: Extract<Read<never>, { ok: false }>, body: unknown): void => {
  listening.log.warn({ what, why: read.why }, 'a delivery of Slack was refused');
  listening.handlers.rejected(rejection(what, read.why, body)).catch((error: unknown) => {
    listening.log.error({ error: errorLine(error) }, 'a refused delivery could not be recorded');
  });
};

