/**
 * How a call to Slack went, from what was thrown: never from the words of an error, always from its kind, its status or
 * Slack's own error code (https://docs.slack.dev/reference/methods/chat.postMessage#errors).
 */
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import type { Sent } from '../../app/chat-port.ts';
import { SlackBusyError } from './clients.ts';
import { RETRY_AFTER_MAX_MS, RETRY_SOON_MS } from './limits.ts';

export type NotSent = Exclude<Sent, { kind: 'sent' }>;

/** Slack did nothing, and may do it later. */
const LATER = new Set(['ratelimited', 'rate_limited', 'accesslimited', 'service_unavailable', 'team_added_to_org', 'request_timeout', 'message_limit_exceeded']);
/** "It's possible some aspect of the operation succeeded before the error was raised." */
const UNCERTAIN = new Set(['fatal_error', 'internal_error']);
/** The connection was never made, so nothing can have arrived. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']);

const REASONS: ReadonlyMap<string, string> = new Map([
  ['not_in_channel', 'kdebug is not in that channel: invite it'],
  ['channel_not_found', 'kdebug cannot see that channel: invite it'],
  ['is_archived', 'that channel is archived'],
  ['invalid_auth', 'Slack does not accept the bot token'],
  ['token_revoked', 'the bot token was revoked'],
  ['token_expired', 'the bot token expired'],
  ['account_inactive', 'the bot token belongs to a removed app'],
  ['missing_scope', 'the app lacks a scope: install it again from its manifest'],
  ['message_not_found', 'the message is not there any more'],
  ['edit_window_closed', 'the workspace does not let messages be edited any more'],
  ['cant_update_message', 'the message cannot be edited'],
]);

const CODE = /^[a-z][a-z0-9_]{0,80}$/;

const ofPlatform = (code: string): NotSent => {
  if (LATER.has(code)) return { kind: 'later', afterMs: RETRY_SOON_MS };
  // a page of a proxy arrives here too, as an error whose code is the page
  if (UNCERTAIN.has(code) || !CODE.test(code)) return { kind: 'uncertain' };
  return { kind: 'never', why: REASONS.get(code) ?? `Slack refuses it (${code})`, code };
};

const causes = function* (error: unknown): Generator {
  let next = error;
  for (let depth = 0; depth < 5 && next instanceof Error; depth += 1) {
    yield next;
    next = next instanceof WebAPIRequestError ? next.original : next.cause;
  }
};

const ofRequest = (error: unknown): NotSent => {
  for (const cause of causes(error)) {
    if (cause instanceof SlackBusyError) return { kind: 'later', afterMs: cause.afterMs };
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && NEVER_CONNECTED.has(cause.code)) return { kind: 'later', afterMs: RETRY_SOON_MS };
  }
  return { kind: 'uncertain' };
};

/** Whatever is not known to have failed may have succeeded. */
export const notSent = (error: unknown): NotSent => {
  if (error instanceof WebAPIPlatformError) return ofPlatform(error.data.error);
  if (error instanceof WebAPIRateLimitedError) return { kind: 'later', afterMs: Math.min(RETRY_AFTER_MAX_MS, error.retryAfter * 1_000) };
  if (error instanceof WebAPIHTTPError) return error.statusCode >= 500 || error.statusCode === 408 ? { kind: 'uncertain' } : { kind: 'never', why: `Slack answered with HTTP status ${error.statusCode}` };
  return ofRequest(error);
};

/** Slack's code for a refusal, when that is what it was. */
export const platformCode = (error: unknown): string | undefined => (error instanceof WebAPIPlatformError ? error.data.error : undefined);
