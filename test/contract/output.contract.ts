import { expect, test } from 'vitest';
import { OUTPUT_KEPT_BYTES_MAX, OUTPUT_READ_BYTES_MAX } from '../../src/domain/limits.ts';
import { PROD, type Stage } from './stage.ts';
import { until } from './until.ts';

const TWO_MIB = 2_097_152;
/** More than is read of one run, and little enough that a node does not yet replace the log's file. */
const EIGHTEEN_MIB = 18_874_368;
const LONG_LINE = 'a line of an output that has no end '.trim().replaceAll(' ', '-').repeat(20);
/** Beside the output itself, which is read up to 16 MiB and kept up to 1 MiB. */
const MEMORY_GROWTH_BYTES_MAX = 96 * 1_048_576;

const bytesUsed = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

export const outputContract = (stage: () => Stage): void => {
  test('nothing', async (context) => {
    const { output } = await stage().run(context, await stage().home(context, PROD), ['true']);
    expect({ ...output, head: output.head.byteLength }).toEqual({ head: 0, bytes: 0, lines: 0, complete: true });
  });

  test('two lines, of stdout and stderr', async (context) => {
    const { output, text } = await stage().run(context, await stage().home(context, PROD), ['sh', '-c', 'echo one; sleep 1; echo two >&2']);
    expect([text, output.bytes, output.complete, output.tail]).toEqual(['one\ntwo\n', 8, true, undefined]);
  });

  test('bytes that are no text', async (context) => {
    const { output } = await stage().run(context, await stage().home(context, PROD), ['printf', String.raw`\000\001\033[31m\377\376\n`]);
    expect([...output.head]).toEqual([0, 1, 27, 91, 51, 49, 109, 255, 254, 10]);
    expect(output.complete).toBe(true);
  });

  test('2 MiB: head and tail are kept, all of it is counted', async (context) => {
    const argv = ['sh', '-c', `echo first; yes 0123456789abcde | head -c ${TWO_MIB}; echo last`];
    const { ending, output, text } = await stage().run(context, await stage().home(context, PROD), argv, { timeoutMs: 30_000 });
    expect(ending.outcome).toMatchObject({ kind: 'exited', code: 0 });
    expect([output.bytes, output.complete]).toEqual([TWO_MIB + 'first\nlast\n'.length, true]);
    expect(output.head.byteLength + (output.tail?.byteLength ?? 0)).toBeLessThanOrEqual(OUTPUT_KEPT_BYTES_MAX);
    expect(text.startsWith('first\n0123456789abcde\n')).toBe(true);
    expect(Buffer.from(output.tail ?? []).toString('utf8').endsWith('0123456789abcde\nlast\n')).toBe(true);
  });

  test('18 MiB: read to the limit, and said to be more', async (context) => {
    const argv = ['sh', '-c', `echo first; yes ${LONG_LINE} | head -c ${EIGHTEEN_MIB}; echo; echo last`];
    const { ending, output, text } = await stage().run(context, await stage().home(context, PROD), argv, { timeoutMs: 30_000 });
    expect(ending.outcome).toMatchObject({ kind: 'exited', code: 0 });
    expect([output.complete, output.bytes <= OUTPUT_READ_BYTES_MAX, output.bytes > OUTPUT_READ_BYTES_MAX - OUTPUT_KEPT_BYTES_MAX]).toEqual([false, true, true]);
    expect(text.startsWith(`first\n${LONG_LINE}\n`)).toBe(true);
    expect(Buffer.from(output.tail ?? []).toString('utf8').endsWith('\nlast\n')).toBe(true);
    expect(output.head.byteLength + (output.tail?.byteLength ?? 0)).toBeLessThanOrEqual(OUTPUT_KEPT_BYTES_MAX);
  });

  test('endless: stopped by its timeout, followed in flat memory, and said to be more than was read', async (context) => {
    const before = bytesUsed();
    const { cluster, seenAfterSeconds } = stage().world;
    const run = await stage().start(context, await stage().home(context, PROD), ['yes', LONG_LINE], { timeoutMs: (seenAfterSeconds + 1) * 1_000 });
    await run.running();
    const following = cluster.follow(run.target, run.container.name, new AbortController().signal);
    expect(await cluster.awaitEnd(run.target, run.container, run.watch)).toMatchObject({ outcome: { kind: 'timed_out' } });
    const output = await following.finish();
    expect([output.complete, output.bytes <= OUTPUT_READ_BYTES_MAX, output.bytes > OUTPUT_KEPT_BYTES_MAX]).toEqual([false, true, true]);
    expect(Buffer.from(output.head).toString('utf8').startsWith(`${LONG_LINE}\n${LONG_LINE}\n`)).toBe(true);
    expect(output.head.byteLength + (output.tail?.byteLength ?? 0)).toBeLessThanOrEqual(OUTPUT_KEPT_BYTES_MAX);
    expect(bytesUsed() - before).toBeLessThan(MEMORY_GROWTH_BYTES_MAX);
  });

  test('followed while it runs: lines are counted before the end, and none is lost or doubled', async (context) => {
    const { cluster, seenAfterSeconds } = stage().world;
    const argv = ['sh', '-c', `for i in 1 2 3; do echo line $i; sleep ${seenAfterSeconds}; done; echo end`];
    const run = await stage().start(context, await stage().home(context, PROD), argv, { timeoutMs: 30_000 });
    await run.running();
    const following = cluster.follow(run.target, run.container.name, new AbortController().signal);
    const ending = cluster.awaitEnd(run.target, run.container, run.watch);
    await until('a line before the end', async () => following.progress().lines >= 1);
    expect(following.progress().lines).toBeLessThan(4);
    expect(await ending).toMatchObject({ outcome: { kind: 'exited', code: 0 } });
    const output = await following.finish();
    expect([Buffer.from(output.head).toString('utf8'), output.bytes, output.complete]).toEqual(['line 1\nline 2\nline 3\nend\n', 25, true]);
  });
};
