/**
 * `npm run bench`: every performance figure of the README, on this machine, over the loopback interface only.
 * `npm run bench -- NAME…` measures some scenarios; `--json FILE` writes the figures; `--profile DIR` takes CPU profiles
 * of the kdebug processes (and slows them). Exit code 1 when a scenario could not be carried out; a missed target is said.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { apart } from './apart.ts';
import { ensurePrograms } from '../scripts/setup.mjs';
import { verdictOf, type Figure } from './figure.ts';
import type { Measure } from './measure/measure.ts';
import { linesOf, SCENARIO_NAMES, SCENES, type ScenarioName } from './scenarios.ts';
import { spreadOf } from './statistics.ts';
import { notesOf, tableOf } from './table.ts';

/** Each loaded when its turn comes: what one of them needs is not in memory while another is measured. */
const MEASURES: Readonly<Record<ScenarioName, () => Promise<Measure>>> = {
  cold: async () => (await import('./measure/cold.ts')).measureCold,
  ack: async () => (await import('./measure/ack.ts')).measureAck,
  overhead: async () => (await import('./measure/overhead.ts')).measureOverhead,
  instant: async () => (await import('./measure/overhead.ts')).measureInstant,
  calls: async () => (await import('./measure/calls.ts')).measureCalls,
  runs: async () => (await import('./measure/runs.ts')).measureRuns,
  durable: async () => (await import('./measure/runs.ts')).measureDurable,
  endless: async () => (await import('./measure/endless.ts')).measureEndless,
  redaction: async () => apart('redaction'),
  ledger: async () => apart('ledger'),
};

interface Measured {
  readonly scenario: ScenarioName;
  readonly figures: readonly Figure[];
  readonly seconds: number;
  readonly failure?: string;
}

const say = (text: string): void => { process.stdout.write(`${text}\n`); };

const isScenario = (name: string): name is ScenarioName => Object.hasOwn(MEASURES, name);

/** A scenario that fails is told, and the others still run. */
const carryOut = async (scenario: ScenarioName, profileDir: string | undefined): Promise<Measured> => {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 100) / 10;
  process.stderr.write(`${scenario} …\n`);
  try {
    const measure = await MEASURES[scenario]();
    const figures = await measure(profileDir === undefined ? {} : { profileDir });
    return { scenario, figures, seconds: seconds() };
  } catch (error) {
    return { scenario, figures: [], seconds: seconds(), failure: error instanceof Error ? error.message : String(error) };
  }
};

const machine = (): string => `node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;

/** Others at work on the same processors make every figure worse: said, so that nobody takes it for kdebug's. */
const others = loadavg()[0] ?? 0;
const BUSY_LOAD = 0.5;
const busy = (): string => (others < BUSY_LOAD ? '' : `This machine was at work before the bench began (load ${others.toFixed(1)}): the figures are worse than on an idle one.\n`);

const tell = (measured: readonly Measured[]): void => {
  say(`${machine()}\n${busy()}`);
  for (const { scenario } of measured) say(linesOf(scenario).join('\n'));
  const figures = measured.flatMap((one) => one.figures);
  if (figures.length > 0) say(`\n${tableOf(figures)}\n\n${notesOf(figures).join('\n')}`);
  const [aimed, met] = [figures.filter((figure) => figure.target), figures.filter((figure) => verdictOf(figure) === 'met')];
  say(`\n${met.length} of ${aimed.length} targets met. ${measured.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s in all.`);
  for (const { scenario, failure } of measured) if (failure !== undefined) say(`FAILED to measure ${scenario}: ${failure}`);
};

const asJson = (measured: readonly Measured[]): string => `${JSON.stringify({
  at: new Date().toISOString(), machine: machine(), loadBefore: others, scenes: SCENES,
  scenarios: measured.map((one) => ({ ...one, figures: one.figures.map((figure) => ({ ...figure, ...spreadOf(figure.values), verdict: verdictOf(figure) })) })),
}, rounded, 2)}\n`;

/** A hundredth of a millisecond is below what this measures. */
const rounded = (_key: string, value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 100) / 100 : value);

const write = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const { values, positionals } = parseArgs({ options: { json: { type: 'string' }, profile: { type: 'string' } }, allowPositionals: true });
process.chdir(resolve(import.meta.dirname, '..'));
const wanted = positionals.length === 0 ? [...SCENARIO_NAMES] : positionals;
const unknown = wanted.filter((name) => !isScenario(name));
if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}: write one of ${SCENARIO_NAMES.join(', ')}.`);
await ensurePrograms(['redis']);
const measured: Measured[] = [];
for (const name of wanted.filter(isScenario)) measured.push(await carryOut(name, values.profile === undefined ? undefined : resolve(values.profile)));
tell(measured);
if (values.json !== undefined) write(values.json, asJson(measured));
process.exitCode = measured.some(({ failure }) => failure !== undefined) ? 1 : 0;
