/** Who we are in Slack, by auth.test: nothing else is believed about it. */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { parseTeamId, parseUserId, type TeamId, type UserId } from '../../domain/names.ts';
import { platformCode } from './sent.ts';

export interface Identity {
  readonly team: TeamId;
  /** The Grid organisation of our workspace. */
  readonly enterprise: string | null;
  /** `https://acme.slack.com/`, which links to messages begin with; null when Slack does not say. */
  readonly url: string | null;
  readonly botUser: UserId;
  readonly botId: string;
  /** Null when Slack does not say; then the signing secret or the app token is what binds a delivery to our app. */
  readonly appId: string | null;
  /** Scopes of the token, when Slack says them. */
  readonly scopes: readonly string[];
}

const AUTH = z.object({
  team_id: z.string(),
  url: z.string().optional(),
  user_id: z.string(),
  bot_id: z.string().default(''),
  app_id: z.string().optional(),
  enterprise_id: z.string().nullish(),
  is_enterprise_install: z.boolean().default(false),
  response_metadata: z.object({ scopes: z.array(z.string()).default([]) }).optional(),
});

/** Found out once per start; rejects with what Slack said. */
export const findIdentity = async (client: WebClient, appToken: string | undefined): Promise<Identity> => {
  const auth = AUTH.parse(await client.auth.test());
  const [team, botUser] = [parseTeamId(auth.team_id), parseUserId(auth.user_id)];
  if (team === undefined || botUser === undefined) throw new Error('auth.test answered with a team or a user that is none.');
  if (auth.is_enterprise_install) throw new Error('The bot token is of a whole organisation: install the app in one workspace and use that token.');
  return {
    team, botUser, botId: auth.bot_id, enterprise: auth.enterprise_id ?? null, url: workspaceUrl(auth.url),
    appId: auth.app_id ?? appIdOf(appToken) ?? (await appIdOfBot(client, auth.bot_id)),
    scopes: auth.response_metadata?.scopes ?? [],
  };
};

/** Only what may stand in a link of ours. */
const workspaceUrl = (url: string | undefined): string | null => (url !== undefined && /^https:\/\/[a-z0-9.-]{1,200}\/$/.test(url) ? url : null);

/** An app-level token names its app: `xapp-1-A0123456789-…`. */
const appIdOf = (appToken: string | undefined): string | undefined => /^xapp-\d+-(A[A-Z0-9]+)-/.exec(appToken ?? '')?.[1];

const appIdOfBot = async (client: WebClient, bot: string): Promise<string | null> => {
  try {
    return (await client.bots.info({ bot })).bot?.app_id ?? null;
  } catch (error) {
    if (platformCode(error) !== undefined) return null;
    throw error;
  }
};
