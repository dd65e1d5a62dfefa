/** Refusals and people in the words of a terminal: what Slack would show as mentions are ids here. */
import { oneLine } from '../adapters/slack/render/escape.ts';
import { refusalSentence } from '../adapters/slack/wording/refusals.ts';
import type { Span } from '../adapters/slack/wording/sentence.ts';
import type { Principal } from '../domain/policy/rule.ts';
import type { Refusal } from '../domain/refusal.ts';

const plain = (span: Span): string => {
  if (typeof span === 'string') return span;
  if ('code' in span) return oneLine(span.code);
  if ('strong' in span) return `"${oneLine(span.strong)}"`;
  if ('link' in span) return span.label;
  if ('at' in span) return new Date(span.at).toISOString();
  return 'user' in span ? span.user : 'group' in span ? span.group : span.channel;
};

/** The sentence that the person would read. */
export const refusalWords = (refusal: Refusal): string => refusalSentence(refusal).map(plain).join('');

export const principalWords = ({ kind, id }: Principal): string => `${kind}:${id}`;

/** `a`, `a or b`, `a, b or c`. */
export const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

export const counted = (amount: number, noun: string, many = `${noun}s`): string => `${amount} ${amount === 1 ? noun : many}`;

/** Line breaks and what cannot be seen as escapes. */
export const oneLineOf = oneLine;

export const inQuotes = (text: string): string => `"${oneLine(text)}"`;
