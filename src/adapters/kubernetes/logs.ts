import { setTimeout as sleep } from 'node:timers/promises';
import type { RawOutput } from '../../app/cluster-port.ts';
import { OUTPUT_KEPT_BYTES_MAX, OUTPUT_READ_BYTES_MAX } from '../../domain/limits.ts';
import type { ContainerName } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { readLog, type LogRead } from './log-stream.ts';
import { isTransient } from './retry.ts';
import { sentence } from './sentence.ts';
import type { Transport } from './transport.ts';
import { logPath } from './url.ts';

export const LOG_TRIES_MAX = 4;
/** Between tries: the status says terminated a moment before the log is served. */
const LOG_RETRY_MS = 500;
const LOG_MS_MAX = 60_000;
const TAIL_MS_MAX = 15_000;
export const TAIL_BYTES_MAX = OUTPUT_KEPT_BYTES_MAX / 2;
/**
 * The end of the log, most lines first: `limitBytes` cuts at the far end, so what is longer than TAIL_BYTES_MAX does not
 * reach it. A runtime stores at most 16 KiB as one line: 32 of those always do.
 */
const TAIL_LINES = [250, 32] as const;
/** The tail is part of what may be read. */
const FIRST_READ_BYTES_MAX = OUTPUT_READ_BYTES_MAX - TAIL_BYTES_MAX;

/** The log of an ended container: read once from the start, and once at its tail when the first reading hit its cap. */
export const readOutput = async (transport: Transport, target: PlanTarget, container: ContainerName): Promise<RawOutput> => {
  const read = await readFirst(transport, target, container);
  if (read.kind !== 'read') return unreadable(read.failure);
  const wrong = nodeError(read.kept);
  if (wrong) return unreadable(wrong);
  const tail = read.capped ? await readTail(transport, target, container) : undefined;
  const rest = tail && tail.byteLength > 0 ? tail : read.kept.tail();
  return { head: read.kept.head(), ...(rest && { tail: rest }), bytes: read.kept.bytes(), lines: read.kept.lines(), complete: read.ended };
};

const readFirst = async (transport: Transport, target: PlanTarget, container: ContainerName): Promise<LogRead> => {
  const path = logPath(target.namespace, target.pod, container);
  const limits = { readBytesMax: FIRST_READ_BYTES_MAX, keptBytesMax: OUTPUT_KEPT_BYTES_MAX, withinMs: LOG_MS_MAX };
  for (let tries = 1; ; tries += 1) {
    const read = await readLog(transport, path, target.pod, limits);
    if (tries === LOG_TRIES_MAX || !mayComeBack(read)) return read;
    await sleep(LOG_RETRY_MS * tries);
  }
};

// 400 is "waiting to start"; a container that is not there at all answers it too, and the tries end.
const mayComeBack = (read: LogRead): boolean =>
  (read.kind === 'lost' && read.failure.code !== 'forbidden') || (read.kind === 'refused' && (read.status === 400 || read.status === 401 || isTransient(read.status)));

export const readTail = async (transport: Transport, target: PlanTarget, container: ContainerName): Promise<Uint8Array | undefined> => {
  let tail: Uint8Array | undefined;
  for (const tailLines of TAIL_LINES) {
    const path = logPath(target.namespace, target.pod, container, { tailLines, limitBytes: TAIL_BYTES_MAX });
    const read = await readLog(transport, path, target.pod, { readBytesMax: TAIL_BYTES_MAX, keptBytesMax: TAIL_BYTES_MAX, withinMs: TAIL_MS_MAX });
    if (read.kind !== 'read' || nodeError(read.kept)) return tail;
    tail = read.kept.head();
    if (!read.capped) return tail;
  }
  return tail;
};

// The kubelet has sent its 200 when it finds that it cannot read the log, and writes its error as if it were output
// (kubernetes/kubernetes#140154, in all releases up to 1.36).
const NODE_ERROR = /^(?:unable to retrieve container logs for [a-z-]+:\/\/[0-9a-f]+|failed to try resolving symlinks in path "?\/[^\n]*)\n?$/;
const NODE_ERROR_BYTES_MAX = 1_024;

export const nodeError = (kept: KeptBytes): Failure | undefined => {
  if (kept.bytes() > NODE_ERROR_BYTES_MAX) return undefined;
  const text = Buffer.from(kept.head()).toString('utf8');
  return NODE_ERROR.test(text) ? { code: 'unexpected_answer', detail: `the node could not read the log: ${sentence(text)}` } : undefined;
};

export const unreadable = (failure: Failure): RawOutput => ({ head: new Uint8Array(), bytes: 0, complete: false, unreadable: failure });
