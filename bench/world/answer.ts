import type { BuiltinAnswer } from '../../src/playground/cluster/kubelet/image-table.ts';

/** A number of milliseconds that no bench outlives. */
const FOR_EVER_MS = 2_000_000_000;
/** `sh -c WRAPPER kdebug DEADLINE TIMEOUT ARGV…`: the argv starts here. */
const ARGV_AT = 6;

/** `answer MILLISECONDS …` → a line after so many milliseconds, without a process. */
export const answerOf = (argv: readonly string[]): BuiltinAnswer => ({ exitCode: 0, output: 'answered\n', afterMs: Number(argv[ARGV_AT + 1] ?? 0) });

/** The application of every pod: runs, and does nothing. */
export const idle = (): BuiltinAnswer => ({ exitCode: 0, output: '', afterMs: FOR_EVER_MS });
