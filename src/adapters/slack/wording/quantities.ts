/** Numbers as people read them. */

const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

export const countOf = plural;

/** `0.9 s`, `41 s`, `2 min 5 s`, `1 h`. */
export const duration = (milliseconds: number): string => {
  if (milliseconds < 10_000 && milliseconds % 1_000 !== 0) return `${(Math.round(milliseconds / 100) / 10).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'd'], [Math.floor(seconds / 3_600) % 24, 'h'], [Math.floor(seconds / 60) % 60, 'min'], [seconds % 60, 's'],
  ];
  // 90 s stay 90 s: people type limits in seconds
  if (seconds <= 120) return `${seconds} s`;
  return parts.filter(([count]) => count > 0).slice(0, 2).map(([count, unit]) => `${count} ${unit}`).join(' ');
};

/** Kubernetes tells when a container began and ended to the second: `in under 1 s`, `in about 2 s`. */
export const tookAbout = (milliseconds: number): string => (milliseconds < 1_000 ? 'in under 1 s' : `in about ${duration(Math.round(milliseconds / 1_000) * 1_000)}`);

const KIB = 1_024;

/** `164 bytes`, `12.3 KiB`, `1 MiB`. */
export const bytes = (count: number): string => {
  if (count < KIB) return plural(count, 'byte');
  const [value, unit] = count < KIB * KIB ? [count / KIB, 'KiB'] : [count / (KIB * KIB), 'MiB'];
  return `${Number(value.toFixed(1))} ${unit}`;
};
