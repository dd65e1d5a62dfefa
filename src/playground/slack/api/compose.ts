import { Buffer } from 'node:buffer';
import { blockProblems } from '../blocks/blocks.ts';
import { countedCharacters } from '../blocks/count.ts';
import { referencesInBlocks, referencesInText, type AutoParse } from '../blocks/references.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { BLOCKS_COUNTED_CHARS_MAX, MESSAGE_TEXT_CHARS_MAX, UPDATE_TEXT_BYTES_MAX } from '../limits.ts';
import { refusedBecause, SlackError } from '../slackError.ts';
import type { Workspace } from '../workspace.ts';
import type { Content } from '../world/model.ts';
import { flagArg, listArg, objectArg, textArg } from './call.ts';

const INTERACTIVE = /^(?:button|overflow|checkboxes|radio_buttons|(?:date|time|datetime)picker|.*_select|.*_input)$/;

/** Slack names every block and every interactive element that its author left unnamed. */
export const withIds = (blocks: readonly Json[], nextId: (prefix: string) => string): readonly JsonObject[] => {
  const element = (value: Json | undefined): Json | undefined =>
    isObject(value) && typeof value['type'] === 'string' && INTERACTIVE.test(value['type']) ? { action_id: nextId('a'), ...value } : value;
  return blocks.filter(isObject).map((block) => {
    const { elements, accessory, element: input } = block;
    return {
      block_id: nextId('b'),
      ...block,
      ...(block['type'] === 'actions' && Array.isArray(elements) ? { elements: elements.map((each: Json) => element(each) ?? null) } : {}),
      ...(accessory === undefined ? {} : { accessory: element(accessory) }),
      ...(input === undefined ? {} : { element: element(input) }),
    };
  });
};

/** The default of `parse` differs: a post links URLs, an update does what a client would. Both link unless told `none`. */
const autoParse = (args: JsonObject): AutoParse => {
  const parse = textArg(args, 'parse');
  return { links: parse !== 'none', names: parse === 'full' || flagArg(args, 'link_names') };
};

const checkedBlocks = (args: JsonObject): readonly Json[] => {
  const blocks = listArg(args, 'blocks', 'invalid_blocks_format') ?? [];
  const problems = blockProblems(blocks);
  if (problems.length > 0) throw refusedBecause('invalid_blocks', problems);
  if (countedCharacters(blocks) > BLOCKS_COUNTED_CHARS_MAX) throw new SlackError('msg_blocks_too_long');
  return blocks;
};

const checkedMetadata = (args: JsonObject): JsonObject | undefined => {
  const metadata = objectArg(args, 'metadata', 'invalid_metadata_format');
  if (metadata === undefined) return undefined;
  if (typeof metadata['event_type'] !== 'string' || !isObject(metadata['event_payload'])) throw new SlackError('invalid_metadata_schema');
  return metadata;
};

const refuseLongText = (text: string, kind: 'post' | 'update'): void => {
  if (text.length > MESSAGE_TEXT_CHARS_MAX) throw new SlackError('msg_too_long');
  if (kind === 'update' && Buffer.byteLength(text, 'utf8') > UPDATE_TEXT_BYTES_MAX) throw new SlackError('msg_too_long');
};

/**
 * What the arguments of a post or an update say, checked as Slack checks it. Throws no_text, msg_too_long,
 * invalid_blocks, invalid_blocks_format, msg_blocks_too_long, invalid_attachments (legacy, not in this fake).
 */
export const compose = ({ people, nextId }: Workspace, args: JsonObject, kind: 'post' | 'update'): Content => {
  if ((listArg(args, 'attachments', 'invalid_attachments') ?? []).length > 0) throw new SlackError('invalid_attachments');
  const text = textArg(args, 'text') ?? '';
  const blocks = checkedBlocks(args);
  if (text === '' && blocks.length === 0) throw new SlackError('no_text');
  refuseLongText(text, kind);
  const metadata = checkedMetadata(args);
  return {
    text,
    blocks: withIds(blocks, nextId),
    references: [...referencesInText(text, autoParse(args), people.names, '/text'), ...referencesInBlocks(blocks, people.names)],
    ...(metadata === undefined ? {} : { metadata }),
  };
};
