/** Reads a container's log as the kubelet's log endpoint does. */
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogOptions } from '../ports.ts';
import { parseRecord, type LogRecord } from './log-record.ts';
import type { LogStore } from './log-store.ts';

const READ_BYTES = 64 * 1_024;

export interface LogReading {
  readonly store: LogStore;
  readonly options: LogOptions;
  /** Cuts a follow off from outside: the kubelet restarts or closes. */
  readonly signal: AbortSignal;
  /** How late a follower notices the end. */
  readonly followEndMs: () => number;
}

/** `limitBytes` counts from the start of what is sent, timestamps included; `tailLines` chooses where to start. */
export async function* readLog(reading: LogReading): AsyncGenerator<Uint8Array> {
  const { options } = reading;
  const since = sinceOf(options);
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  let atLineStart = true;
  // The pieces of a long line have one timestamp, that of its beginning (cri-client's ReadLogs: `isNewLine`).
  const shown = (record: LogRecord): string => {
    const text = options.timestamps && atLineStart ? `${record.timestamp} ${record.text}` : record.text;
    atLineStart = record.text.endsWith('\n');
    return text;
  };
  for await (const records of recordBatches(reading)) {
    const wanted = since === undefined ? records : records.filter((record) => record.timestamp >= since);
    const text = wanted.map(shown).join('');
    if (text === '') continue;
    yield Buffer.from(text.slice(0, left), 'latin1');
    left -= text.length;
    if (left <= 0) return;
  }
}

/** Whole seconds, as the API has it; ISO texts of one length compare as times. */
const sinceOf = (options: LogOptions): string | undefined => {
  const at = options.sinceTime === undefined ? undefined : Date.parse(options.sinceTime);
  const from = options.sinceSeconds === undefined ? at : Date.now() - options.sinceSeconds * 1_000;
  return from === undefined || Number.isNaN(from) ? undefined : new Date(from).toISOString().slice(0, -1);
};

async function* recordBatches(reading: LogReading): AsyncGenerator<readonly LogRecord[]> {
  const { store, options, signal } = reading;
  const stopped = aborted(signal);
  let { path, generation } = store.newest();
  // The pod may have gone between the answer's header and its first byte.
  let file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return;
  try {
    let at = options.tailLines === undefined ? 0 : await tailStart(file, options.tailLines);
    let rest = '';
    while (!signal.aborted) {
      const [changed, ended] = [store.changed(), store.ended()];
      const chunk = await readAt(file, at);
      at += chunk.length;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield lines.map(parseRecord);
      if (chunk.length > 0) continue;
      if (store.newest().generation !== generation && options.follow) {
        await file.close();
        ({ path, generation } = store.newest());
        [file, at, rest] = [await open(path, 'r'), 0, ''];
      } else if (!options.follow || ended) break;
      else await Promise.race([changed, stopped]);
    }
    if (options.follow && !signal.aborted) await sleep(reading.followEndMs());
  } finally {
    await file.close();
  }
}

const readAt = async (file: FileHandle, at: number): Promise<string> => {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, at);
  return buffer.toString('latin1', 0, bytesRead);
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** The offset of the last `lines` records, found backwards in blocks. */
const tailStart = async (file: FileHandle, lines: number): Promise<number> => {
  const { size } = await file.stat();
  if (lines <= 0) return size;
  let found = 0;
  for (let end = size; end > 0; end -= READ_BYTES) {
    const start = Math.max(0, end - READ_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    for (let at = bytesRead - 1; at >= 0; at -= 1) {
      // The newline at the very end closes the last record and begins none.
      if (buffer[at] !== 10 || start + at === size - 1) continue;
      found += 1;
      if (found === lines) return start + at + 1;
    }
  }
  return 0;
};
