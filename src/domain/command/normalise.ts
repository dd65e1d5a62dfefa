/**
 * What Slack clients do to typed text, recognised at one position. Each rule undoes one change, once; the tokenizer in
 * words.ts decides where a rule applies (outside quotes) and lists what was changed.
 *
 * Source: https://docs.slack.dev/messaging/formatting-message-text (escaping, links in retrieved messages).
 */

export interface Normalisation {
  /** UTF-16 units of the text as typed. */
  readonly offset: number;
  readonly from: string;
  readonly to: string;
}

export type SlackToken =
  | { readonly kind: 'text' | 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'mention'; readonly from: string };

const ESCAPES: ReadonlyMap<string, string> = new Map([['&amp;', '&'], ['&lt;', '<'], ['&gt;', '>']]);
const ESCAPE = /&(?:amp|lt|gt);/y;
const ESCAPE_ANYWHERE = /&(?:amp|lt|gt);/g;
const LINK = /<((?:https?|ftps?|sftp|ssh|git|mailto|tel|slack|file):[^<>|\s]*)(?:\|([^<>\n]*))?>/iy;
const MENTION = /<[@#!][^<>\n]*>/y;

const unescaped = (text: string): string => text.replaceAll(ESCAPE_ANYWHERE, (escape) => ESCAPES.get(escape) ?? escape);

const matchAt = (pattern: RegExp, text: string, position: number): RegExpExecArray | null => {
  pattern.lastIndex = position;
  return pattern.exec(text);
};

/** `&amp;`, an auto-link, or another entity (`<@U…>`, `<#C…>`, `<!here>`) that begins exactly at `position`. */
export const slackTokenAt = (text: string, position: number): SlackToken | undefined => {
  const escape = matchAt(ESCAPE, text, position)?.[0];
  if (escape !== undefined) return { kind: 'text', from: escape, to: unescaped(escape) };
  const link = matchAt(LINK, text, position);
  // The label is what the person typed; the address is what Slack made of it.
  if (link !== null) return { kind: 'link', from: link[0], to: unescaped(link[2] ?? link[1] ?? '') };
  const mention = matchAt(MENTION, text, position)?.[0];
  return mention === undefined ? undefined : { kind: 'mention', from: mention };
};

export const isDash = (unit: string): boolean => unit === '—' || unit === '–';

export interface Quote {
  /** The straight quote that is meant. */
  readonly straight: '"' | "'";
  readonly closers: string;
}

/** A curly quote is closed by any of its kind or the straight one; a straight quote only by itself. */
export const quoteAt = (unit: string): Quote | undefined => {
  if (unit === '"' || unit === "'") return { straight: unit, closers: unit };
  if ('“”„‟'.includes(unit)) return { straight: '"', closers: '"“”„‟' };
  if ('‘’‚‛'.includes(unit)) return { straight: "'", closers: "'‘’‚‛" };
  return undefined;
};

export interface Inside {
  readonly start: number;
  readonly end: number;
  readonly normalised: readonly Normalisation[];
}

const isBlank = (unit: string): boolean => unit === ' ' || unit === '\t' || unit === '\n' || unit === '\r';

const trimmed = (text: string, from: number, to: number): { start: number; end: number } => {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charAt(start))) start += 1;
  while (end > start && isBlank(text.charAt(end - 1))) end -= 1;
  return { start, end };
};

const wrapOf = (inner: string): string | undefined =>
  ['```', '`'].find((ticks) =>
    inner.length >= 2 * ticks.length && inner.startsWith(ticks) && inner.endsWith(ticks)
    && !inner.slice(ticks.length, -ticks.length).includes(ticks));

/** The part of the text between blanks and, when the whole is in code ticks or a fence, between those: once. */
export const insideTicks = (text: string): Inside => {
  const outer = trimmed(text, 0, text.length);
  const ticks = wrapOf(text.slice(outer.start, outer.end));
  if (ticks === undefined) return { ...outer, normalised: [] };
  const inner = trimmed(text, outer.start + ticks.length, outer.end - ticks.length);
  const off = (offset: number): Normalisation => ({ offset, from: ticks, to: '' });
  return { ...inner, normalised: [off(outer.start), off(outer.end - ticks.length)] };
};
