import { parentPort, workerData } from 'node:worker_threads';
import type { Answered, Asked, WorkerSettings } from './messages.ts';
import { createRedaction } from './redaction.ts';

/** The thread in which output is searched, so that hostile output can only kill this thread. */
const redact = createRedaction(workerData as WorkerSettings);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const answer = (answered: Answered): void => parentPort?.postMessage(answered);

parentPort?.on('message', (asked: Asked) => answer({ kind: 'output', output: redact(asked) }));

// The first call of a rule is compiled: that is not the first output's time.
redact({ head: Buffer.from('PASSWORD=warm-up\nAuthorization: Bearer warm.up\n'.repeat(50)), tail: undefined, bytes: 0, complete: true });
answer({ kind: 'ready' });
