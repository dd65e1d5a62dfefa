import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const READY_WITHIN_MS = 20_000;
const ENDS_WITHIN_MS = 5_000;

export interface Floor<Order, Report> {
  /** Rejects when the floor ends, or says nothing within `withinMs`. */
  run(order: Order, withinMs: number): Promise<Report>;
  end(): Promise<void>;
}

/** Starts a floor program, with nothing of our environment but PATH and `env`, and waits for its first message. */
export const startFloor = async <Order extends object, Report>(program: string, env: Readonly<Record<string, string>>): Promise<Floor<Order, Report>> => {
  const child = fork(new URL(`../floors/${program}`, import.meta.url), { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await message(child, program, READY_WITHIN_MS).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    run: async (order, withinMs) => {
      child.send(order);
      return await message(child, program, withinMs) as Report;
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const killed = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
      child.kill('SIGTERM');
      await once(child, 'exit').finally(() => { clearTimeout(killed); });
    },
  };
};

const message = async (child: ChildProcess, program: string, withinMs: number): Promise<unknown> => {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const ended = (): void => { reject(new Error(`The floor program ${program} ended.`)); };
  const timer = setTimeout(() => { reject(new Error(`The floor program ${program} said nothing within ${withinMs} ms.`)); }, withinMs);
  child.once('message', resolve).once('exit', ended);
  return promise.finally(() => { clearTimeout(timer); child.off('exit', ended).off('message', resolve); });
};
