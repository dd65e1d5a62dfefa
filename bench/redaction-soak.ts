/**
 * `node bench/redaction-soak.ts [minutes]` (1 unless said, 600 at most): leaks made anew from seeds that nobody tried,
 * with something inserted and cut at many offsets. Prints the seed of each that comes to light; exit code 1 then.
 */
import { randomInt } from 'node:crypto';
import { INSERTED, isHidden, lossesByCut, lossesByInsertion } from './metamorphic.ts';
import { leaksOf } from './leaks.ts';

const MINUTES_MAX = 600;
const TOLD_MAX = 100;
const OFFSETS_MAX = 60;
const SEEDS = 2 ** 31;

const say = (text: string): void => { process.stdout.write(`${text}\n`); };

/** Each loss in words, with its kind. */
const lossesOf = (seed: number): readonly string[] => {
  const offsets = { most: OFFSETS_MAX, phase: (seed % 100) / 100 };
  return leaksOf(seed, 1).filter(isHidden).flatMap((leak) => [
    ...lossesByCut(leak, offsets).map((loss) => `${leak.kind}, cut, ${loss}`),
    ...Object.entries(INSERTED).flatMap(([name, inserted]) => lossesByInsertion(leak, inserted, offsets).map((loss) => `${leak.kind}, ${name}, ${loss}`)),
  ]);
};

const soak = (minutes: number): number => {
  const until = performance.now() + minutes * 60_000;
  let [seeds, lost] = [0, 0];
  while (performance.now() < until && lost < TOLD_MAX) {
    const seed = randomInt(SEEDS);
    for (const loss of lossesOf(seed).slice(0, TOLD_MAX - lost)) {
      say(`seed ${seed}: ${JSON.stringify(loss)}`);
      lost += 1;
    }
    seeds += 1;
  }
  say(`${seeds} seeds, ${lost} came to light${lost >= TOLD_MAX ? ', and no more were looked for' : ''}`);
  return lost;
};

const minutes = Number(process.argv[2] ?? 1);
if (minutes > 0 && minutes <= MINUTES_MAX) process.exitCode = soak(minutes) === 0 ? 0 : 1;
else {
  say(`"${process.argv[2]}" is no time: write minutes, ${MINUTES_MAX} at most.`);
  process.exitCode = 2;
}
