import { describeBinary } from './binary.ts';
import { decode, isBinary } from './bytes.ts';
import { findBrokenBeginning, findBrokenEnd } from './cut.ts';
import { fit } from './fit.ts';
import type { Finder, Found } from './found.ts';
import { findAfterCut, findBeforeCut } from './lost-context.ts';
import { type Readable, findBesideNuls } from './nul.ts';
import { hide, joinFound } from './redact.ts';
import { sanitise } from './sanitise.ts';

export interface Kept {
  readonly head: Uint8Array;
  /** Present when bytes between head and tail were left out. */
  readonly tail?: Uint8Array | undefined;
  /** False: there was more behind the last byte. Absent: true. */
  readonly complete?: boolean;
  /** How many there were in all. Absent: those of head and tail. */
  readonly bytes?: number;
}

export interface Shown {
  readonly head: string;
  readonly tail?: string;
  readonly binary: boolean;
  readonly redactions: readonly { readonly what: string; readonly count: number }[];
}

const countWhats = (whats: readonly string[]): Shown['redactions'] => {
  const counts = new Map<string, number>();
  for (const what of whats) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts].map(([what, count]) => ({ what, count })).sort((left, right) => right.count - left.count);
};

/** Where the text was cut: half lines, and values whose context is gone, are in no rule. */
interface Edges {
  readonly beginning: boolean;
  readonly end: boolean;
}

const besideCuts = (text: string, { beginning, end }: Edges): readonly Found[] =>
  [...(beginning ? [...findBrokenBeginning(text), ...findAfterCut(text)] : []), ...(end ? [...findBrokenEnd(text), ...findBeforeCut(text)] : [])];

const shownText = ({ text, found }: Readable, edges: Edges): { readonly text: string; readonly whats: readonly string[] } => {
  const all = joinFound([...found, ...besideCuts(text, edges)]);
  return { text: hide(text, all), whats: all.map(({ what }) => what) };
};

/** A log that broke off in the midst of a line is cut there too. */
const endsEarly = (text: string, complete: boolean): boolean => !complete && text !== '' && !text.endsWith('\n');

/** Sanitise, redact, cut: in that order, because a cut or an escape sequence in a secret hides it from every rule. */
export const show = ({ head, tail, complete = true, bytes = head.byteLength + (tail?.byteLength ?? 0) }: Kept, find: Finder, bytesMax: number): Shown => {
  if (isBinary(head)) return { head: describeBinary(head, bytes), binary: true, redactions: [] };
  const [first, last] = [head, tail].map((bytes) => bytes && findBesideNuls(sanitise(decode(bytes)), find));
  const begin = first ?? { text: '', found: [] };
  const broken = endsEarly((last ?? begin).text, complete);
  const shownHead = shownText(begin, { beginning: false, end: last !== undefined || broken });
  const shownTail = last && shownText(last, { beginning: true, end: broken });
  const whats = [...shownHead.whats, ...(shownTail?.whats ?? [])];
  return { ...fit(shownHead.text, shownTail?.text, bytesMax), binary: false, redactions: countWhats(whats) };
};
