import type { Finder, Found, Hit, Rule } from './found.ts';

interface Anchor {
  readonly text: string;
  readonly rule: number;
  readonly ignoreCase: boolean;
}

const SEVEN_BITS = 127;
const PAIRS = 128 * 128;

const pair = (first: number, second: number): number => ((first & SEVEN_BITS) << 7) | (second & SEVEN_BITS);

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

const casesOf = (character: string, ignoreCase: boolean): readonly string[] =>
  ignoreCase && character !== character.toUpperCase() ? [character, character.toUpperCase()] : [character];

const beginningsOf = (anchor: Anchor): readonly number[] =>
  casesOf(anchor.text.charAt(0), anchor.ignoreCase).flatMap((first) =>
    casesOf(anchor.text.charAt(1), anchor.ignoreCase).map((second) => pair(first.charCodeAt(0), second.charCodeAt(0))));

/** Which anchors begin with a pair of characters: bucket 0 is empty. */
const bucketsOf = (rules: readonly Rule[]): { readonly bucketOf: Uint16Array; readonly buckets: readonly (readonly Anchor[])[] } => {
  const bucketOf = new Uint16Array(PAIRS);
  const buckets: Anchor[][] = [[]];
  for (const [rule, { anchors, ignoreCase }] of rules.entries()) {
    for (const anchor of anchors.map((text) => ({ text, rule, ignoreCase: ignoreCase === true }))) {
      for (const beginning of new Set(beginningsOf(anchor))) {
        if (bucketOf[beginning] === 0) bucketOf[beginning] = buckets.push([]) - 1;
        buckets[bucketOf[beginning] ?? 0]?.push(anchor);
      }
    }
  }
  return { bucketOf, buckets };
};

/**
 * One pass for all rules: a table of character pairs says where an anchor may stand, and only there a rule is asked.
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
    let code = text.charCodeAt(0);
    for (let at = 0; at + 1 < text.length; at += 1) {
      const next = text.charCodeAt(at + 1);
      const bucket = bucketOf[pair(code, next)] ?? 0;
      code = next;
      if (bucket !== 0) for (const anchor of buckets[bucket] ?? []) ask(anchor, at);
    }
    return found;
  };
};
