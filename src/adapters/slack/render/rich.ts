/** Sentences to Block Kit. Text of others becomes a literal element; only checked ids become mentions. */
import type { KnownBlock, RichTextBlock, RichTextElement, RichTextPreformatted, RichTextSection } from '@slack/types';
import { TEXT_BYTES_MAX } from '../limits.ts';
import type { Sentence, Span } from '../wording/sentence.ts';
import { bytesOf, escaped, oneLine, visible } from './escape.ts';

/** A message before it is anybody's: `text` is what screen readers and notifications say. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

const SECOND_MS = 1_000;

/** `14:37 UTC` */
export const clock = (instant: number): string => `${new Date(instant).toISOString().slice(11, 16)} UTC`;

const element = (span: Span): RichTextElement => {
  if (typeof span === 'string') return { type: 'text', text: visible(span) };
  if ('code' in span) return { type: 'text', text: oneLine(span.code), style: { code: true } };
  if ('strong' in span) return { type: 'text', text: oneLine(span.strong), style: { bold: true } };
  if ('user' in span) return { type: 'user', user_id: span.user };
  if ('group' in span) return { type: 'usergroup', usergroup_id: span.group };
  if ('channel' in span) return { type: 'channel', channel_id: span.channel };
  if ('link' in span) return { type: 'link', url: span.link, text: span.label };
  return { type: 'date', timestamp: Math.floor(span.at / SECOND_MS), format: '{time}', fallback: clock(span.at) };
};

/** Slack refuses an empty text element; an empty value is shown as nothing at all. */
const isEmpty = (one: RichTextElement): boolean => one.type === 'text' && one.text === '';

export const line = (sentence: Sentence): RichTextSection => ({
  type: 'rich_text_section', elements: sentence.map(element).filter((one) => !isEmpty(one)),
});

/** Several sentences in one section, each on its own line. */
export const lines = (sentences: readonly Sentence[]): RichTextSection =>
  line(sentences.flatMap((sentence, index): Sentence => (index === 0 ? sentence : ['\n', ...sentence])));

/** Literal text in a box: nothing in it is markup, not even three ticks. */
export const box = (text: string): RichTextPreformatted => ({
  type: 'rich_text_preformatted', elements: [{ type: 'text', text: visible(text) }],
});

export const richText = (...elements: readonly (RichTextSection | RichTextPreformatted)[]): RichTextBlock => ({
  type: 'rich_text', elements: elements.filter((one) => one.elements.length > 0),
});

/** A span as markup for `text`; the literal ones escaped. */
const markup = (span: Span): string => {
  if (typeof span === 'string') return escaped(visible(span));
  if ('code' in span) return escaped(oneLine(span.code));
  if ('strong' in span) return escaped(oneLine(span.strong));
  if ('user' in span) return `<@${span.user}>`;
  if ('group' in span) return `<!subteam^${span.group}>`;
  if ('channel' in span) return `<#${span.channel}>`;
  // who is read to cannot follow it
  if ('link' in span) return escaped(visible(span.label));
  return clock(span.at);
};

const CUT = ' …';

/** Top-level text, cut between spans or within a literal one, never within an entity. Never empty. */
export const spoken = (sentences: readonly Sentence[]): string => {
  let text = '';
  for (const span of sentences.flatMap((sentence, index): Sentence => (index === 0 ? sentence : [' ', ...sentence]))) {
    const next = markup(span);
    if (bytesOf(text) + bytesOf(next) > TEXT_BYTES_MAX - bytesOf(CUT)) return `${text}${beginning(span, TEXT_BYTES_MAX - bytesOf(text) - bytesOf(CUT))}${CUT}`;
    text += next;
  }
  return text.trim() === '' ? 'kdebug' : text;
};

const beginning = (span: Span, bytesMax: number): string => {
  const literal = typeof span === 'string' ? span : 'code' in span ? span.code : '';
  let text = '';
  for (const character of visible(literal.slice(0, bytesMax))) {
    if (bytesOf(text) + bytesOf(escaped(character)) > bytesMax) break;
    text += escaped(character);
  }
  return text;
};

/** Plain words as a message: one rich text block. */
export const worded = (...sentences: readonly Sentence[]): Message => ({
  text: spoken(sentences), blocks: [richText(lines(sentences))],
});
