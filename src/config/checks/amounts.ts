import { OUTPUT_KEPT_BYTES_MAX, OUTPUT_STORE_BYTES_MAX, OUTPUT_STORE_DAYS, REQUEST_DAYS, TIMEOUT_DEFAULT_MS, TIMEOUT_MAX_MS } from '../../domain/limits.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from '../quantities.ts';
import type { Mistake } from '../problem.ts';
import { at, textAt } from './draft.ts';

interface Order {
  readonly less: string;
  readonly more: string;
  readonly read: (file: unknown, key: string) => number | undefined;
  readonly defaults: readonly [less: number, more: number];
  readonly print: (value: number) => string;
}

const text = (parse: (text: string) => number | undefined) => (file: unknown, key: string) => parse(textAt(file, 'limits', key) ?? '');
const number = (file: unknown, key: string): number | undefined => {
  const value = at(file, 'limits', key);
  return typeof value === 'number' ? value : undefined;
};

const ORDERS: readonly Order[] = [
  { less: 'timeout_default', more: 'timeout_max', read: text(parseDuration), defaults: [TIMEOUT_DEFAULT_MS, TIMEOUT_MAX_MS], print: formatDuration },
  { less: 'output_kept', more: 'output_store', read: text(parseSize), defaults: [OUTPUT_KEPT_BYTES_MAX, OUTPUT_STORE_BYTES_MAX], print: formatSize },
  { less: 'output_days', more: 'request_days', read: number, defaults: [OUTPUT_STORE_DAYS, REQUEST_DAYS], print: String },
];

/** Limits that contradict each other, defaults included; shown at the one that was written. */
export const amountMistakes = (file: unknown): readonly Mistake[] =>
  ORDERS.flatMap(({ less, more, read, defaults, print }) => {
    const written = [less, more].filter((key) => at(file, 'limits', key) !== undefined);
    if (written.some((key) => read(file, key) === undefined)) return [];
    const small = read(file, less) ?? defaults[0];
    const large = read(file, more) ?? defaults[1];
    if (small <= large) return [];
    const shown = written[0] ?? less;
    return shown === less
      ? [{ path: ['limits', less], message: `${print(small)} is more than ${more}, which is ${print(large)}; write ${print(large)} or less` }]
      : [{ path: ['limits', more], message: `${print(large)} is less than ${less}, which is ${print(small)}; write ${print(small)} or more` }];
  });
