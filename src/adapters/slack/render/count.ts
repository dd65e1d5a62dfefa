import { HEADER_OVERHEAD_CHARS } from '../limits.ts';
import { escaped } from './escape.ts';

const MARKUP_TYPE = 'mrkdwn';

/**
 * Characters as Slack counts them against a message's limit: every `text`, after escaping, and an overhead for each
 * header. Measured, not documented.
 */
export const countedCharacters = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countedCharacters(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const own = Object.entries(value).reduce((sum, [key, member]) => sum + (key === 'text' && typeof member === 'string' ? lengthOf(value, member) : countedCharacters(member)), 0);
  return 'type' in value && value.type === 'header' ? own + HEADER_OVERHEAD_CHARS : own;
};

const lengthOf = (object: object, text: string): number =>
  'type' in object && object.type === MARKUP_TYPE ? text.length : escaped(text).length;
