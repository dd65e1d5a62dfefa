import { createBoundedMap } from '../bounded.ts';
import type { SlackClock } from '../clock.ts';
import { RESPONSE_URL_USES_MAX, RESPONSE_URL_WINDOW_MS, SECRETS_MAX, TRIGGER_WINDOW_MS } from '../limits.ts';
import { SlackError } from '../slackError.ts';

/** The short-lived things Slack hands out with an interaction. */
export interface Secrets {
  readonly issueTrigger: (userId: string) => string;
  /** The person the trigger was made for. Throws expired_trigger_id, exchanged_trigger_id, invalid_trigger_id. */
  readonly exchangeTrigger: (triggerId: string) => string;
  /** A path below the origin, good for 5 uses in 30 minutes. */
  readonly issueResponsePath: (place: ResponsePlace) => string;
  /** The place, one use fewer. Throws expired_url, used_url. */
  readonly useResponsePath: (path: string) => ResponsePlace;
}

export interface ResponsePlace {
  readonly source: 'commands' | 'actions';
  readonly channel: string;
  readonly user: string;
  readonly threadTs?: string;
  /** The message that was clicked. */
  readonly message?: { readonly ts: string; readonly ephemeral: boolean };
}

export const createSecrets = (clock: SlackClock, teamId: string, nextId: (prefix: string) => string): Secrets => {
  const triggers = createBoundedMap<string, { readonly userId: string; readonly expiresMs: number; used: boolean }>(SECRETS_MAX);
  const responses = createBoundedMap<string, { readonly place: ResponsePlace; readonly expiresMs: number; usesLeft: number }>(SECRETS_MAX);

  return {
    issueTrigger: (userId) => {
      const id = `${clock.nowMs()}.${nextId('')}.${nextId('t')}`;
      triggers.set(id, { userId, expiresMs: clock.nowMs() + TRIGGER_WINDOW_MS, used: false });
      return id;
    },
    exchangeTrigger: (triggerId) => {
      const trigger = triggers.get(triggerId);
      if (trigger === undefined) throw new SlackError('invalid_trigger_id');
      if (trigger.used) throw new SlackError('exchanged_trigger_id');
      if (clock.nowMs() > trigger.expiresMs) throw new SlackError('expired_trigger_id');
      trigger.used = true;
      return trigger.userId;
    },
    issueResponsePath: (place) => {
      const path = `/${place.source}/${teamId}/${nextId('')}/${nextId('r')}`;
      responses.set(path, { place, expiresMs: clock.elapsedMs() + RESPONSE_URL_WINDOW_MS, usesLeft: RESPONSE_URL_USES_MAX });
      return path;
    },
    useResponsePath: (path) => {
      const response = responses.get(path);
      if (response === undefined || clock.elapsedMs() > response.expiresMs) throw new SlackError('expired_url');
      if (response.usesLeft <= 0) throw new SlackError('used_url');
      response.usesLeft -= 1;
      return response.place;
    },
  };
};
