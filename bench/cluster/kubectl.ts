import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Place } from './independent.ts';

const ENDS_WITHIN_MS = 60_000;

export const isKubectlThere = (): boolean => spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore', timeout: ENDS_WITHIN_MS }).status === 0;

/** Milliseconds of the whole program `kubectl debug … --attach`; rejects when it fails. */
export const kubectlDebugMs = async ({ namespace, pod, image }: Place): Promise<number> => {
  const name = `bench-${randomBytes(6).toString('hex')}`;
  const start = performance.now();
  await promisify(execFile)('kubectl', ['debug', '-n', namespace, pod, `--image=${image}`, `--container=${name}`, '--profile=general', '--quiet', '--attach', '--', 'sh', '-c', 'echo answered'], { timeout: ENDS_WITHIN_MS });
  return performance.now() - start;
};
