import type { RawOutput } from '../../app/cluster-port.ts';
import type { Sanitiser } from '../../app/ports.ts';
import type { Output, OutputSummary } from '../../domain/output.ts';
import type { WorkerSettings } from './messages.ts';
import { type Thread, startThread } from './thread.ts';

/** Outputs that wait for the one thread; each is OUTPUT_KEPT_BYTES_MAX at most. */
const WAITING_COUNT_MAX = 32;

export interface SanitiserSettings extends WorkerSettings {
  /** For one output, once its turn has come. */
  readonly msMax: number;
}

const withheld = (raw: RawOutput, why: NonNullable<OutputSummary['withheld']>): Output => ({
  head: '',
  summary: { bytes: raw.bytes, lines: 0, complete: false, keptBytes: 0, binary: false, redactions: [], withheld: why },
});

const isNothing = (raw: RawOutput): boolean => raw.head.byteLength === 0 && (raw.tail?.byteLength ?? 0) === 0;

/**
 * One thread, one output at a time. An output that takes longer than `msMax`, that crashes the thread or that finds the
 * queue full is withheld; never is it shown as it came. The thread starts with the first output and is replaced when it
 * was killed.
 */
export const createSanitiser = ({ msMax, ...settings }: SanitiserSettings): Sanitiser & { close(): Promise<void> } => {
  let thread: Thread | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let closed = false;

  const living = (): Thread => (thread = thread?.isAlive() === true ? thread : startThread(settings));
  const redact = async (raw: RawOutput): Promise<Output> => {
    if (closed) return withheld(raw, 'redaction_overrun');
    const asked = { head: raw.head, tail: raw.tail, bytes: raw.bytes, complete: raw.complete && raw.unreadable === undefined };
    return (await living().ask(asked, msMax)) ?? withheld(raw, 'redaction_overrun');
  };

  return {
    sanitise: async (raw) => {
      if (raw.unreadable !== undefined && isNothing(raw)) return withheld(raw, 'log_unreadable');
      if (waiting >= WAITING_COUNT_MAX) return withheld(raw, 'redaction_overrun');
      waiting += 1;
      const output = turn.then(() => redact(raw)).catch(() => withheld(raw, 'redaction_overrun')).finally(() => { waiting -= 1; });
      turn = output;
      return output;
    },
    close: async () => {
      closed = true;
      await thread?.close();
    },
  };
};
