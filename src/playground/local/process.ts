import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const LINES_KEPT = 500;
const READY_WITHIN_MS = 20_000;
const POLL_MS = 20;
const END_WITHIN_MS = 30_000;

/** A kdebug process of its own, as an operator would start it. */
export interface LocalProcess {
  readonly pid: number;
  /** From the start of the process until /readyz said so. */
  readonly readyMs: number;
  /** The last lines it logged. */
  log(): readonly string[];
  /** Resolves with the exit code, or the name of the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

/**
 * The script `kdebug` of package.json, which says once how node is started: a small young generation, an old one that grows
 * in small steps and few arenas keep memory flat, and one thread beside the main one collects as fast on two cores as four.
 */
const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { readonly scripts: { readonly kdebug: string } };
const [, arenas = '', nodeFlags = ''] = /^MALLOC_ARENA_MAX=(\d) node ((?:--\S+ )*)src\/kdebug\.mjs$/.exec(scripts.kdebug) ?? [];
export const AS_NPM_STARTS_IT = { nodeArguments: nodeFlags.split(' ').filter(Boolean), env: { MALLOC_ARENA_MAX: arenas } } as const;

/** Starts `kdebug ARGUMENTS` as `npm run kdebug` does and waits until it is ready; rejects with what it logged when it ends or takes longer than 20 s. */
export const startProcess = async (kdebugArguments: readonly string[], env: Readonly<Record<string, string>>): Promise<LocalProcess> => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...AS_NPM_STARTS_IT.nodeArguments, 'src/kdebug.mjs', ...kdebugArguments], { env: { ...inherited(), ...AS_NPM_STARTS_IT.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => { lines.push(...text.split('\n').filter(Boolean)); lines.splice(0, lines.length - LINES_KEPT); });
  const ended = new Promise<number | string>((resolve) => { child.once('exit', (code, signal) => { resolve(signal ?? code ?? 0); }); });
  const state = { isEnded: false };
  child.once('exit', () => { state.isEnded = true; });
  while (!(await isReady(env['KDEBUG_OPS_PORT'] ?? ''))) {
    if (!state.isEnded && performance.now() - startedAt < READY_WITHIN_MS) { await delay(POLL_MS); continue; }
    child.kill('SIGKILL');
    throw new Error(`kdebug ${kdebugArguments.join(' ')} did not become ready:\n${lines.slice(-20).join('\n')}`);
  }
  return {
    pid: child.pid ?? 0,
    readyMs: performance.now() - startedAt,
    log: () => [...lines],
    end: async (signal) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
      child.kill(signal);
      return ended.finally(() => { clearTimeout(timer); });
    },
  };
};

const isReady = async (port: string): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
};

/** Nothing of the caller's own kdebug or Slack may leak into it. */
const inherited = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined || /^(KDEBUG_|SLACK_|REDIS_URL|KUBECONFIG|PORT$|LOG_LEVEL)/.test(name) ? [] : [[name, value]])));
