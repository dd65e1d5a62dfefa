import { dump, decode, isBinary } from './bytes.ts';
import { BESIDE_CUT, withholdBeginning, withholdEnd } from './cut.ts';
import { fit } from './fit.ts';
import type { Finder } from './found.ts';
import { findBesideNuls } from './nul.ts';
import { hide } from './redact.ts';
import { sanitise } from './sanitise.ts';

export interface Kept {
  readonly head: Uint8Array;
  /** Present when bytes between head and tail were left out. */
  readonly tail?: Uint8Array | undefined;
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

/** Sanitise, redact, cut: in that order, because a cut or an escape sequence in a secret hides it from every rule. */
export const show = ({ head, tail }: Kept, find: Finder, bytesMax: number): Shown => {
  if (isBinary(head)) return { head: dump(head), binary: true, redactions: [] };
  const [first, last] = [head, tail].map((bytes) => bytes && findBesideNuls(sanitise(decode(bytes)), find));
  const shownHead = first ? hide(first.text, first.found) : '';
  const whats = [...(first?.found ?? []), ...(last?.found ?? [])].map(({ what }) => what);
  if (last === undefined) return { ...fit(shownHead, undefined, bytesMax), binary: false, redactions: countWhats(whats) };
  const fitted = fit(withholdEnd(shownHead), withholdBeginning(hide(last.text, last.found)), bytesMax);
  return { ...fitted, binary: false, redactions: countWhats([...whats, BESIDE_CUT]) };
};
