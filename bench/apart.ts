/** `node bench/apart.ts redaction|ledger`: measures what needs nobody who types in a process that nothing else has filled, and prints its figures as JSON. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';
import type { Measure } from './measure/measure.ts';
import type { AloneName } from './scenarios.ts';

const ALONE: Readonly<Record<AloneName, () => Promise<Measure>>> = {
  redaction: async () => (await import('./measure/redaction.ts')).measureRedaction,
  ledger: async () => (await import('./measure/ledger.ts')).measureLedger,
};

const FILE = fileURLToPath(import.meta.url);

/** The measure, carried out in a process of its own. */
export const apart = (name: AloneName): Measure => async () =>
  JSON.parse(execFileSync(process.execPath, [FILE, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as readonly Figure[];

if (process.argv[1] === FILE) {
  const measure = await ALONE[process.argv[2] as AloneName]();
  process.stdout.write(JSON.stringify(await measure({})));
}
