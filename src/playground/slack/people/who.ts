import type { JsonObject } from '../json.ts';
import type { Dispatch } from '../transport/dispatch.ts';
import type { Workspace } from '../workspace.ts';
import type { Channel, Person } from '../world/model.ts';

/** A change made to what Slack would have sent, for attacks: another channel, another workspace, another app. */
export type Tamper = (content: JsonObject) => JsonObject;

export interface HandOptions {
  readonly tamper?: Tamper;
}

/** What every hand works with. */
export interface Hand {
  readonly workspace: Workspace;
  readonly dispatch: Dispatch;
}

/** Somebody with a keyboard. Throws for those who cannot act in Slack at all. */
export const actor = ({ people }: Workspace, userId: string): Person => {
  const person = people.person(userId);
  if (person === undefined) throw new Error(`There is no ${userId} in the fake workspace.`);
  if (person.deleted) throw new Error(`${userId} is deactivated and can do nothing in Slack.`);
  return person;
};

/** The channel as this person has it open. Throws when they are not in it. */
export const openChannel = ({ people }: Workspace, userId: string, channelId: string): Channel => {
  const channel = people.channel(channelId);
  if (channel === undefined) throw new Error(`There is no channel ${channelId} in the fake workspace.`);
  if (!channel.members.includes(userId)) throw new Error(`${userId} is not in ${channel.name} (${channelId}), so sees nothing there.`);
  return channel;
};

/** What the app was not granted it never hears of. */
export const requireScope = ({ seed }: Workspace, scope: string): void => {
  if (!seed.scopes.includes(scope)) throw new Error(`The app has not the scope ${scope}: Slack would not tell it.`);
};

/** The part that all interaction payloads share. */
export const identity = ({ seed }: Workspace, person: Person): JsonObject => ({
  api_app_id: seed.app.id,
  token: 'deprecated',
  team: { id: seed.team.id, domain: seed.team.domain },
  user: { id: person.id, username: person.name, name: person.name, team_id: person.teamId },
  enterprise: null,
  is_enterprise_install: false,
});

export const changed = (content: JsonObject, { tamper }: HandOptions): JsonObject => (tamper === undefined ? content : tamper(content));

export const responseUrl = ({ origin, secrets }: Workspace, place: Parameters<Workspace['secrets']['issueResponsePath']>[0]): string =>
  `${origin()}${secrets.issueResponsePath(place)}`;
