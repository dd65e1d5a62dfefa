/**
 * `npm run test:mutation [-- PART…]`: changes policy, request, redaction and ledger (or the parts named) in thousands of
 * small ways and says which change no test noticed. Fetches Stryker for itself. Exit code 1 where a part is below 85 %.
 */
import { spawnSync } from 'node:child_process';
import { isPart, PARTS, type PartName } from './parts.ts';

const PROGRAMS = ['@stryker-mutator/core@10.1.1', '@stryker-mutator/vitest-runner@10.1.1', 'vitest@5.1.1'].flatMap((one) => ['-p', one]);

const hold = (part: PartName): boolean => {
  process.stdout.write(`\n${part}\n`);
  const { status } = spawnSync('npx', ['--yes', ...PROGRAMS, 'stryker', 'run', 'test/mutation/stryker.json', '--mutate', PARTS[part].changed.join(',')], {
    stdio: 'inherit', env: { ...process.env, MUTATION_PART: part },
  });
  return status === 0;
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !isPart(name));
if (unknown.length > 0) {
  process.stderr.write(`${unknown.join(', ')}: no such part. There are: ${Object.keys(PARTS).join(', ')}.\n`);
  process.exitCode = 2;
} else {
  const parts = (asked.length > 0 ? asked : Object.keys(PARTS)).filter(isPart);
  process.exitCode = parts.map(hold).every(Boolean) ? 0 : 1;
}
