import { createSanitiser } from '../src/adapters/redaction/sanitiser.ts';
import { OUTPUT_KEPT_BYTES_MAX, REDACTION_MS_MAX } from '../src/domain/limits.ts';
import { createFinder } from '../src/domain/output-text/redact.ts';
import { show } from '../src/domain/output-text/show.ts';
import { HOSTILE } from './hostile.ts';
import { isShown, leaksOf } from './leaks.ts';
import { ordinaryOutput } from './ordinary-output.ts';

const MIB = 1_024 * 1_024;
const HOSTILE_CHARS = 64 * 1_024;
const OF_EACH_KIND = 50;
const ROUNDS = 20;

export interface RedactionFigures {
  readonly seed: number;
  readonly recallPercent: number;
  readonly leastKind: { readonly kind: string; readonly recallPercent: number };
  readonly falseHitsPerMib: number;
  readonly megabytesPerSecond: number;
  /** The slowest of the hostile texts of 64 KiB. */
  readonly hostile: { readonly name: string; readonly ms: number; readonly of: number };
  /** 64 KiB of ordinary text through the thread and back, the middle of the rounds. */
  readonly warmMs: number;
}

const msOf = (run: () => unknown): number => {
  const from = performance.now();
  run();
  return performance.now() - from;
};

const middle = (times: readonly number[]): number => times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? 0;

/** Every figure about redaction that is quoted anywhere. */
export const measureRedaction = async (seed: number): Promise<RedactionFigures> => {
  const find = createFinder([]);
  const shownOf = (text: string) => show({ head: Buffer.from(text) }, find, 16 * MIB);
  const leaks = leaksOf(seed, OF_EACH_KIND).map((leak) => ({ kind: leak.kind, isHidden: !isShown(shownOf(leak.text).head, leak.secret) }));
  const percent = (those: typeof leaks): number => (100 * those.filter(({ isHidden }) => isHidden).length) / those.length;
  const kinds = [...new Set(leaks.map(({ kind }) => kind))].map((kind) => ({ kind, recallPercent: percent(leaks.filter((leak) => leak.kind === kind)) }));
  const ordinary = Buffer.from(ordinaryOutput(seed, 4 * MIB));
  const falseHits = show({ head: ordinary }, find, 16 * MIB).redactions.reduce((sum, { count }) => sum + count, 0);
  const speed = middle(Array.from({ length: ROUNDS }, () => msOf(() => show({ head: ordinary.subarray(0, MIB) }, find, 16 * MIB))));
  const hostile = Object.entries(HOSTILE).map(([name, make]) => ({ name, ms: msOf(() => shownOf(make(HOSTILE_CHARS))) })).toSorted((left, right) => right.ms - left.ms);
  return {
    seed, recallPercent: percent(leaks), leastKind: kinds.toSorted((left, right) => left.recallPercent - right.recallPercent)[0] ?? { kind: 'none', recallPercent: 0 },
    falseHitsPerMib: falseHits / 4, megabytesPerSecond: MIB / 1_000 / speed, hostile: { name: hostile[0]?.name ?? 'none', ms: hostile[0]?.ms ?? 0, of: hostile.length }, warmMs: await warm(ordinary),
  };
};

const warm = async (ordinary: Buffer): Promise<number> => {
  const sanitiser = createSanitiser({ patterns: [], own: [], digestKey: Buffer.from('bench'), keptBytesMax: OUTPUT_KEPT_BYTES_MAX, msMax: REDACTION_MS_MAX });
  const times: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round += 1) {
    const from = performance.now();
    await sanitiser.sanitise({ head: ordinary.subarray(0, HOSTILE_CHARS), bytes: HOSTILE_CHARS, complete: true });
    if (round >= ROUNDS) times.push(performance.now() - from);
  }
  await sanitiser.close();
  return middle(times);
};
