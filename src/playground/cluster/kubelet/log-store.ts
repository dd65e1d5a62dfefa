/**
 * The log of one container on disk. A full file is replaced while the container runs, and then only the newest is read:
 * what a real node does. Memory holds one chunk; a process that writes faster than the disk takes it waits at its pipe.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { cutRecords, lastRecord, timestampNow } from './log-record.ts';

export const LOG_FILE_BYTES_MAX = 10 * 1_024 * 1_024;
/** Between two checks a fast writer may pass the limit, but never this. */
export const LOG_FILE_BYTES_HARD_MAX = 2 * LOG_FILE_BYTES_MAX;
export const ROTATION_CHECK_MS = 10_000;
/** Endless output must not take the machine: a container's log grows by this at most. */
export const LOG_BYTES_PER_SECOND_MAX = 24 * 1_024 * 1_024;

export interface LogStore {
  /** The newest file, and a number that grows with each rotation. */
  readonly newest: () => { readonly path: string; readonly generation: number };
  readonly ended: () => boolean;
  /** Resolves at the next write, rotation or end. */
  readonly changed: () => Promise<void>;
  /** Takes the output of one process until it ends. */
  readonly take: (output: Readable) => Promise<void>;
  readonly append: (text: string) => Promise<void>;
  readonly end: () => void;
  readonly discard: () => Promise<void>;
}

export const createLogStore = async (path: string): Promise<LogStore> => {
  let file: FileHandle = await open(path, 'w', 0o600);
  let [generation, bytes, ended, checkedAt] = [0, 0, false, performance.now()];
  let change = Promise.withResolvers<void>();
  const wake = (): void => {
    change.resolve();
    change = Promise.withResolvers<void>();
  };
  const rotateWhenFull = async (): Promise<void> => {
    const due = performance.now() - checkedAt >= ROTATION_CHECK_MS;
    if (due) checkedAt = performance.now();
    if (!(due && bytes > LOG_FILE_BYTES_MAX) && bytes < LOG_FILE_BYTES_HARD_MAX) return;
    await file.close();
    // Followers keep the old file open until they have read it; for everybody else it is gone.
    file = await open(`${path}.new`, 'w', 0o600);
    await rename(`${path}.new`, path);
    [generation, bytes] = [generation + 1, 0];
  };
  const write = async (records: string): Promise<void> => {
    if (records === '') return;
    const buffer = Buffer.from(records, 'latin1');
    await file.write(buffer);
    bytes += buffer.length;
    await rotateWhenFull();
    wake();
  };
  const take = async (output: Readable): Promise<void> => {
    let rest = '';
    const throttle = createThrottle();
    for await (const chunk of output as AsyncIterable<Buffer>) {
      const cut = cutRecords(rest + chunk.toString('latin1'), timestampNow());
      rest = cut.rest;
      await write(cut.records);
      await throttle(cut.records.length);
    }
    await write(lastRecord(rest, timestampNow()));
  };
  return {
    newest: () => ({ path, generation }),
    ended: () => ended,
    changed: () => (ended ? Promise.resolve() : change.promise),
    take: (output) => take(output).catch(ignoreCutStream),
    append: (text) => write(cutRecords(Buffer.from(text).toString('latin1'), timestampNow()).records),
    // its file is read by its path: a node with thousands of ended containers holds none of them open
    end: () => {
      ended = true;
      wake();
      void file.close().catch(() => undefined);
    },
    discard: async () => {
      ended = true;
      wake();
      await file.close().catch(() => undefined);
      await rm(path, { force: true });
    },
  };
};

/** A pipe destroyed by a kill ends the log early; that is all it means. */
const ignoreCutStream = (error: NodeJS.ErrnoException): void => {
  if (!['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'EBADF', 'ECONNRESET'].includes(error.code ?? '')) throw error;
};

const createThrottle = (): ((bytes: number) => Promise<void>) => {
  let [since, spent] = [performance.now(), 0];
  return async (bytes) => {
    spent += bytes;
    const earlyMs = (spent / LOG_BYTES_PER_SECOND_MAX) * 1_000 - (performance.now() - since);
    if (earlyMs > 5) await sleep(earlyMs);
    if (performance.now() - since > 1_000) [since, spent] = [performance.now(), 0];
  };
};
