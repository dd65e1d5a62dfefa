import type { RawOutput } from '../../app/cluster-port.ts';
import type { Sanitiser } from '../../app/ports.ts';
import { OUTPUT_KEPT_BYTES_MAX } from '../../domain/limits.ts';
import type { Output, OutputSummary } from '../../domain/output.ts';
import type { WorkerSettings } from './messages.ts';
import { type Thread, startThread } from './thread.ts';

/** Of outputs that wait for the one thread: a thousand small ones, or 32 of the largest. */
const WAITING_BYTES_MAX = 32 * OUTPUT_KEPT_BYTES_MAX;
/** So many are with the thread, so that it need not wait for this one to take an answer and send the next; of large ones, one. */
const WITH_THREAD_MAX = 4;
const LARGE_BYTES = 65_536;

export interface SanitiserSettings extends WorkerSettings {
  /** For one output, once its turn has come. */
  readonly msMax: number;
}

const withheld = (raw: RawOutput, why: NonNullable<OutputSummary['withheld']>): Output => ({
  head: '',
  summary: { bytes: raw.bytes, lines: 0, complete: false, keptBytes: 0, binary: false, redactions: [], withheld: why },
});

const sizeOf = (raw: RawOutput): number => raw.head.byteLength + (raw.tail?.byteLength ?? 0);

/**
 * One thread, one output after the other. An output that takes longer than `msMax`, that crashes the thread or that finds the
 * queue full is withheld; never is it shown as it came. The thread starts with the first output and is replaced when it
 * was killed.
 */
export const createSanitiser = ({ msMax, ...settings }: SanitiserSettings): Sanitiser & { close(): Promise<void> } => {
  let thread: Thread | undefined;
  const lanes: Promise<unknown>[] = Array.from({ length: WITH_THREAD_MAX }, () => Promise.resolve());
  let [waiting, turn] = [0, 0];
  let closed = false;

  const living = (): Thread => (thread = thread?.isAlive() === true ? thread : startThread(settings));
  const redact = async (raw: RawOutput): Promise<Output> => {
    if (closed) return withheld(raw, 'redaction_overrun');
    const asked = { head: raw.head, tail: raw.tail, bytes: raw.bytes, lines: raw.lines, complete: raw.complete && raw.unreadable === undefined };
    const redacted = await living().ask(asked, msMax);
    if (redacted === 'gone') return redact(raw);
    return redacted === 'overran' ? withheld(raw, 'redaction_overrun') : redacted;
  };

  return {
    sanitise: async (raw) => {
      if (raw.unreadable !== undefined && sizeOf(raw) === 0) return withheld(raw, 'log_unreadable');
      if (waiting + sizeOf(raw) > WAITING_BYTES_MAX) return withheld(raw, 'redaction_overrun');
      waiting += sizeOf(raw);
      const lane = sizeOf(raw) > LARGE_BYTES ? 0 : turn++ % WITH_THREAD_MAX;
      const output = (lanes[lane] ?? Promise.resolve()).then(() => redact(raw)).catch(() => withheld(raw, 'redaction_overrun')).finally(() => { waiting -= sizeOf(raw); });
      lanes[lane] = output;
      return output;
    },
    close: async () => {
      closed = true;
      await thread?.close();
    },
  };
};
