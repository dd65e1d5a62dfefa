import type { ChannelId, GroupId, Instant, UserId } from '../../../domain/names.ts';
import type { Principal } from '../../../domain/policy/rule.ts';
import { oneLine } from '../render/escape.ts';

/**
 * Words before they become Block Kit: what is written in a template here is ours; every value is text that somebody
 * else may have chosen and is shown literally, whatever is in it. Mentions and times exist as values of their own, made
 * of checked ids only.
 */
export type Span =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly user: UserId }
  | { readonly group: GroupId }
  | { readonly channel: ChannelId }
  | { readonly at: Instant }
  /** Slack's own link to a message, with words of ours. */
  | { readonly link: string; readonly label: string };

export type Sentence = readonly Span[];

/** say`No pod starts with ${code(prefix)}.` */
export const say = (ours: TemplateStringsArray, ...values: readonly (Span | Sentence)[]): Sentence => {
  const sentence: Span[] = [];
  const add = (span: Span): void => {
    const last = sentence.at(-1);
    if (typeof span === 'string' && typeof last === 'string') sentence[sentence.length - 1] = last + span;
    else if (span !== '') sentence.push(span);
  };
  ours.forEach((text, index) => [text, ...spans(values[index])].forEach(add));
  return sentence;
};

const isSentence = (value: Span | Sentence): value is Sentence => Array.isArray(value);
const spans = (value: Span | Sentence | undefined): Sentence => {
  if (value === undefined || value === '') return [];
  if (isSentence(value)) return value;
  // a line break in somebody's text would begin a line that looks like ours
  return [typeof value === 'string' ? oneLine(value) : value];
};

export const code = (text: string): Span => ({ code: text });
export const strong = (text: string): Span => ({ strong: text });
export const person = (user: UserId): Span => ({ user });
export const inChannel = (channel: ChannelId): Span => ({ channel });
export const at = (instant: Instant): Span => ({ at: instant });
const PERMALINK = /^https:\/\/[a-z0-9-]+(?:\.enterprise)?\.slack\.com\/archives\/[CDG][A-Z0-9]{1,20}\/p[0-9]{6,30}(?:\?thread_ts=[0-9.]{1,30}&cid=[CDG][A-Z0-9]{1,20})?$/;

/** ` · card`, linked; nothing at all for an address that is not one of Slack's to a message. */
export const linkTo = (url: string | undefined, label: string): Sentence => (url !== undefined && PERMALINK.test(url) ? [' · ', { link: url, label }] : []);
export const principal = (one: Principal): Span => (one.kind === 'user' ? { user: one.id } : { group: one.id });

/** `a`, `b` or `c`. */
export const listed = (items: readonly Span[], last: 'or' | 'and' | ',' = ','): Sentence =>
  items.flatMap((item, index): Sentence => {
    if (index === 0) return [item];
    return [index === items.length - 1 && last !== ',' ? ` ${last} ` : ', ', item];
  });

export const joined = (sentences: readonly Sentence[], between: string): Sentence =>
  sentences.flatMap((sentence, index) => (index === 0 ? sentence : [between, ...sentence]));

const SHOWN_MAX = 8;

/** At most eight, then how many more. */
export const someOf = (names: readonly string[], none: string): Sentence => {
  if (names.length === 0) return [none];
  const shown = listed(names.slice(0, SHOWN_MAX).map(code));
  return names.length > SHOWN_MAX ? [...shown, ` and ${names.length - SHOWN_MAX} more`] : shown;
};
