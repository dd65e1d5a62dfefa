/**
 * `npm run bench:cluster`: the figures of the Kubernetes engine. With KUBECONFIG the quiet pods are those of that cluster
 * (`app=api` in staging; it leaves ephemeral containers in them), else simulated ones. `-- NAME…` measures some; `--json FILE`
 * writes the figures; `--profile DIR` takes CPU profiles. Exit code 1 when one could not be carried out; a missed target is said.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePrograms } from '../../scripts/setup.mjs';
import { verdictOf, type Figure } from '../figure.ts';
import type { Measure } from '../measure/measure.ts';
import { sceneLines } from '../scenarios.ts';
import { spreadOf } from '../statistics.ts';
import { notesOf, tableOf } from '../table.ts';
import { skippedHere } from './quiet.ts';
import { CLUSTER_SCENES, type ClusterSceneName } from './scenes.ts';

/** Each loaded when its turn comes: what one of them needs is not in memory while another is measured. */
const MEASURES: Readonly<Record<ClusterSceneName, () => Promise<Measure>>> = {
  quiet: async () => (await import('./quiet.ts')).measureQuiet,
  many: async () => (await import('./many.ts')).measureMany,
  flat: async () => (await import('./flat.ts')).measureFlat,
};

interface Measured {
  readonly scenario: ClusterSceneName;
  readonly figures: readonly Figure[];
  readonly seconds: number;
  readonly failure?: string;
}

const say = (text: string): void => { process.stdout.write(`${text}\n`); };
const isScene = (name: string): name is ClusterSceneName => Object.hasOwn(MEASURES, name);

/** A scenario that fails is told, and the others still run. */
const carryOut = async (scenario: ClusterSceneName, profileDir: string | undefined): Promise<Measured> => {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 100) / 10;
  process.stderr.write(`${scenario} …\n`);
  try {
    const measure = await MEASURES[scenario]();
    return { scenario, figures: await measure(profileDir === undefined ? {} : { profileDir }), seconds: seconds() };
  } catch (error) {
    return { scenario, figures: [], seconds: seconds(), failure: error instanceof Error ? error.message : String(error) };
  }
};

const machine = `node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
const loadBefore = loadavg()[0] ?? 0;

const tell = (measured: readonly Measured[], skipped: readonly string[]): void => {
  say(`${machine}; load before: ${loadBefore.toFixed(1)}\n`);
  for (const { scenario } of measured) say(sceneLines(scenario, CLUSTER_SCENES[scenario]).join('\n'));
  const figures = measured.flatMap((one) => one.figures);
  if (figures.length > 0) say(`\n${tableOf(figures)}\n\n${notesOf(figures).join('\n')}`);
  for (const what of skipped) say(`SKIPPED ${what}`);
  const [aimed, met] = [figures.filter((figure) => figure.target), figures.filter((figure) => verdictOf(figure) === 'met')];
  say(`\n${met.length} of ${aimed.length} targets met. ${measured.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s in all.`);
  for (const { scenario, failure } of measured) if (failure !== undefined) say(`FAILED to measure ${scenario}: ${failure}`);
};

const asJson = (measured: readonly Measured[], skipped: readonly string[]): string => `${JSON.stringify({
  at: new Date().toISOString(), machine, loadBefore, scenes: CLUSTER_SCENES, skipped,
  scenarios: measured.map((one) => ({ ...one, figures: one.figures.map((figure) => ({ ...figure, ...spreadOf(figure.values), verdict: verdictOf(figure) })) })),
}, (_key, value: unknown) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value), 2)}\n`;

const write = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const { values, positionals } = parseArgs({ options: { json: { type: 'string' }, profile: { type: 'string' } }, allowPositionals: true });
process.chdir(resolve(import.meta.dirname, '../..'));
const wanted = positionals.length === 0 ? Object.keys(MEASURES) : positionals;
const unknown = wanted.filter((name) => !isScene(name));
if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}: write one of ${Object.keys(MEASURES).join(', ')}.`);
await ensurePrograms(['redis']);
const measured: Measured[] = [];
for (const name of wanted.filter(isScene)) measured.push(await carryOut(name, values.profile === undefined ? undefined : resolve(values.profile)));
const skipped = wanted.includes('quiet') ? skippedHere() : [];
tell(measured, skipped);
if (values.json !== undefined) write(values.json, asJson(measured, skipped));
process.exitCode = measured.some(({ failure }) => failure !== undefined) ? 1 : 0;
