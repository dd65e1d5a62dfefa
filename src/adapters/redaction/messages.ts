import type { Output } from '../../domain/output.ts';

/** What the worker is made with, and what goes to and fro. */

export interface RedactionPattern {
  /** What is said in the place of a match: `[hidden: name]`. */
  readonly name: string;
  /** In RE2's syntax: https://github.com/google/re2/wiki/Syntax. */
  readonly pattern: string;
}

export interface WorkerSettings {
  readonly patterns: readonly RedactionPattern[];
  /** Exact secrets of kdebug's own environment. */
  readonly own: readonly string[];
  readonly digestKey: Uint8Array;
  readonly keptBytesMax: number;
}

export interface Asked {
  readonly head: Uint8Array;
  readonly tail: Uint8Array | undefined;
  readonly bytes: number;
  readonly lines?: number | undefined;
  readonly complete: boolean;
}

export type Answered = { readonly kind: 'ready' } | { readonly kind: 'output'; readonly output: Output };
