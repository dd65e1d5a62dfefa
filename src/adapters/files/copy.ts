import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseObject, parsePosition } from '../../domain/ledger/checkpoint.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const TAIL_BYTES_MAX = 4 * 1_024 * 1_024;
const LINE_FEED = 10;

/** A copy of the ledger in a file of JSON Lines: it is only ever appended to. */
export interface Copy {
  /** Of the last entry that it held whole when it was opened; 0: none. */
  readonly position: number;
  /** On the disk when it answers. */
  append(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens a copy or begins one. Half a line at its end, from a writer that died, is taken off. Rejects when the file is none. */
export const openCopy = async (path: string): Promise<Copy> => {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const file = await open(path, 'a+', FILE_MODE);
  try {
    const position = await lastPosition(file, path);
    return {
      position,
      append: async (lines) => {
        await file.appendFile(lines.map((line) => `${line}\n`).join(''));
        await file.sync();
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
};

const lastPosition = async (file: FileHandle, path: string): Promise<number> => {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL_BYTES_MAX);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const tail = buffer.subarray(0, bytesRead);
  const whole = tail.subarray(0, tail.lastIndexOf(LINE_FEED) + 1);
  if (whole.length < tail.length) await file.truncate(from + whole.length);
  const line = whole.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  if (line === '') return 0;
  const position = parsePosition(parseObject(line)['position']);
  if (position === undefined) throw new Error(`${path} is not a copy of the ledger: its last line has no position. Name another file.`);
  return position;
};
