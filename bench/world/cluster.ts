import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answers, ClusterOrder, FromHost, Question, ToHost } from './cluster-words.ts';

export interface HostedCluster {
  readonly kubeconfig: string;
  ask<Of extends Question>(question: Of): Promise<Answers[Of['about']]>;
  close(): Promise<void>;
}

const ANSWERED_WITHIN_MS = 30_000;
const ENDS_WITHIN_MS = 5_000;
const HOST = new URL('./cluster-host.ts', import.meta.url);

/** Starts the simulated cluster in a process of its own; rejects when it says nothing within 30 s. */
export const hostCluster = async (order: ClusterOrder): Promise<HostedCluster> => {
  const child = fork(HOST, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const waiting = new Map<number, (answer: never) => void>();
  const ready = Promise.withResolvers<string>();
  child.on('message', (words: FromHost) => {
    if ('ready' in words) ready.resolve(words.ready.kubeconfig);
    else waiting.get(words.number)?.(words.answer as never);
  });
  child.once('exit', () => { ready.reject(new Error('The process of the simulated cluster ended before it was ready.')); });
  let asked = 0;
  const kubeconfig = await within(ready.promise, 'start').catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    kubeconfig,
    ask: async (question) => {
      const { promise, resolve } = Promise.withResolvers<never>();
      const number = (asked += 1);
      waiting.set(number, resolve);
      child.send({ number, question } satisfies ToHost);
      return within(promise, question.about).finally(() => waiting.delete(number));
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const killed = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
      child.disconnect();
      await once(child, 'exit').finally(() => { clearTimeout(killed); });
    },
  };
};

const within = async <Value>(promise: Promise<Value>, what: string): Promise<Value> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => { reject(new Error(`The process of the simulated cluster did not answer (${what}) within ${ANSWERED_WITHIN_MS} ms.`)); }, ANSWERED_WITHIN_MS);
  return Promise.race([promise, late]).finally(() => { clearTimeout(timer); });
};
