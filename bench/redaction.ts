import { createSanitiser } from '../src/adapters/redaction/sanitiser.ts';
import { OUTPUT_KEPT_BYTES_MAX, REDACTION_MS_MAX } from '../src/domain/limits.ts';
import { BESIDE_CUT } from '../src/domain/output-text/cut.ts';
import type { Finder } from '../src/domain/output-text/found.ts';
import { createFinder } from '../src/domain/output-text/redact.ts';
import { show } from '../src/domain/output-text/show.ts';
import { HOSTILE } from './hostile.ts';
import { isShown, leaksOf } from './leaks.ts';
import { ordinaryOutput } from './ordinary-output.ts';

const MIB = 1_024 * 1_024;
const HOSTILE_CHARS = 64 * 1_024;
const OF_EACH_KIND = 50;
const ROUNDS = 20;
const HOSTILE_ROUNDS = 3;
const CUTS = 1_000;
const BESIDE_CUT_BYTES = 3_000;

export interface RedactionFigures {
  readonly seed: number;
  readonly recallPercent: number;
  readonly leastKind: { readonly kind: string; readonly recallPercent: number };
  readonly falseHitsPerMib: number;
  /** The same where output was cut: values hidden beside one cut, of many. */
  readonly falseHitsPerCut: number;
  readonly megabytesPerSecond: number;
  /** The slowest of the hostile texts of 64 KiB, whole or cut. */
  readonly hostile: { readonly name: string; readonly ms: number; readonly of: number };
  /** 64 KiB of ordinary text through the thread and back, the middle of the rounds, of both threads' processor time. */
  readonly warmMs: number;
}

/** The least of the rounds, of this process' processor time: others at work do not count. */
const msOf = (run: () => unknown, rounds: number): number =>
  Math.min(...Array.from({ length: rounds }, () => {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1_000;
  }));

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
  const speed = msOf(() => show({ head: ordinary.subarray(0, MIB) }, find, 16 * MIB), ROUNDS);
  const hostile = Object.entries(HOSTILE).map(([name, make]) => ({ name, ms: slowest(Buffer.from(make(HOSTILE_CHARS)), find) })).toSorted((left, right) => right.ms - left.ms);
  return {
    seed, recallPercent: percent(leaks), leastKind: kinds.toSorted((left, right) => left.recallPercent - right.recallPercent)[0] ?? { kind: 'none', recallPercent: 0 },
    falseHitsPerMib: falseHits / 4, falseHitsPerCut: falseHitsBesideCuts(ordinary, find), megabytesPerSecond: MIB / 1_000 / speed, hostile: { name: hostile[0]?.name ?? 'none', ms: hostile[0]?.ms ?? 0, of: hostile.length }, warmMs: await warm(ordinary),
  };
};

const slowest = (text: Buffer, find: Finder): number => {
  const half = Math.floor(text.byteLength / 2);
  return Math.max(msOf(() => show({ head: text }, find, MIB), HOSTILE_ROUNDS), msOf(() => show({ head: text.subarray(0, half), tail: text.subarray(half) }, find, MIB), HOSTILE_ROUNDS));
};

/** Values hidden beside cuts at every so many bytes, where the text holds no secret; the withheld lines are no values. */
const falseHitsBesideCuts = (ordinary: Buffer, find: Finder): number => {
  const hits = Array.from({ length: CUTS }, (_, index) => {
    const at = BESIDE_CUT_BYTES + Math.floor(index * ((ordinary.byteLength - 2 * BESIDE_CUT_BYTES) / CUTS));
    const from = ordinary.lastIndexOf('\n', at - BESIDE_CUT_BYTES) + 1;
    const { redactions } = show({ head: ordinary.subarray(from, at), tail: ordinary.subarray(at, at + BESIDE_CUT_BYTES) }, find, MIB);
    return redactions.filter(({ what }) => what !== BESIDE_CUT).reduce((sum, { count }) => sum + count, 0);
  });
  return hits.reduce((sum, count) => sum + count, 0) / CUTS;
};

const warm = async (ordinary: Buffer): Promise<number> => {
  const sanitiser = createSanitiser({ patterns: [], own: [], digestKey: Buffer.from('bench'), keptBytesMax: OUTPUT_KEPT_BYTES_MAX, msMax: REDACTION_MS_MAX });
  const times: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round += 1) {
    const from = process.cpuUsage();
    await sanitiser.sanitise({ head: ordinary.subarray(0, HOSTILE_CHARS), bytes: HOSTILE_CHARS, complete: true });
    const { user, system } = process.cpuUsage(from);
    if (round >= ROUNDS) times.push((user + system) / 1_000);
  }
  await sanitiser.close();
  return middle(times);
};
