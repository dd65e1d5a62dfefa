import { suggestions } from '../blocks/objects.ts';
import { problemsOf } from '../blocks/check.ts';
import { isObject, textIn, type JsonObject } from '../json.ts';
import type { Outcome } from '../transport/delivery.ts';
import type { Workspace } from '../workspace.ts';
import { findElement, findOption, messagePlace, optionsIn, placeJson, placeResponse, viewPlace, type Found, type Place } from './place.ts';
import { actor, changed, identity, openChannel, responseUrl, type Hand, type HandOptions } from './who.ts';
import { messageJson } from '../api/shown.ts';

/** What people press and choose. */

export interface PressOptions extends HandOptions {
  /** What the person answers in the confirmation dialog. Given for a button without one, it is an error. */
  readonly confirm?: boolean;
}

/** The person said no in Slack's own dialog; the app never heard of it. */
export interface NotConfirmed {
  readonly ok: false;
  readonly error: 'not_confirmed';
}

export type PressOutcome = Outcome | NotConfirmed;

/** What a menu of a message holds after the choice; a button holds nothing. */
const stateOf = (blockId: string, element: JsonObject, chosen: JsonObject): JsonObject => {
  const kept = Object.entries(chosen).filter(([key]) => key.startsWith('selected_'));
  return kept.length === 0 ? {} : { [blockId]: { [textIn(element, 'action_id') ?? '']: { type: element['type'], ...Object.fromEntries(kept) } } };
};

const blockActions = (workspace: Workspace, userId: string, place: Place, { blockId, element }: Found, chosen: JsonObject): JsonObject => ({
  type: 'block_actions',
  ...identity(workspace, actor(workspace, userId)),
  ...placeJson(workspace, place),
  ...placeResponse(workspace, place, userId),
  trigger_id: workspace.secrets.issueTrigger(userId),
  state: { values: place.kind === 'view' ? place.view.values : stateOf(blockId, element, chosen) },
  actions: [{ type: element['type'], action_id: element['action_id'], block_id: blockId, ...chosen, action_ts: workspace.nextTs() }],
});

const pressIn = async ({ workspace, dispatch }: Hand, userId: string, place: Place, button: string, options: PressOptions): Promise<PressOutcome> => {
  const found = findElement(place, button, /^button$/);
  const { text, value, style, confirm, url } = found.element;
  if (options.confirm !== undefined && confirm === undefined) throw new Error(`The button ${button} asks for no confirmation.`);
  if (options.confirm === false) return { ok: false, error: 'not_confirmed' };
  const chosen = Object.fromEntries(Object.entries({ text, value, style, confirm, url }).filter(([, given]) => given !== undefined));
  return dispatch.deliver('interactive', changed(blockActions(workspace, userId, place, found, chosen), options));
};

/** Presses a button of the message as it is now. Throws when it is not there: a person cannot press it either. */
export const press = (hand: Hand) =>
  async (userId: string, channelId: string, messageTs: string, button: string, options: PressOptions = {}): Promise<PressOutcome> =>
    pressIn(hand, userId, messagePlace(hand.workspace, userId, channelId, messageTs), button, options);

export const pressInView = (hand: Hand) =>
  async (userId: string, viewId: string, button: string, options: PressOptions = {}): Promise<PressOutcome> =>
    pressIn(hand, userId, viewPlace(hand.workspace, userId, viewId), button, options);

const suggestIn = async ({ workspace, dispatch }: Hand, userId: string, place: Place, { blockId, element }: Found, query: string): Promise<readonly JsonObject[]> => {
  const outcome = await dispatch.deliver('interactive', {
    type: 'block_suggestion', ...identity(workspace, actor(workspace, userId)), ...placeJson(workspace, place),
    block_id: blockId, action_id: element['action_id'], value: query,
  });
  if (!outcome.ok) throw new Error(`The menu stays empty: ${outcome.error} (${outcome.detail}).`);
  const problems = problemsOf(suggestions, outcome.body);
  if (problems.length > 0) throw new Error(`Slack shows no such menu: ${problems.join('; ')}`);
  return isObject(outcome.body) ? optionsIn(outcome.body) : [];
};

