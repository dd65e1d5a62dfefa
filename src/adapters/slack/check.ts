/** What `kdebug doctor` asks of Slack: who we are, what we may, and where we can post. */
import { WebClient } from '@slack/web-api';
import type { ChannelFacts } from '../../app/chat-port.ts';
import type { Log } from '../../app/ports.ts';
import type { ChannelId, GroupId } from '../../domain/names.ts';
import { clientOptions, createClients } from './clients.ts';
import { createDirectory } from './directory.ts';
import { findIdentity, type Identity } from './identity.ts';
import { INTERACTIVE_TIMEOUT_MS } from './limits.ts';
import { errorLine } from './logger.ts';
import { missingScopes, type FeatureScope } from './scopes.ts';

export interface SlackCheck {
  /** What it says in place of an answer is one sentence without a token in it. */
  identity(): Promise<{ readonly identity: Identity; readonly missing: readonly FeatureScope[] } | { readonly problem: string }>;
  /** Undefined: Slack gives a Socket Mode connection for the app token. */
  socketProblem(appToken: string): Promise<string | undefined>;
  channel(id: ChannelId): Promise<ChannelFacts | undefined | 'unknown'>;
  /** People that Slack names of the group; none when it does not say. */
  groupSize(id: GroupId): Promise<number>;
}

export const createSlackCheck = (botToken: string, apiUrl: string | undefined, appToken: string | undefined, log: Log): SlackCheck => {
  const { interactive } = createClients(botToken, apiUrl, log);
  const directory = createDirectory(interactive, log);
  return {
    identity: async () => {
      try {
        const identity = await findIdentity(interactive, appToken);
        return { identity, missing: missingScopes(identity.scopes) };
      } catch (error) {
        return { problem: errorLine(error) };
      }
    },
    socketProblem: async (token) => {
      try {
        await new WebClient(token, clientOptions(apiUrl, INTERACTIVE_TIMEOUT_MS, log)).apps.connections.open({});
        return undefined;
      } catch (error) {
        return errorLine(error);
      }
    },
    channel: (id) => directory.channel(id),
    groupSize: async (id) => (await directory.membersOf(id, 0)).size,
  };
};
