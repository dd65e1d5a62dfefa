/** All words of a message, also those of its blocks and attachments, where alerts have theirs. Read only, never shown. */
import { MENTION_TEXT_CHARS_MAX } from '../../../domain/pod-mentions.ts';

const DEPTH_MAX = 8;
/** Where an author's words stand: https://docs.slack.dev/reference/block-kit and /messaging/#attachments. */
const WORDS = ['pretext', 'title', 'text', 'fallback', 'value', 'footer'] as const;
const PARTS = ['blocks', 'attachments', 'fields', 'elements', 'columns'] as const;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const unescaped = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** A field of an attachment says what it is in its title: `pod` and `api-0` become `pod: api-0`. */
const ofObject = (part: Readonly<Record<string, unknown>>, depth: number): readonly string[] => {
  const { title, value } = part;
  const labelled = typeof title === 'string' && typeof value === 'string' ? [`${title}: ${value}`] : [];
  const words = WORDS.flatMap((key) => wordsIn(part[key], depth + 1));
  return [...labelled, ...words, ...PARTS.flatMap((key) => wordsIn(part[key], depth + 1))];
};

const wordsIn = (value: unknown, depth: number): readonly string[] => {
  if (depth > DEPTH_MAX) return [];
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((one: unknown) => wordsIn(one, depth + 1));
  return isObject(value) ? ofObject(value, depth) : [];
};

export const wordsOf = (message: unknown): string => unescaped(wordsIn(message, 0).join('\n').slice(0, MENTION_TEXT_CHARS_MAX));
