import { sentence } from './sentence.ts';

/** More than a card can show; a server that sends more is not listened to. */
const WARNINGS_MAX = 10;
const WARNING = /\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g;

/** The texts of `Warning: 299 - "…"` headers (RFC 7234 §5.5), one sentence each, without repetitions. */
export const warningsOf = (header: string | readonly string[] | undefined): readonly string[] => {
  const all = [header ?? []].flat().join(', ');
  const texts = [...all.matchAll(WARNING)].map((match) => sentence((match[1] ?? '').replace(/\\(.)/g, '$1')));
  return [...new Set(texts)].filter((text) => text !== '').slice(0, WARNINGS_MAX);
};
