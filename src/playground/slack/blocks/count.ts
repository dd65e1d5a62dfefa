import { objectsBelow, type Json } from '../json.ts';
import { HEADER_OVERHEAD_CHARS } from '../limits.ts';

const ESCAPED_CHARS: Readonly<Record<string, number>> = { '&': 5, '<': 4, '>': 4 };
const LITERAL = /[&<>]/g;
const BARE_AMPERSAND = /&(?!amp;|lt;|gt;)/g;

const extra = (text: string, pattern: RegExp): number => {
  let chars = 0;
  for (const match of text.matchAll(pattern)) chars += (ESCAPED_CHARS[match[0]] ?? 1) - 1;
  return chars;
};

/**
 * The characters that Slack counts of a message's blocks: every text, escaped (mrkdwn comes escaped already, plain and
 * rich text do not), and an overhead for each header. Slack documents none of this; the number is measured.
 */
export const countedCharacters = (blocks: Json | undefined): number => {
  let total = 0;
  for (const [object] of objectsBelow(blocks)) {
    if (object['type'] === 'header') total += HEADER_OVERHEAD_CHARS;
    const { text } = object;
    if (typeof text === 'string') total += text.length + extra(text, object['type'] === 'mrkdwn' ? BARE_AMPERSAND : LITERAL);
  }
  return total;
};
