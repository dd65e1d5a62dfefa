/**
 * `npm run bench`: every performance figure of the README, on this machine, over the loopback interface only.
 * `npm run bench -- NAME…` measures some scenarios; `--json FILE` writes the figures; `--profile DIR` takes CPU profiles
 * of the kdebug processes (and slows them). Exit code 1 when a scenario could not be carried out; a missed target is said.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePrograms } from '../scripts/setup.mjs';
import { verdictOf, type Figure } from './figure.ts';
import { measureAck } from './measure/ack.ts';
import { measureCalls } from './measure/calls.ts';
import { measureCold } from './measure/cold.ts';
import { measureEndless } from './measure/endless.ts';
import type { Measure } from './measure/measure.ts';
import { measureInstant, measureOverhead } from './measure/overhead.ts';
import { measureDurable, measureRuns } from './measure/runs.ts';
import { sceneLines, SCENES, type SceneName } from './scenarios.ts';
import { spreadOf } from './statistics.ts';
import { notesOf, tableOf } from './table.ts';

const MEASURES: Readonly<Record<SceneName, Measure>> = {
  cold: measureCold, ack: measureAck, overhead: measureOverhead, instant: measureInstant, calls: measureCalls, runs: measureRuns, durable: measureDurable, endless: measureEndless,
};

interface Measured {
  readonly scenario: string;
  readonly figures: readonly Figure[];
  readonly seconds: number;
  readonly failure?: string;
}

const say = (text: string): void => { process.stdout.write(`${text}\n`); };

const isScene = (name: string): name is SceneName => Object.hasOwn(SCENES, name);

/** A scenario that fails is told, and the others still run. */
const carryOut = async (scenario: SceneName, profileDir: string | undefined): Promise<Measured> => {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 100) / 10;
  process.stderr.write(`${scenario} …\n`);
  try {
    const figures = await MEASURES[scenario](profileDir === undefined ? {} : { profileDir });
    return { scenario, figures, seconds: seconds() };
  } catch (error) {
    return { scenario, figures: [], seconds: seconds(), failure: error instanceof Error ? error.message : String(error) };
  }
};

const machine = (): string => `node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;

const tell = (measured: readonly Measured[]): void => {
  say(`${machine()}\n`);
  for (const { scenario } of measured) if (isScene(scenario)) say(sceneLines(scenario, SCENES[scenario]).join('\n'));
  const figures = measured.flatMap((one) => one.figures);
  if (figures.length > 0) say(`\n${tableOf(figures)}\n\n${notesOf(figures).join('\n')}`);
  const [aimed, met] = [figures.filter((figure) => figure.target), figures.filter((figure) => verdictOf(figure) === 'met')];
  say(`\n${met.length} of ${aimed.length} targets met. ${measured.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s in all.`);
  for (const { scenario, failure } of measured) if (failure !== undefined) say(`FAILED to measure ${scenario}: ${failure}`);
};

const asJson = (measured: readonly Measured[]): string => `${JSON.stringify({
  at: new Date().toISOString(), machine: machine(), scenes: SCENES,
  scenarios: measured.map((one) => ({ ...one, figures: one.figures.map((figure) => ({ ...figure, ...spreadOf(figure.values), verdict: verdictOf(figure) })) })),
}, null, 2)}\n`;

const write = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const { values, positionals } = parseArgs({ options: { json: { type: 'string' }, profile: { type: 'string' } }, allowPositionals: true });
process.chdir(resolve(import.meta.dirname, '..'));
const wanted = positionals.length === 0 ? Object.keys(SCENES) : positionals;
const unknown = wanted.filter((name) => !isScene(name));
if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}: write one of ${Object.keys(SCENES).join(', ')}.`);
await ensurePrograms(['redis']);
const measured: Measured[] = [];
for (const name of wanted.filter(isScene)) measured.push(await carryOut(name, values.profile === undefined ? undefined : resolve(values.profile)));
tell(measured);
if (values.json !== undefined) write(values.json, asJson(measured));
process.exitCode = measured.some(({ failure }) => failure !== undefined) ? 1 : 0;
