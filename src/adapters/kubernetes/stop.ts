import type { Duplex } from 'node:stream';
import type { ContainerName, RequestId } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import { failureOf, lostConnection } from './failures.ts';
import { createFrameReader } from './frames.ts';
import { listAt, parseJson, textAt, type Json } from './json.ts';
import { STOP_WAIT_SECONDS, STOPPED_NOBODY } from './stop-script.ts';
import type { Upgrades } from './upgrade.ts';
import { stopPath } from './url.ts';

/** The script's own end, and as much again for a slow node. */
export const STOP_MS_MAX = 2 * (STOP_WAIT_SECONDS + 1) * 1_000;
/** Channel 3 carries how the command ended (k8s.io/apimachinery/pkg/util/remotecommand). */
const ERROR_CHANNEL = 3;
/** A wrapper that is PID 1 takes everything in its namespace with it when it ends, the script too. */
const KILLED = 137;

/** Runs the kill command in the container of the run; undefined once it was carried out. Never throws, at most STOP_MS_MAX. */
export const stopRun = async (upgrades: Upgrades, target: PlanTarget, container: ContainerName, marker: RequestId): Promise<Failure | undefined> => {
  const path = stopPath(target.namespace, target.pod, container, marker);
  const signal = AbortSignal.timeout(STOP_MS_MAX);
  try {
    const opened = await upgrades.open(path, signal);
    if (opened.kind === 'refused') return failureOf({ status: opened.status, body: parseJson(opened.text) }, target.pod);
    return verdictOf(await endOf(opened.socket, opened.first, signal));
  } catch (error) {
    return lostConnection(signal.aborted ? signal.reason : error);
  }
};

/** The Status that ends the session; undefined when the session broke off before it. */
const endOf = (socket: Duplex, first: Uint8Array, signal: AbortSignal): Promise<Json | undefined> =>
  new Promise((resolve, reject) => {
    const read = createFrameReader();
    let status: Json | undefined;
    const take = (chunk: Uint8Array): void => {
      for (const message of read(chunk)) {
        if (message.kind === 'close') return void socket.destroy();
        if (message.bytes[0] === ERROR_CHANNEL) status = parseJson(Buffer.from(message.bytes.subarray(1)).toString('utf8'));
      }
    };
    const guarded = (chunk: Uint8Array): void => {
      try {
        take(chunk);
      } catch (error) {
        socket.destroy(error as Error);
      }
    };
    socket.once('error', reject);
    socket.once('close', () => { resolve(status); });
    signal.addEventListener('abort', () => socket.destroy(signal.reason as Error), { once: true });
    guarded(first);
    socket.on('data', guarded);
  });

const verdictOf = (status: Json | undefined): Failure | undefined => {
  if (status === undefined) return { code: 'unexpected_answer', detail: 'the kill command did not tell how it ended' };
  if (textAt(status, 'status') === 'Success') return undefined;
  const code = Number(listAt(status, 'details', 'causes').map((cause) => (textAt(cause, 'reason') === 'ExitCode' ? textAt(cause, 'message') : undefined)).find((text) => text !== undefined));
  if (code === KILLED) return undefined;
  if (code === STOPPED_NOBODY) return { code: 'unexpected_answer', detail: 'no process of this run was found in its container' };
  return Number.isNaN(code) ? failureOf({ status: 500, body: status }) : { code: 'unexpected_answer', detail: `the kill command ended with exit code ${code}` };
};
