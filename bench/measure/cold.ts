import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedRedis } from '../../src/adapters/redis/embedded.ts';
import { SCENES } from '../scenarios.ts';
import { median } from '../statistics.ts';
import { withWorld, type BenchWorld } from '../world/world.ts';
import type { Measure } from './measure.ts';

const STARTS = 5;
const ENDS_WITHIN_MS = 10_000;

/** From the start of the program to its end; rejects when it does not end well. */
const lasts = async (programArguments: readonly string[]): Promise<number> => {
  const start = performance.now();
  const child = spawn(process.execPath, programArguments, { stdio: 'ignore', timeout: ENDS_WITHIN_MS });
  const [code] = await once(child, 'exit') as [number | null];
  if (code !== 0) throw new Error(`node ${programArguments.join(' ')} ended with ${code ?? 'a signal'}.`);
  return performance.now() - start;
};

const readyMs = async (world: BenchWorld, env: Readonly<Record<string, string>>): Promise<number> => {
  const started = await world.start(['start'], env);
  await started.end('SIGTERM');
  return started.readyMs;
};

/** An empty REDIS_URL counts as none: the process starts a private server first, as on a new machine. */
const readyWithoutRedisMs = async (world: BenchWorld): Promise<number> => {
  const stateDir = mkdtempSync(join(tmpdir(), 'kdebug-bench-'));
  try {
    return await readyMs(world, { REDIS_URL: '', KDEBUG_STATE_DIR: stateDir });
  } finally {
    await (await openEmbeddedRedis({ stateDir, appendfsync: 'no', persistent: false })).stop({ evenIfUsed: true });
    rmSync(stateDir, { recursive: true, force: true });
  }
};

const times = async (count: number, act: () => Promise<number>): Promise<readonly number[]> => {
  const values: number[] = [];
  for (let turn = 0; turn < count; turn += 1) values.push(await act());
  return values;
};

/** How long a person waits for `--help`, and a platform for a process that is ready. */
export const measureCold: Measure = ({ profileDir }) => withWorld(SCENES.cold, profileDir, async (world) => {
  await lasts(['src/kdebug.mjs', '--help']);
  const pairs: (readonly [help: number, bare: number])[] = [];
  for (let turn = 0; turn < SCENES.cold.repetitions; turn += 1) pairs.push([await lasts(['src/kdebug.mjs', '--help']), await lasts(['-e', '0'])]);
  const bare = pairs.map(([, ms]) => ms);
  const up = await times(STARTS, () => readyMs(world, {}));
  const alone = await times(STARTS, () => readyWithoutRedisMs(world));
  return [
    { name: '`--help`, over bare node', unit: 'ms', values: pairs.map(([help, ms]) => help - ms), target: { rule: 'below', value: 120, holds: 'in the median' }, note: `bare node -e 0: ${median(bare).toFixed(0)} ms` },
    { name: '`start` until ready, Redis up', unit: 'ms', values: up, floor: bare, target: { rule: 'below', value: 1_500, holds: 'in the median' } },
    { name: '`start` until ready, with a private Redis to start', unit: 'ms', values: alone, floor: bare },
  ];
});
