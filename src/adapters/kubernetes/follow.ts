import { setTimeout as sleep } from 'node:timers/promises';
import type { Follower, RawOutput } from '../../app/cluster-port.ts';
import { GRACE_MS, OUTPUT_KEPT_BYTES_MAX, OUTPUT_READ_BYTES_MAX, START_WITHIN_MS, TIMEOUT_MAX_MS } from '../../domain/limits.ts';
import type { ContainerName } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import { keepBytes } from './kept-bytes.ts';
import { streamLog, type LogEnd } from './log-stream.ts';
import { nodeError, readTail, TAIL_BYTES_MAX, unreadable } from './logs.ts';
import { createResumedLog } from './resumed-log.ts';
import { isTransient } from './retry.ts';
import { createTimestampReader } from './timestamped.ts';
import type { Transport } from './transport.ts';
import { logPath, type LogQuery } from './url.ts';

/** No run lasts longer; a follower that nobody finished ends by itself. */
export const FOLLOW_MS_MAX = START_WITHIN_MS + TIMEOUT_MAX_MS + GRACE_MS;
/** A silent command is no broken connection, but a stream is opened anew after so long: the other end may be gone. */
const SILENCE_MS_MAX = 60_000;
const REOPEN_FIRST_MS = 500;
const REOPEN_MS_MAX = 5_000;
/** A stream ends within a second of its container; what it still carries is read anew by the last reading. */
const DRAIN_MS_MAX = 3_000;
const LAST_READING_MS_MAX = 10_000;
const LAST_READINGS_MAX = 3;
/** Of all streams together, timestamps and repetitions too; the tail is part of what may be read. */
const STREAM_BYTES_MAX = OUTPUT_READ_BYTES_MAX - TAIL_BYTES_MAX;

/** Two ways to the same cluster. */
export interface LogTransports {
  /** Many streams to a connection: how one ended need not be certain. */
  readonly following: Transport;
  /** HTTP/1.1, where the end of a log is certain. */
  readonly reading: Transport;
}

/**
 * The log of a run from its start, while it runs. All streams ask for timestamps, so that one that broke can go on
 * where the last one stopped. Terminology: a *stream* is one request; the *last reading* is one that does not follow, made after the end:
 * it ends where the log ends, which a followed stream that ended cleanly does not prove.
 */
export const followLog = (transports: LogTransports, target: PlanTarget, container: ContainerName, signal: AbortSignal): Follower => {
  const finishing = new AbortController();
  const leaving = new AbortController();
  const bound = AbortSignal.any([signal, leaving.signal, AbortSignal.timeout(FOLLOW_MS_MAX)]);
  const reading = createReading(transports, target, container);
  const following = keepFollowing(reading, bound, finishing.signal);
  const finish = async (): Promise<RawOutput> => {
    finishing.abort();
    // Nothing came so far, perhaps because other logs were followed: the last reading begins at the start anyway.
    if (reading.progress().bytes === 0) leaving.abort();
    await Promise.race([following, sleep(DRAIN_MS_MAX, undefined, { ref: false })]);
    leaving.abort();
    await following;
    return reading.isCapped() || signal.aborted ? reading.output(false) : lastReading(reading, signal);
  };
  let finished: Promise<RawOutput> | undefined;
  return { progress: () => reading.progress(), finish: () => (finished ??= finish()) };
};

/** Stream after stream until the run is over, the log is refused for good, or enough was read. */
const keepFollowing = async (reading: Reading, bound: AbortSignal, finishing: AbortSignal): Promise<void> => {
  const waking = AbortSignal.any([bound, finishing]);
  let pauseMs = REOPEN_FIRST_MS;
  while (!waking.aborted && !reading.isCapped()) {
    const before = reading.progress().bytes;
    const end = await reading.stream({ follow: 'true' }, bound);
    if (isFinal(end)) return;
    pauseMs = reading.progress().bytes > before ? REOPEN_FIRST_MS : Math.min(REOPEN_MS_MAX, pauseMs * 2);
    await sleep(pauseMs, undefined, { signal: waking }).catch(() => undefined);
  }
};

// 400 is "waiting to start"; a stream that is forbidden before it was asked for is one of a person who may not be acted as.
const isFinal = (end: LogEnd): boolean =>
  (end.kind === 'refused' && end.status !== 400 && end.status !== 401 && !isTransient(end.status)) || (end.kind === 'broken' && end.failure.code === 'forbidden');

const lastReading = async (reading: Reading, signal: AbortSignal): Promise<RawOutput> => {
  for (let tries = 1; tries <= LAST_READINGS_MAX; tries += 1) {
    const end = await reading.stream({}, AbortSignal.any([signal, AbortSignal.timeout(LAST_READING_MS_MAX)]));
    if (end.kind === 'ended') return reading.output(reading.isWhole());
    if (isFinal(end) || reading.isCapped() || signal.aborted) break;
    await sleep(REOPEN_FIRST_MS * tries, undefined, { signal }).catch(() => undefined);
  }
  return reading.output(false);
};

interface Reading {
  /** One request, from where the one before stopped. */
  stream(query: LogQuery, signal: AbortSignal): Promise<LogEnd>;
  progress(): { readonly bytes: number; readonly lines: number };
  isCapped(): boolean;
  /** Nothing between the streams is missing, and the last one came to new bytes or to the end. */
  isWhole(): boolean;
  output(complete: boolean): Promise<RawOutput>;
}

const createReading = ({ following, reading }: LogTransports, target: PlanTarget, container: ContainerName): Reading => {
  const kept = keepBytes(OUTPUT_KEPT_BYTES_MAX);
  const log = createResumedLog((bytes) => kept.add(bytes));
  let streamed = 0;
  let failure: Failure | undefined;
  const isCapped = (): boolean => streamed >= STREAM_BYTES_MAX;
  const stream = async (query: LogQuery, signal: AbortSignal): Promise<LogEnd> => {
    log.resume();
    const lines = createTimestampReader(log);
    const since = log.since();
    const path = logPath(target.namespace, target.pod, container, { ...query, timestamps: 'true', ...(since !== undefined && { sinceTime: since }) });
    const end = await streamLog(query.follow ? following : reading, { path, pod: target.pod, signal, silenceMsMax: SILENCE_MS_MAX }, (chunk) => {
      const taken = chunk.subarray(0, STREAM_BYTES_MAX - streamed);
      streamed += taken.byteLength;
      lines.take(taken);
      return !isCapped();
    });
    if (end.kind === 'ended') lines.end();
    failure = end.kind === 'refused' || end.kind === 'broken' ? end.failure : undefined;
    return end;
  };
  const output = async (complete: boolean): Promise<RawOutput> => {
    const wrong = kept.bytes() === 0 ? failure : nodeError(kept);
    if (wrong) return unreadable(wrong);
    const read = isCapped() ? await readTail(reading, target, container) : undefined;
    const tail = read && read.byteLength > 0 ? read : kept.tail();
    return { head: kept.head(), ...(tail && { tail }), bytes: kept.bytes(), lines: kept.lines(), complete };
  };
  return { stream, output, isCapped, progress: () => ({ bytes: kept.bytes(), lines: kept.lines() }), isWhole: () => log.isCaughtUp() && !log.hasGap() };
};
