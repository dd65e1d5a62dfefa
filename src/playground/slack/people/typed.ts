import { escaped } from '../api/shown.ts';
import { checkThread } from '../api/access.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { showAnswer } from '../responseUrl.ts';
import { SlackError } from '../slackError.ts';
import type { Outcome } from '../transport/delivery.ts';
import type { Workspace } from '../workspace.ts';
import type { Channel, Message, Person } from '../world/model.ts';
import { actor, changed, openChannel, requireScope, responseUrl, type Hand, type HandOptions } from './who.ts';

/** What people type: commands, mentions, plain messages. */

const commandFields = (workspace: Workspace, person: Person, channel: Channel, command: string, text: string): JsonObject => {
  const { seed, secrets } = workspace;
  return {
    token: 'deprecated', team_id: seed.team.id, team_domain: seed.team.domain,
    channel_id: channel.id, channel_name: channel.kind === 'public' ? channel.name : channel.kind === 'im' ? 'directmessage' : 'privategroup',
    user_id: person.id, user_name: person.name, command, text, api_app_id: seed.app.id, is_enterprise_install: 'false',
    response_url: responseUrl(workspace, { source: 'commands', channel: channel.id, user: person.id }),
    trigger_id: secrets.issueTrigger(person.id),
  };
};

const slackbotSays = ({ messages }: Workspace, viewer: string, channel: string, text: string): void =>
  void messages.addEphemeral({ channel, viewer, text, blocks: [], references: [], via: 'slackbot' });

/** The acknowledgement may carry the answer, as text or as a message. */
const answerIn = (body: Json): JsonObject | undefined => {
  if (typeof body === 'string' && body !== '') return { text: body };
  return isObject(body) && Object.keys(body).length > 0 ? body : undefined;
};

const show = (workspace: Workspace, outcome: Extract<Outcome, { ok: true }>, user: string, channel: string): Outcome => {
  const answer = answerIn(outcome.body);
  if (answer === undefined) return outcome;
  try {
    showAnswer(workspace, { source: 'commands', channel, user }, answer, 'ack');
    return outcome;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return { ...outcome, ok: false, error: 'dispatch_failed', detail: `Slack refuses the answer in the acknowledgement: ${error.code}` };
  }
};

/** Slash commands work in every conversation, never in a thread, and only for the workspace's own people. */
export const slash = ({ workspace, dispatch }: Hand) =>
  async (userId: string, channelId: string, command: string, text: string, options: HandOptions = {}): Promise<Outcome> => {
    requireScope(workspace, 'commands');
    const person = actor(workspace, userId);
    if (person.stranger) throw new Error(`${userId} is of another workspace: Slack offers them no slash commands here.`);
    const channel = openChannel(workspace, userId, channelId);
    if (!workspace.seed.app.commands.includes(command)) throw new Error(`${command} is not a valid command.`);
    const sent = await dispatch.deliver('slash_commands', changed(commandFields(workspace, person, channel, command, text), options));
    const outcome = sent.ok ? show(workspace, sent, userId, channelId) : sent;
    if (!outcome.ok) slackbotSays(workspace, userId, channelId, `${command} failed with the error "${outcome.error}"`);
    return outcome;
  };

/** A person's own message in a channel or thread. */
export const say = ({ workspace }: Pick<Hand, 'workspace'>) =>
  (userId: string, channelId: string, text: string, threadTs?: string): Message => {
    const person = actor(workspace, userId);
    const channel = openChannel(workspace, userId, channelId);
    if (threadTs !== undefined) checkThread(workspace, channel.id, threadTs);
    const thread = threadTs === undefined ? {} : { threadTs };
    return workspace.messages.add({ ...thread, channel: channel.id, user: person.id, text: escaped(text), blocks: [], references: [], fileIds: [] });
  };

/** The wrapper of every event: https://docs.slack.dev/apis/events-api */
export const eventCallback = ({ seed, nextId, clock }: Workspace, channel: Channel | undefined, event: JsonObject): JsonObject => ({
  token: 'deprecated', team_id: seed.team.id, context_team_id: seed.team.id, context_enterprise_id: null, api_app_id: seed.app.id,
  event, type: 'event_callback', event_id: nextId('Ev'), event_time: Math.floor(clock.nowMs() / 1_000),
  authorizations: [{ enterprise_id: null, team_id: seed.team.id, user_id: seed.app.botUserId, is_bot: true, is_enterprise_install: false }],
  is_ext_shared_channel: channel?.externallyShared ?? false, event_context: nextId('4-'),
});

/** `@kdebug …`: Slack tells the app only where the bot is a member. The mention itself is written here, not by the caller. */
export const mention = (hand: Hand) =>
  async (userId: string, channelId: string, text: string, threadTs?: string, options: HandOptions = {}): Promise<Outcome> => {
    const { workspace, dispatch } = hand;
    requireScope(workspace, 'app_mentions:read');
    const { app, team } = workspace.seed;
    const channel = openChannel(workspace, userId, channelId);
    if (!channel.members.includes(app.botUserId)) throw new Error(`The bot is not in ${channel.name} (${channelId}): Slack would not tell it of a mention.`);
    const message = say(hand)(userId, channelId, `<@${app.botUserId}> ${text}`, threadTs);
    const words = { type: 'rich_text_section', elements: [{ type: 'user', user_id: app.botUserId }, { type: 'text', text: ` ${text}` }] };
    const event: JsonObject = {
      type: 'app_mention', user: userId, text: message.text, ts: message.ts, event_ts: message.ts, channel: channelId,
      team: workspace.people.person(userId)?.teamId ?? team.id, user_team: workspace.people.person(userId)?.teamId ?? team.id, source_team: team.id,
      blocks: [{ type: 'rich_text', block_id: workspace.nextId('b'), elements: [words] }],
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    };
    return dispatch.deliver('events_api', changed(eventCallback(workspace, channel, event), options));
  };

export const openHome = ({ workspace, dispatch }: Hand) => async (userId: string, options: HandOptions = {}): Promise<Outcome> => {
  const person = actor(workspace, userId);
  const channel = workspace.people.directChannel(person.id);
  const event: JsonObject = { type: 'app_home_opened', user: person.id, channel: channel.id, tab: 'home', event_ts: workspace.nextTs() };
  return dispatch.deliver('events_api', changed(eventCallback(workspace, channel, event), options));
};
