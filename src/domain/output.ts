import type { Sha256 } from './names.ts';

/** What is known of a run's output; the text itself is kept apart, for days, and never in the ledger. */
export interface OutputSummary {
  /** Bytes read from the cluster, before anything was taken out. */
  readonly bytes: number;
  readonly lines: number;
  /** False: there was more than was read ("at least N bytes"), the log was cut, or it could not be read to its end. */
  readonly complete: boolean;
  /** Bytes of the sanitised text that is kept. */
  readonly keptBytes: number;
  /** HMAC-SHA-256 of the kept text, so that short outputs cannot be guessed from the ledger. */
  readonly digest?: Sha256;
  readonly binary: boolean;
  readonly redactions: readonly { readonly what: string; readonly count: number }[];
  /** Why nothing is shown although there was output. */
  readonly withheld?: 'redaction_overrun' | 'log_unreadable';
  /** The node's `imageID` of the container, for the record. */
  readonly imageId?: string;
}

/** Sanitised text: the head, and the tail when something between them was left out. */
export interface Output {
  readonly head: string;
  readonly tail?: string;
  readonly summary: OutputSummary;
}