const SELECTS = /^(?:static_select|external_select|overflow|radio_buttons|users_select|channels_select|conversations_select)$/;
const BY_ID: Readonly<Record<string, string>> = { users_select: 'selected_user', channels_select: 'selected_channel', conversations_select: 'selected_conversation' };

const chosenIn = async (hand: Hand, userId: string, place: Place, found: Found, wanted: string, query: string): Promise<JsonObject> => {
  const type = textIn(found.element, 'type') ?? '';
  const byId = BY_ID[type];
  if (byId !== undefined) return { [byId]: wanted };
  const options = type === 'external_select' ? await suggestIn(hand, userId, place, found, query) : optionsIn(found.element);
  return { selected_option: findOption(options, wanted) };
};

export interface ChooseOptions extends HandOptions {
  /** What is typed into an external_select to find the option; the option's own name when absent. */
  readonly query?: string;
}

const chooseIn = async (hand: Hand, userId: string, place: Place, menu: string, wanted: string, options: ChooseOptions): Promise<Outcome> => {
  const found = findElement(place, menu, SELECTS);
  const chosen = await chosenIn(hand, userId, place, found, wanted, options.query ?? wanted);
  const kept: Place = place.kind === 'view'
    ? { ...place, view: hand.workspace.views.choose(place.view, found.blockId, textIn(found.element, 'action_id') ?? '', { type: found.element['type'] ?? '', ...chosen }) }
    : place;
  return hand.dispatch.deliver('interactive', changed(blockActions(hand.workspace, userId, kept, found, chosen), options));
};

/** Chooses from a menu by text or value; an external_select asks the app for its options first. */
export const choose = (hand: Hand) =>
  async (userId: string, channelId: string, messageTs: string, menu: string, option: string, options: ChooseOptions = {}): Promise<Outcome> =>
    chooseIn(hand, userId, messagePlace(hand.workspace, userId, channelId, messageTs), menu, option, options);

export const chooseInView = (hand: Hand) =>
  async (userId: string, viewId: string, menu: string, option: string, options: ChooseOptions = {}): Promise<Outcome> =>
    chooseIn(hand, userId, viewPlace(hand.workspace, userId, viewId), menu, option, options);

/** What an external_select offers for what is typed. */
export const suggest = (hand: Hand) => async (userId: string, viewId: string, menu: string, query: string): Promise<readonly JsonObject[]> => {
  const place = viewPlace(hand.workspace, userId, viewId);
  return suggestIn(hand, userId, place, findElement(place, menu, /^external_select$/), query);
};

/** "Debug from this message…" in the menu of a message; not there on messages only one person sees. */
export const messageShortcut = ({ workspace, dispatch }: Hand) =>
  async (userId: string, channelId: string, messageTs: string, callbackId: string, options: HandOptions = {}): Promise<Outcome> => {
    const person = actor(workspace, userId);
    const channel = openChannel(workspace, userId, channelId);
    const message = workspace.messages.get(channelId, messageTs);
    if (person.stranger || message === undefined) throw new Error(`${userId} finds no shortcut on ${messageTs} in ${channelId}.`);
    const content: JsonObject = {
      type: 'message_action', callback_id: callbackId, ...identity(workspace, person),
      trigger_id: workspace.secrets.issueTrigger(userId), action_ts: workspace.nextTs(), message_ts: messageTs,
      response_url: responseUrl(workspace, { source: 'actions', channel: channelId, user: userId, message: { ts: messageTs, ephemeral: false } }),
      channel: { id: channel.id, name: channel.name }, message: messageJson(workspace, message),
    };
    return dispatch.deliver('interactive', changed(content, options));
  };

/** A shortcut of the lightning menu: no channel, no message. */
export const globalShortcut = ({ workspace, dispatch }: Hand) =>
  async (userId: string, callbackId: string, options: HandOptions = {}): Promise<Outcome> =>
    dispatch.deliver('interactive', changed({
      type: 'shortcut', callback_id: callbackId, ...identity(workspace, actor(workspace, userId)),
      trigger_id: workspace.secrets.issueTrigger(userId), action_ts: workspace.nextTs(),
    }, options));
