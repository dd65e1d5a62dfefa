import type { Finder, Found, Hit, Rule } from './found.ts';

interface Anchor {
  readonly text: string;
  readonly rule: number;
  readonly ignoreCase: boolean;
}

const FIVE_BITS = 31;
const TRIPLES = 32 * 32 * 32;

/** Five bits of each of three characters: upper and lower case of a letter are the same. */
const triple = (first: number, second: number, third: number): number =>
  ((first & FIVE_BITS) << 10) | ((second & FIVE_BITS) << 5) | (third & FIVE_BITS);

const isUpper = (code: number): boolean => code >= 65 && code <= 90;

const lowerCode = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return isUpper(code) ? code + 32 : code;
};

const standsAt = (text: string, at: number, { text: literal, ignoreCase }: Anchor): boolean => {
  if (at + literal.length > text.length) return false;
  for (let index = 0; index < literal.length; index += 1) {
    const code = ignoreCase ? lowerCode(text, at + index) : text.charCodeAt(at + index);
    if (code !== literal.charCodeAt(index)) return false;
  }
  return true;
};

/** An anchor of two characters may be followed by any third. */
const beginningsOf = ({ text }: Anchor): readonly number[] =>
  Array.from({ length: text.length > 2 ? 1 : FIVE_BITS + 1 }, (_, any) =>
    triple(text.charCodeAt(0), text.charCodeAt(1), text.length > 2 ? text.charCodeAt(2) : any));

/** Which anchors begin with three characters: bucket 0 is empty. */
const bucketsOf = (rules: readonly Rule[]): { readonly bucketOf: Uint16Array; readonly buckets: readonly (readonly Anchor[])[] } => {
  const bucketOf = new Uint16Array(TRIPLES);
  const buckets: Anchor[][] = [[]];
  for (const [rule, { anchors, ignoreCase }] of rules.entries()) {
    for (const anchor of anchors.map((text) => ({ text, rule, ignoreCase: ignoreCase === true }))) {
      for (const beginning of beginningsOf(anchor)) {
        if (bucketOf[beginning] === 0) bucketOf[beginning] = buckets.push([]) - 1;
        buckets[bucketOf[beginning] ?? 0]?.push(anchor);
      }
    }
  }
  return { bucketOf, buckets };
};

/**
 * One pass for all rules: a table of the first three characters says where an anchor may stand, and only there a rule is asked.
 * After a hit a rule goes on behind it, so that nothing is read twice.
 */
export const createScan = (rules: readonly Rule[]): Finder => {
  const { bucketOf, buckets } = bucketsOf(rules);
  return (text) => {
    const found: Found[] = [];
    const resumeAt = new Uint32Array(rules.length);
    const ask = (anchor: Anchor, at: number): void => {
      const rule = rules[anchor.rule];
      if (rule === undefined || at < (resumeAt[anchor.rule] ?? 0) || !standsAt(text, at, anchor)) return;
      const hit: Hit | number | undefined = rule.find(text, at, anchor.text);
      if (hit === undefined) return;
      resumeAt[anchor.rule] = typeof hit === 'number' ? hit : hit.end;
      if (typeof hit !== 'number' && hit.end > hit.start) found.push({ start: hit.start, end: hit.end, what: hit.what ?? rule.what });
    };
    const look = (bucket: number, at: number): void => {
      if (bucket !== 0) for (const anchor of buckets[bucket] ?? []) ask(anchor, at);
    };
    // The last three characters, of which each step forgets one. To read beyond the end would slow every step.
    const last = text.length - 2;
    let recent = triple(0, text.charCodeAt(0), text.charCodeAt(1));
    for (let at = 0; at < last; at += 1) {
      recent = ((recent << 5) | (text.charCodeAt(at + 2) & FIVE_BITS)) & (TRIPLES - 1);
      if (bucketOf[recent] !== 0) look(bucketOf[recent] ?? 0, at);
    }
    if (last >= 0) look(bucketOf[(recent << 5) & (TRIPLES - 1)] ?? 0, last);
    return found;
  };
};
