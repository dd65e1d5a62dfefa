import { createHmac } from 'node:crypto';
import { createOwnFinder } from '../../domain/output-text/own.ts';
import { createFinder } from '../../domain/output-text/redact.ts';
import { type Shown, show } from '../../domain/output-text/show.ts';
import type { Sha256 } from '../../domain/names.ts';
import type { Output } from '../../domain/output.ts';
import type { Asked, WorkerSettings } from './messages.ts';
import { createPatternFinder } from './patterns.ts';

const linesOf = (text: string): number => (text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0));

const digestOf = ({ head, tail }: Shown, key: Uint8Array): Sha256 =>
  createHmac('sha256', key).update(head).update(tail === undefined ? '' : `\u0000${tail}`).digest('hex') as Sha256;

/** The whole way from bytes to what may be shown, in the thread that calls it. */
export const createRedaction = ({ patterns, own, digestKey, keptBytesMax }: WorkerSettings): ((asked: Asked) => Output) => {
  const find = createFinder([createOwnFinder(own), createPatternFinder(patterns)]);
  return ({ head, tail, bytes, lines: read, complete }) => {
    const { binary, redactions, ...text } = show({ head, tail, complete, bytes }, find, keptBytesMax);
    const keptBytes = Buffer.byteLength(text.head) + Buffer.byteLength(text.tail ?? '');
    // what was left out has lines too
    const lines = text.tail === undefined ? linesOf(text.head) : read ?? linesOf(text.head) + linesOf(text.tail);
    return { ...text, summary: { bytes, lines, complete, keptBytes, digest: digestOf({ ...text, binary, redactions }, digestKey), binary, redactions } };
  };
};
