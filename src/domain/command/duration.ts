/** Durations as Go and kubectl write them: `30s`, `1m30s`, `250ms`; also days. */

const UNITS: ReadonlyMap<string, number> = new Map([['ms', 1], ['s', 1_000], ['m', 60_000], ['h', 3_600_000], ['d', 86_400_000]]);
const DURATION = /^(?:\d+(?:ms|s|m|h|d))+$/;
const PART = /(\d+)(ms|s|m|h|d)/g;
const DURATION_CHARS_MAX = 32;

/** Milliseconds, possibly beyond every limit; `undefined` when the text is not a duration. */
export const parseDuration = (text: string): number | undefined => {
  if (text.length > DURATION_CHARS_MAX || !DURATION.test(text)) return undefined;
  return [...text.matchAll(PART)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS.get(unit ?? '') ?? 0), 0);
};

/** The shortest way to type it: `90000` is `1m30s`. */
export const showDuration = (milliseconds: number): string => {
  let rest = milliseconds;
  const parts = [...UNITS].toReversed().map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('') || '0s';
};

export type Bounded = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly message: string; readonly hint?: string };

/** A duration between two limits in milliseconds, or the sentence that names them. */
export const boundedDuration = (what: string, text: string, minMs: number, maxMs: number): Bounded => {
  const value = parseDuration(text);
  const limits = `from ${showDuration(minMs)} to ${showDuration(maxMs)}`;
  if (value === undefined) {
    const message = `${what} takes a time such as 30s or 1m30s, ${limits}.`;
    return /^\d{1,9}$/.test(text) ? { ok: false, message, hint: `${text}s` } : { ok: false, message };
  }
  if (value < minMs) return { ok: false, message: `${what} is too short: it goes ${limits}.`, hint: showDuration(minMs) };
  if (value > maxMs) return { ok: false, message: `${what} is too long: it goes ${limits}.`, hint: showDuration(maxMs) };
  return { ok: true, value };
};
