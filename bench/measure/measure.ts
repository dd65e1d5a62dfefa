import type { Figure } from '../figure.ts';

export interface Conditions {
  /** Where kdebug processes write CPU profiles; absent: none are taken. */
  readonly profileDir?: string;
}

/** One scenario: rejects, with a sentence, when it could not be carried out; a missed target is not that. */
export type Measure = (conditions: Conditions) => Promise<readonly Figure[]>;
