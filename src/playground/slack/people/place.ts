import { messageJson, viewJson } from '../api/shown.ts';
import { isObject, objectIn, objectsIn, textIn, type JsonObject } from '../json.ts';
import type { Workspace } from '../workspace.ts';
import type { Channel, Ephemeral, Message, View } from '../world/model.ts';
import { openChannel, responseUrl } from './who.ts';

/** Where an interactive element stands: in a message of a channel, in a message only one person sees, or in a view. */
export type Place =
  | { readonly kind: 'message'; readonly channel: Channel; readonly message: Message }
  | { readonly kind: 'ephemeral'; readonly channel: Channel; readonly message: Ephemeral }
  | { readonly kind: 'view'; readonly view: View };

export interface Found {
  readonly blockId: string;
  readonly element: JsonObject;
}

/** The message as this person sees it now. Throws when there is none. */
export const messagePlace = (workspace: Workspace, userId: string, channelId: string, ts: string): Place => {
  const channel = openChannel(workspace, userId, channelId);
  const message = workspace.messages.get(channelId, ts);
  if (message !== undefined) return { kind: 'message', channel, message };
  const ephemeral = workspace.messages.ephemerals(userId).find((each) => each.ts === ts && each.channel === channelId);
  if (ephemeral === undefined) throw new Error(`${userId} sees no message ${ts} in ${channelId}.`);
  return { kind: 'ephemeral', channel, message: ephemeral };
};

/** A view this person has open. Throws when it is closed or another's. */
export const viewPlace = ({ views }: Workspace, userId: string, viewId: string): Extract<Place, { kind: 'view' }> => {
  const view = views.get(viewId);
  if (view === undefined || view.viewer !== userId) throw new Error(`${userId} has no view ${viewId} open.`);
  return { kind: 'view', view };
};

const blocksOf = (place: Place): readonly JsonObject[] =>
  place.kind === 'view' ? objectsIn(place.view.body, 'blocks') : place.message.blocks;

const elementsOf = (block: JsonObject): readonly JsonObject[] =>
  [...objectsIn(block, 'elements'), objectIn(block, 'accessory'), objectIn(block, 'element')].filter((element) => element !== undefined);

export const elementsIn = (place: Place): readonly Found[] =>
  blocksOf(place).flatMap((block) => elementsOf(block).map((element) => ({ blockId: textIn(block, 'block_id') ?? '', element })));

export const labelOf = (element: JsonObject): string => textIn(objectIn(element, 'text') ?? objectIn(element, 'placeholder'), 'text') ?? '';

/** By action_id or by what is written on it. Throws, naming what there is, when it is not there: nobody can press it. */
export const findElement = (place: Place, wanted: string, types: RegExp): Found => {
  const there = elementsIn(place).filter(({ element }) => types.test(textIn(element, 'type') ?? ''));
  const found = there.filter(({ element }) => textIn(element, 'action_id') === wanted || labelOf(element) === wanted);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const names = there.map(({ element }) => `${labelOf(element)} (${textIn(element, 'action_id') ?? ''})`).join(', ');
  throw new Error(`${found.length === 0 ? 'Nothing' : 'More than one thing'} to press is called ${JSON.stringify(wanted)}; there is: ${names === '' ? 'nothing' : names}.`);
};

const threadTs = (message: Message | Ephemeral): JsonObject => (message.threadTs === undefined ? {} : { thread_ts: message.threadTs });

/** `container`, `channel`, `message` or `view` of an interaction. A message only one person sees is not repeated to the app. */
export const placeJson = (workspace: Workspace, place: Place): JsonObject => {
  if (place.kind === 'view') {
    return { container: { type: 'view', view_id: place.view.id }, view: viewJson(workspace, place.view) };
  }
  const { channel, message } = place;
  const container = { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: place.kind === 'ephemeral', ...threadTs(message) };
  const shown = place.kind === 'message' ? { message: messageJson(workspace, place.message) } : {};
  return { container, channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name }, ...shown };
};

/** Interactions in messages come with a response_url; those in views do not. */
export const placeResponse = (workspace: Workspace, place: Place, user: string): JsonObject => {
  if (place.kind === 'view') return {};
  const { channel, message } = place;
  const thread = message.threadTs === undefined ? {} : { threadTs: message.threadTs };
  return { response_url: responseUrl(workspace, { source: 'actions', channel: channel.id, user, ...thread, message: { ts: message.ts, ephemeral: place.kind === 'ephemeral' } }) };
};

export const optionsIn = (holder: JsonObject): readonly JsonObject[] =>
  [...objectsIn(holder, 'options'), ...objectsIn(holder, 'option_groups').flatMap((group) => objectsIn(group, 'options'))];

/** An option by its text or its value. Throws, naming what there is. */
export const findOption = (options: readonly JsonObject[], wanted: string): JsonObject => {
  const text = (option: JsonObject): string => textIn(objectIn(option, 'text'), 'text') ?? '';
  const found = options.find((option) => option['value'] === wanted || text(option) === wanted);
  if (found === undefined || !isObject(found)) throw new Error(`No option is called ${JSON.stringify(wanted)}; there is: ${options.map(text).join(', ')}.`);
  return found;
};
