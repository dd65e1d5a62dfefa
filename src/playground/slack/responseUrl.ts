import { compose } from './api/compose.ts';
import { checkThread } from './api/access.ts';
import { flagArg, textArg } from './api/call.ts';
import { json, type Answer } from './http.ts';
import type { JsonObject } from './json.ts';
import { SlackError } from './slackError.ts';
import type { Workspace } from './workspace.ts';
import type { Content } from './world/model.ts';
import type { ResponsePlace } from './world/secrets.ts';

/** Replaces or deletes what was clicked. A command has no original: nothing can change the line a person typed. */
const changeOriginal = ({ messages }: Workspace, place: ResponsePlace, content: Content | undefined): void => {
  if (place.message === undefined) throw new SlackError('no_original_message');
  const { ts, ephemeral } = place.message;
  if (ephemeral) {
    if (!messages.replaceEphemeral(place.user, ts, content)) throw new SlackError('message_not_found');
    return;
  }
  const message = messages.get(place.channel, ts);
  if (message === undefined) throw new SlackError('message_not_found');
  if (content === undefined) messages.remove(message);
  else messages.edit(message, content);
};

/** What the app says in answer to a command or a click: for one person, or for the channel even without the bot in it. */
export const showAnswer = (workspace: Workspace, place: ResponsePlace, args: JsonObject, via: 'ack' | 'response_url'): void => {
  const { messages, seed } = workspace;
  const content = compose(workspace, args, 'post');
  const threadTs = textArg(args, 'thread_ts') ?? place.threadTs;
  if (threadTs !== undefined) checkThread(workspace, place.channel, threadTs);
  const thread = threadTs === undefined ? {} : { threadTs };
  if (textArg(args, 'response_type') === 'in_channel') {
    messages.add({ ...content, ...thread, channel: place.channel, user: seed.app.botUserId, appId: seed.app.id, fileIds: [] });
  } else {
    messages.addEphemeral({ ...content, ...thread, channel: place.channel, viewer: place.user, via });
  }
};

const act = (workspace: Workspace, path: string, args: JsonObject): void => {
  const place = workspace.secrets.useResponsePath(path);
  if (flagArg(args, 'delete_original')) return changeOriginal(workspace, place, undefined);
  if (flagArg(args, 'replace_original')) return changeOriginal(workspace, place, compose(workspace, args, 'post'));
  return showAnswer(workspace, place, args, 'response_url');
};

const GONE = ['expired_url', 'used_url'];

/** POST to a response_url: 404 once it is used up or too old, 400 for a message Slack would refuse. */
export const answerResponseUrl = (workspace: Workspace, path: string, args: JsonObject | undefined): Answer => {
  try {
    if (args === undefined) throw new SlackError('invalid_payload');
    act(workspace, path, args);
    return json({ ok: true });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return json({ ok: false, error: error.code, ...error.more }, {}, GONE.includes(error.code) ? 404 : 400);
  }
};
