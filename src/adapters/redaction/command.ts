import { OUTPUT_KEPT_BYTES_MAX, REDACTION_MS_MAX } from '../../domain/limits.ts';
import type { Output } from '../../domain/output.ts';
import type { RawOutput } from '../../app/cluster-port.ts';
import type { RedactionPattern } from './messages.ts';
import { createSanitiser } from './sanitiser.ts';

/** Cut as a cluster's log is: the first and the last half of what is kept. */
const rawOf = (bytes: Uint8Array): RawOutput => {
  const half = OUTPUT_KEPT_BYTES_MAX / 2;
  if (bytes.byteLength <= OUTPUT_KEPT_BYTES_MAX) return { head: bytes, bytes: bytes.byteLength, complete: true };
  return { head: bytes.subarray(0, half), tail: bytes.subarray(-half), bytes: bytes.byteLength, complete: true };
};

/** `12: bearer token` for each marker; the output itself cannot write one. */
const whereHidden = (text: string, name: string): readonly string[] =>
  text.split('\n').flatMap((line, index) => Array.from(line.matchAll(/\[hidden: ([^\]\n]{1,80})\]/g), (marker) => `  ${name}line ${index + 1}: ${marker[1] ?? ''}`));

const report = ({ head, tail, summary }: Output): string => {
  if (summary.withheld !== undefined) return `Withheld: the text could not be searched for secrets within ${REDACTION_MS_MAX} ms. Make it shorter, then try again.\n`;
  const places = [...whereHidden(head, ''), ...whereHidden(tail ?? '', tail === undefined ? '' : 'after the cut, ')];
  const text = tail === undefined ? head : `${head}\n… ${summary.bytes} bytes in all: the middle is left out …\n${tail}`;
  const verdict = places.length === 0 ? 'Nothing would be hidden.' : `${places.length} would be hidden:`;
  return `${text}${text.endsWith('\n') || text === '' ? '' : '\n'}\n${summary.binary ? 'This is not text, so it is not shown. ' : ''}${verdict}\n${places.map((place) => `${place}\n`).join('')}`;
};

/**
 * `kdebug redact < file`: the text as kdebug would show it, then each hidden value with its line and its kind. Exit code
 * 0, or 1 when it was withheld. `patterns` are those of kdebug.yaml, `own` kdebug's own secrets.
 */
export const redactCommand = async (
  readStdin: () => Promise<Uint8Array>,
  write: (text: string) => unknown,
  { patterns = [], own = [] }: { readonly patterns?: readonly RedactionPattern[]; readonly own?: readonly string[] } = {},
): Promise<0 | 1> => {
  const sanitiser = createSanitiser({ patterns, own, digestKey: new Uint8Array(), keptBytesMax: 2 * OUTPUT_KEPT_BYTES_MAX, msMax: REDACTION_MS_MAX });
  try {
    const output = await sanitiser.sanitise(rawOf(await readStdin()));
    await write(report(output));
    return output.summary.withheld === undefined ? 0 : 1;
  } finally {
    await sanitiser.close();
  }
};
