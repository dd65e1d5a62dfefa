import { HEADER_OVERHEAD_CHARS } from '../limits.ts';
import { escaped } from './escape.ts';

const MARKUP_TYPE = 'mrkdwn';

/**
 * Characters as Slack counts them against a message's limit: every `text`, after escaping, and an overhead for each
 * header. Measured, not documented.
 */
export const countedCharacters = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countedCharacters(item), 0);
  const object = value as Readonly<Record<string, unknown>>;
  let sum = object['type'] === 'header' ? HEADER_OVERHEAD_CHARS : 0;
  for (const key of Object.keys(object)) {
    const member = object[key];
    sum += key === 'text' && typeof member === 'string' ? lengthOf(object, member) : countedCharacters(member);
  }
  return sum;
};

const lengthOf = (object: Readonly<Record<string, unknown>>, text: string): number =>
  object['type'] === MARKUP_TYPE ? text.length : escaped(text).length;
