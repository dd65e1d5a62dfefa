import { isObject, objectsBelow, type Json, type JsonObject } from '../json.ts';
import { BLOCK_KIT, MESSAGE_BLOCKS_MAX, VIEW_BLOCKS_MAX } from '../limits.ts';
import { both, byType, flag, integer, list, object, oneOf, problemsOf, someOf, string, unique, type Check } from './check.ts';
import { accessoryElement, actionElement, contextElement, image, inputElement } from './elements.ts';
import { anyText, id, plainText } from './objects.ts';
import { richTextFields } from './richText.ts';

/**
 * The blocks of https://docs.slack.dev/reference/block-kit/blocks that this fake knows. The newest ones (card, carousel,
 * container, plan, data_table…) are refused like a misspelt type: a workspace that has not got them does the same.
 */
const block_id = id;

const BLOCKS: Readonly<Record<string, Check>> = {
  section: both(
    object({}, {
      block_id,
      text: anyText(BLOCK_KIT.sectionText),
      fields: list(anyText(BLOCK_KIT.fieldText), BLOCK_KIT.fields),
      accessory: accessoryElement,
      expand: flag,
    }),
    someOf('text', 'fields'),
  ),
  divider: object({}, { block_id }),
  header: object({ text: plainText(BLOCK_KIT.headerText) }, { block_id, level: integer(1, 4) }),
  context: object({ elements: list(contextElement, BLOCK_KIT.contextElements) }, { block_id }),
  actions: object({ elements: both(list(actionElement, BLOCK_KIT.actionsElements), unique('action_id')) }, { block_id }),
  image: (value, at, problems) => imageBlock(value, at, problems),
  input: object(
    { label: plainText(BLOCK_KIT.label), element: inputElement },
    { block_id, hint: plainText(BLOCK_KIT.hint), optional: flag, dispatch_action: flag },
  ),
  rich_text: object(richTextFields, { block_id }),
  markdown: object({ text: string(BLOCK_KIT.markdownText) }, { block_id }),
  table: object(
    { rows: list(list(byType({ raw_text: object({ text: string(BLOCK_KIT.textObject) }), rich_text: object(richTextFields) }), BLOCK_KIT.tableCells), BLOCK_KIT.tableRows) },
    { block_id, column_settings: list(object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }), BLOCK_KIT.tableCells) },
  ),
};

const imageBlock: Check = (value, at, problems) => {
  const { block_id: given, title, ...rest } = (value ?? {}) as JsonObject;
  image(rest, at, problems);
  if (given !== undefined) block_id(given, `${at}/block_id`, problems);
  if (title !== undefined) plainText(BLOCK_KIT.imageTitle)(title, `${at}/title`, problems);
};

const block = byType(BLOCKS);

const characters = (value: Json | undefined): number => {
  let total = 0;
  for (const [object] of objectsBelow(value)) if (typeof object['text'] === 'string') total += object['text'].length;
  return total;
};

/** https://docs.slack.dev/reference/block-kit/blocks/table-block: one table a message, and so many characters in its cells. */
const tables: Check = (value, at, problems) => {
  const found = (Array.isArray(value) ? value : []).filter((one) => isObject(one) && one['type'] === 'table');
  if (found.length > BLOCK_KIT.tables) problems.push(`[ERROR] only one table is allowed [json-pointer:${at}]`);
  if (characters(found) > BLOCK_KIT.tableChars) problems.push(`[ERROR] a table must be less than ${BLOCK_KIT.tableChars + 1} characters [json-pointer:${at}]`);
};

const blocksUpTo = (max: number): Check => both(both(list(block, max, 0), unique('block_id')), tables);

/** What Slack finds wrong with the blocks of a message: one line for each mistake, with its JSON pointer. */
export const blockProblems = (blocks: Json | undefined): readonly string[] =>
  problemsOf(blocksUpTo(MESSAGE_BLOCKS_MAX), blocks, '/blocks');

export const viewBlocks: Check = blocksUpTo(VIEW_BLOCKS_MAX);
