import { objectIn, objectsIn, textIn, type Json, type JsonObject } from '../json.ts';
import type { View } from '../world/model.ts';
import { findOption, optionsIn } from './place.ts';

/** What a person enters, by block_id or action_id: a text, an option's text or value, an id, or several. */
export type Entered = Readonly<Record<string, string | readonly string[]>>;
type Values = Readonly<Record<string, Readonly<Record<string, Json>>>>;

const typedText = (element: JsonObject, text: string): JsonObject => {
  const least = element['min_length'];
  const most = element['max_length'];
  if (typeof least === 'number' && text.length < least) throw new Error(`Slack's form wants at least ${least} characters.`);
  if (typeof most === 'number' && text.length > most) throw new Error(`Slack's form takes at most ${most} characters.`);
  return { value: text };
};

/** The key of the state of each kind of element. */
const SINGLE: Readonly<Record<string, string>> = {
  users_select: 'selected_user', channels_select: 'selected_channel', conversations_select: 'selected_conversation',
  datepicker: 'selected_date', timepicker: 'selected_time', multi_users_select: 'selected_users',
  multi_channels_select: 'selected_channels', multi_conversations_select: 'selected_conversations',
};
const INITIAL: Readonly<Record<string, string>> = {
  value: 'initial_value', selected_option: 'initial_option', selected_options: 'initial_options', selected_user: 'initial_user',
  selected_channel: 'initial_channel', selected_conversation: 'initial_conversation', selected_date: 'initial_date', selected_time: 'initial_time',
};

const stateKey = (type: string): string => {
  if (type.endsWith('_input')) return 'value';
  return SINGLE[type] ?? (type === 'checkboxes' || type.startsWith('multi_') ? 'selected_options' : 'selected_option');
};

/** An external_select's options are the app's: what was chosen there comes as it was typed. */
const optionOf = (element: JsonObject, wanted: string): JsonObject =>
  textIn(element, 'type')?.includes('external') === true ? { text: { type: 'plain_text', text: wanted }, value: wanted } : findOption(optionsIn(element), wanted);

const enteredState = (element: JsonObject, entered: string | readonly string[]): JsonObject => {
  const key = stateKey(textIn(element, 'type') ?? '');
  if (key === 'value') return typedText(element, String(entered));
  if (key === 'selected_option') return { selected_option: optionOf(element, String(entered)) };
  if (key === 'selected_options') return { selected_options: [entered].flat().map((each) => optionOf(element, each)) };
  return { [key]: entered };
};

const initialState = (element: JsonObject): JsonObject => {
  const key = stateKey(textIn(element, 'type') ?? '');
  const initial = element[INITIAL[key] ?? ''];
  return { [key]: initial ?? (key === 'selected_options' ? [] : null) };
};

const isEmpty = (state: JsonObject): boolean =>
  Object.values(state).every((value) => value === null || value === '' || (Array.isArray(value) && value.length === 0));

const fieldState = (block: JsonObject, element: JsonObject, chosen: Json | undefined, entered: string | readonly string[] | undefined): JsonObject => {
  const kept = chosen === undefined ? initialState(element) : (chosen as JsonObject);
  const state = entered === undefined ? kept : enteredState(element, entered);
  const { type: _type, ...value } = state;
  if (block['optional'] !== true && isEmpty(value)) {
    throw new Error(`Slack's form says: Please complete this required field (${textIn(objectIn(block, 'label'), 'text') ?? ''}).`);
  }
  return { type: element['type'], ...value };
};

/** `state.values` of the submission. Throws for a field that is not in the form. */
export const filledIn = (view: View, entered: Entered): Values => {
  const unused = new Set(Object.keys(entered));
  const values: Record<string, Record<string, Json>> = Object.fromEntries(Object.entries(view.values).map(([blockId, chosen]) => [blockId, { ...chosen }]));
  for (const block of objectsIn(view.body, 'blocks').filter((each) => each['type'] === 'input')) {
    const element = objectIn(block, 'element') ?? {};
    const blockId = textIn(block, 'block_id') ?? '';
    const actionId = textIn(element, 'action_id') ?? '';
    const key = unused.has(blockId) ? blockId : actionId;
    values[blockId] = { [actionId]: fieldState(block, element, view.values[blockId]?.[actionId], unused.has(key) ? entered[key] : undefined) };
    unused.delete(key);
  }
  if (unused.size > 0) throw new Error(`The form has no field ${[...unused].join(', ')}.`);
  return values;
};
