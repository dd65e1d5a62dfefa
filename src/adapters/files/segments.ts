import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BrokenLedgerError, type SegmentFile, type Segments, type SegmentWriter } from '../../app/ledger/ports.ts';
import type { ChainedEntry } from '../../domain/ledger/chain.ts';
import { parseObject, type Signed } from '../../domain/ledger/checkpoint.ts';
import { parseSeal, parseSegmentLine, segmentLine, type Seal } from '../../domain/ledger/segment.ts';
import type { Sha256 } from '../../domain/names.ts';
import { linesOf } from './lines.ts';

const NAME = /^ledger-[0-9]{16}-[0-9]{16}\.jsonl$/;
const DRAFT = '.draft-';
const POSITION_DIGITS = 16;
const PAGE_ENTRIES = 1_000;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

const fileName = (first: number, last: number): string =>
  `ledger-${String(first).padStart(POSITION_DIGITS, '0')}-${String(last).padStart(POSITION_DIGITS, '0')}.jsonl`;

/**
 * Segments as files of JSON Lines in one folder: the seal, one entry a line, the signature. A file has its name only
 * once it is whole and on the disk; drafts of a process that died have other names and are nobody's segments.
 */
export const createSegments = (folder: string): Segments & SegmentWriter => ({
  list: async () => {
    const files = await Promise.all((await namesIn(folder)).map((name) => readSeal(folder, name)));
    return files.toSorted((left, right) => left.seal.first - right.seal.first);
  },
  write: async (first, last, pages, finish) => {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await removeDrafts(folder);
    const draft = join(folder, `${DRAFT}${randomUUID()}`);
    try {
      const body = await writeBody(`${draft}.body`, pages);
      await writeSealed(draft, finish(body));
      await rename(draft, join(folder, fileName(first, last)));
      await syncFolder(folder);
    } finally {
      await Promise.all([rm(draft, { force: true }), rm(`${draft}.body`, { force: true })]);
    }
  },
});

/** Left by a process that died; whoever seals holds the lease, so nobody else is writing. */
const removeDrafts = async (folder: string): Promise<void> => {
  const drafts = (await readdir(folder)).filter((name) => name.startsWith(DRAFT));
  await Promise.all(drafts.map((name) => rm(join(folder, name))));
};

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder)).filter((name) => NAME.test(name)).toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
};

const writeBody = async (path: string, pages: AsyncIterable<readonly ChainedEntry[]>): Promise<{ readonly count: number; readonly sha256: Sha256 }> => {
  const [file, hash] = [await open(path, 'wx', FILE_MODE), createHash('sha256')];
  let count = 0;
  try {
    for await (const page of pages) {
      const text = page.map((entry) => `${segmentLine(entry)}\n`).join('');
      hash.update(text);
      await file.writeFile(text);
      count += page.length;
    }
  } finally {
    await file.close();
  }
  return { count, sha256: hash.digest('hex') as Sha256 };
};

/** The seal knows the digest of the lines, so it is written in front of them once they are. */
const writeSealed = async (draft: string, { text, signature }: Signed): Promise<void> => {
  const file = await open(draft, 'wx', FILE_MODE);
  try {
    await file.writeFile(`${text}\n`);
    for await (const bytes of createReadStream(`${draft}.body`)) await file.writeFile(bytes as Buffer);
    await file.writeFile(`${JSON.stringify({ signature })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
};

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const SIGNATURE_LINE_BYTES_MAX = 256;

/** The first line and the last; what is between is read when it is walked. */
const readSeal = async (folder: string, name: string): Promise<SegmentFile> => {
  const path = join(folder, name);
  const text = await firstLine(path);
  const [seal, signature] = [parseSeal(text), parseObject(await lastLine(path))['signature']];
  if (!seal || typeof signature !== 'string') throw new BrokenLedgerError(`${name} does not begin with a seal and end with a signature`);
  return { name, seal, signed: { text, signature }, pages: () => pagesOf(path, name, seal, signature) };
};

const firstLine = async (path: string): Promise<string> => {
  for await (const line of linesOf(path)) return line;
  return '';
};

const lastLine = async (path: string): Promise<string> => {
  const file = await open(path, 'r');
  try {
    return await tailOf(file);
  } finally {
    await file.close();
  }
};

const tailOf = async (file: FileHandle): Promise<string> => {
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SIGNATURE_LINE_BYTES_MAX), 0, SIGNATURE_LINE_BYTES_MAX, Math.max(0, size - SIGNATURE_LINE_BYTES_MAX));
  return buffer.subarray(0, bytesRead).toString('utf8').trimEnd().split('\n').at(-1) ?? '';
};

async function* pagesOf(path: string, name: string, seal: Seal, signature: string): AsyncGenerator<readonly ChainedEntry[]> {
  const hash = createHash('sha256');
  let [page, number, count, isEnded]: [ChainedEntry[], number, number, boolean] = [[], 0, 0, false];
  for await (const line of linesOf(path)) {
    number += 1;
    if (number === 1) continue; // the seal
    if (count === seal.count && line === JSON.stringify({ signature })) { isEnded = true; continue; }
    const entry = isEnded ? undefined : parseSegmentLine(line);
    if (!entry) throw new BrokenLedgerError(`line ${number} of ${name} is not an entry that kdebug wrote`);
    hash.update(`${line}\n`);
    count += 1;
    page.push(entry);
    if (page.length === PAGE_ENTRIES) { yield page; page = []; }
  }
  if (page.length > 0) yield page;
  if (!isEnded || hash.digest('hex') !== seal.sha256) throw new BrokenLedgerError(`${name} does not hold the ${seal.count} entries that its seal speaks of`);
}
