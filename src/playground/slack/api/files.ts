import { isObject, textIn, type Json, type JsonObject } from '../json.ts';
import { FILE_BYTES_MAX } from '../limits.ts';
import { SlackError } from '../slackError.ts';
import type { Workspace } from '../workspace.ts';
import type { Channel, Message, StoredFile } from '../world/model.ts';
import { checkThread, postableChannel } from './access.ts';
import { listArg, requiredArg, textArg, type Call, type MethodTable } from './call.ts';
import { compose } from './compose.ts';
import { fileJson } from './shown.ts';

/** Slack says nothing about empty files; the fake refuses them, so that nobody sends one. */
const getUploadUrl = ({ files, nextId, origin }: Workspace, { args }: Call): JsonObject => {
  const name = requiredArg(args, 'filename');
  const length = Number(requiredArg(args, 'length'));
  if (!Number.isSafeInteger(length) || length <= 0) throw new SlackError('invalid_arguments', { response_metadata: { messages: ['[ERROR] length must be a positive integer'] } });
  if (length > FILE_BYTES_MAX) throw new SlackError('file_upload_size_restricted');
  const snippetType = textArg(args, 'snippet_type');
  const id = nextId('F');
  files.put({ id, name, title: name, length, state: 'awaiting', bytes: Buffer.alloc(0), shares: [], ...(snippetType === undefined ? {} : { snippetType }) });
  return { upload_url: `${origin()}/upload/${id}`, file_id: id };
};

const uploadedFile = ({ files }: Workspace, entry: Json): StoredFile => {
  const file = files.get(textIn(entry, 'id') ?? '');
  if (file === undefined || file.state === 'awaiting') throw new SlackError('file_not_found');
  if (file.state === 'shared') throw new SlackError('file_already_completed');
  return { ...file, title: textIn(entry, 'title') ?? file.title };
};

const targets = (workspace: Workspace, call: Call): readonly Channel[] => {
  const ids = (textArg(call.args, 'channel_id') ?? textArg(call.args, 'channels') ?? '').split(',').filter((id) => id !== '');
  if (ids.length > 1 && textArg(call.args, 'thread_ts') !== undefined) throw new SlackError('invalid_arguments');
  // chat:write.public is no help here: files need membership.
  return ids.map((id) => postableChannel(workspace, id, []));
};

const comment = (workspace: Workspace, call: Call): Pick<Message, 'text' | 'blocks' | 'references'> => {
  const text = textArg(call.args, 'initial_comment');
  if (text !== undefined) return compose(workspace, { text }, 'post');
  return call.args['blocks'] === undefined ? { text: '', blocks: [], references: [] } : compose(workspace, call.args, 'post');
};

const share = (workspace: Workspace, call: Call, files: readonly StoredFile[], channel: Channel): StoredFile['shares'][number] => {
  const threadTs = textArg(call.args, 'thread_ts');
  if (threadTs !== undefined) checkThread(workspace, channel.id, threadTs);
  const thread = threadTs === undefined ? {} : { threadTs };
  const { seed, messages } = workspace;
  const { ts } = messages.add({
    ...comment(workspace, call), ...thread, channel: channel.id, user: seed.app.botUserId, appId: seed.app.id, fileIds: files.map((file) => file.id),
  });
  return { channel: channel.id, ts, ...thread };
};

/** The answer names no message: where a file was shared is known only later, from files.info. */
const complete = (workspace: Workspace, call: Call): JsonObject => {
  const entries = listArg(call.args, 'files', 'invalid_arguments') ?? [];
  if (entries.length === 0 || !entries.every(isObject)) throw new SlackError('invalid_arguments');
  const channels = targets(workspace, call);
  const files = entries.map((entry) => uploadedFile(workspace, entry));
  const shares = channels.map((channel) => share(workspace, call, files, channel));
  for (const file of files) workspace.files.put({ ...file, state: 'shared', shares });
  return { files: files.map((file) => fileJson(workspace, file)) };
};

const info = (workspace: Workspace, { args }: Call): JsonObject => {
  const file = workspace.files.get(requiredArg(args, 'file', 'file_not_found'));
  if (file === undefined) throw new SlackError('file_not_found');
  const shared = Object.fromEntries(file.shares.map(({ channel, ts, threadTs }) => [channel, [{ ts, ...(threadTs === undefined ? {} : { thread_ts: threadTs }) }]]));
  return { file: { ...fileJson(workspace, file), shares: { public: shared } } };
};

/** Takes the bytes of POST /upload/<id>. Throws what the upload service answers with status 400. */
export const storeUpload = ({ files }: Workspace, id: string, bytes: Buffer): void => {
  const file = files.get(id);
  if (file === undefined) throw new SlackError('file_not_found');
  if (file.state !== 'awaiting') throw new SlackError('upload_already_done');
  if (bytes.length !== file.length) throw new SlackError('length_mismatch');
  files.put({ ...file, bytes, state: 'uploaded' });
};

export const filesMethods = (workspace: Workspace): MethodTable => ({
  'files.getUploadURLExternal': { scope: 'files:write', meter: 4, run: (call) => getUploadUrl(workspace, call) },
  'files.completeUploadExternal': { scope: 'files:write', meter: 4, run: (call) => complete(workspace, call) },
  'files.info': { scope: 'files:read', meter: 4, run: (call) => info(workspace, call) },
});
