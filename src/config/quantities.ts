const UNIT_MS = new Map([['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1_000], ['ms', 1]]);
const UNIT_BYTES = new Map([['GiB', 1_024 ** 3], ['MiB', 1_024 ** 2], ['KiB', 1_024], ['B', 1]]);
/** Largest unit first and each at most once, so that `15m` cannot be mistyped as `15m15m`. */
const DURATION = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;
const SIZE = /^(\d{1,15})(B|KiB|MiB|GiB)$/;

/** Milliseconds of `60s`, `15m`, `1h30m`; `undefined` for anything else, a bare number included. */
export const parseDuration = (text: string): number | undefined => {
  const match = text === '' ? null : DURATION.exec(text);
  if (match === null) return undefined;
  return [...UNIT_MS.values()].reduce((sum, unit, index) => sum + unit * Number(match[index + 1] ?? 0), 0);
};

/** Bytes of `1MiB`, `256MiB`, `4096B`; `undefined` for anything else. */
export const parseSize = (text: string): number | undefined => {
  const match = SIZE.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNIT_BYTES.get(match[2] ?? '') ?? Number.NaN);
};

/** The shortest spelling that `parseDuration` reads back: 5,400,000 is `1h30m`. */
export const formatDuration = (milliseconds: number): string => {
  let rest = milliseconds;
  let text = '';
  for (const [name, unit] of UNIT_MS) {
    if (rest >= unit) text += `${Math.floor(rest / unit)}${name}`;
    rest %= unit;
  }
  return text === '' ? '0s' : text;
};

export const formatSize = (bytes: number): string => {
  for (const [name, unit] of UNIT_BYTES) if (bytes >= unit && bytes % unit === 0) return `${bytes / unit}${name}`;
  return '0B';
};

/** Minutes since midnight of `HH:MM`, `24:00` included. */
export const parseMinuteOfDay = (text: string): number | undefined => {
  const match = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text);
  const minute = match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2]);
  return minute <= 24 * 60 ? minute : undefined;
};
