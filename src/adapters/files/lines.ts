import { createReadStream } from 'node:fs';
import { BrokenLedgerError } from '../../app/ledger/ports.ts';

/** The seal of a segment with very many open chains is the longest line that kdebug writes. */
export const LINE_CHARS_MAX = 16 * 1_024 * 1_024;

/**
 * Lines of a file in UTF-8, without their line feeds; whatever follows the last one is a line too. Node's readline also
 * ends a line at U+2028, which JSON may hold.
 */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_CHARS_MAX) throw new BrokenLedgerError(`${path} has a line of more than ${LINE_CHARS_MAX} characters`);
    yield* lines;
  }
  if (rest !== '') yield rest;
}
