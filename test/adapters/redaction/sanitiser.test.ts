import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { redactCommand } from '../../../src/adapters/redaction/command.ts';
import { type SanitiserSettings, createSanitiser } from '../../../src/adapters/redaction/sanitiser.ts';
import type { RawOutput } from '../../../src/app/cluster-port.ts';

const KEY = Buffer.from('key');
const open: ReturnType<typeof createSanitiser>[] = [];
const sanitiser = (settings: Partial<SanitiserSettings> = {}) => {
  const made = createSanitiser({ patterns: [], own: [], digestKey: KEY, keptBytesMax: 1_048_576, msMax: 5_000, ...settings });
  open.push(made);
  return made;
};
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
const raw = (head: string | Uint8Array, more: Partial<RawOutput> = {}): RawOutput => ({ head: Buffer.from(head), bytes: Buffer.byteLength(head), complete: true, ...more });

/** Linear, yet slow on enough text: what an overrun looks like. */
const SLOW = { name: 'slow', pattern: '(a|aa|aaa|[ab]{1,40}){1,8}(c|d)' };

describe('an output', () => {
  test('is redacted, counted and digested', async () => {
    const { head, summary } = await sanitiser().sanitise(raw('a\npassword: hunter2\n'));
    expect(head).toBe('a\npassword: [hidden: password]\n');
    expect(summary).toEqual({
      bytes: 20, lines: 2, complete: true, keptBytes: Buffer.byteLength(head), binary: false, redactions: [{ what: 'password', count: 1 }], digest: createHmac('sha256', KEY).update(head).digest('hex'),
    });
  });
  test('loses what the patterns of the configuration match', async () => {
    const { head, summary } = await sanitiser({ patterns: [{ name: 'internal token', pattern: 'acme_[a-z0-9]{8}' }] }).sanitise(raw('x acme_abcd1234 y'));
    expect([head, summary.redactions]).toEqual(['x [hidden: internal token] y', [{ what: 'internal token', count: 1 }]]);
  });
  test('that is cut loses the lines beside the cut, and stays within its limit', async () => {
    const { head, tail, summary } = await sanitiser({ keptBytesMax: 200 }).sanitise(raw('a\n'.repeat(90), { tail: Buffer.from('half\nb\n'), bytes: 9_999 }));
    expect(tail).toBe('[hidden: line beside the cut]\nb\n');
    expect(summary.keptBytes).toBe(Buffer.byteLength(head) + Buffer.byteLength(tail ?? ''));
    expect(summary.keptBytes).toBeLessThanOrEqual(200);
  });
  test('that is cut has the lines that were read, not those that are kept', async () => {
    const some = { ...raw('a\n'.repeat(90), { tail: Buffer.from('half\nb\n'), bytes: 9_999 }), lines: 4_000 };
    expect((await sanitiser({ keptBytesMax: 200 }).sanitise(some)).summary.lines).toBe(4_000);
    expect((await sanitiser().sanitise({ ...raw('a\nb\n'), lines: 2 })).summary.lines).toBe(2);
  });
  test('that is binary is said to be, and its text is not shown', async () => {
    const { head, summary } = await sanitiser().sanitise(raw(Buffer.concat([Buffer.alloc(64), Buffer.from('password=hunter2')])));
    expect([summary.binary, head]).toEqual([true, '(not shown: 80 bytes that are not text, of no known kind)']);
  });
  test('that broke off loses its half line, and what it would have said of the lines before', async () => {
    const { head, summary } = await sanitiser().sanitise(raw('data:\n  user: VHIwdWI0ZG9y\nkind: Sec', { complete: false }));
    expect(head).toBe('data:\n  user: [hidden: value beside the cut]\n[hidden: line beside the cut]');
    expect(summary).toMatchObject({ complete: false, redactions: [{ what: 'value beside the cut', count: 1 }, { what: 'line beside the cut', count: 1 }] });
  });
  test('that could not be read says so', async () =>
    expect((await sanitiser().sanitise(raw('', { complete: false, unreadable: { code: 'expired_before_start' } }))).summary.withheld).toBe('log_unreadable'));
  test('of few bytes takes less than 5 ms once warm', async () => {
    const one = sanitiser();
    const ordinary = raw('GET /api/v1/orders/7 200 in 12 ms user=alice key=default/foo\n'.repeat(1_000));
    const times: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      // of this process with its threads, so that a busy machine does not count
      const from = process.cpuUsage();
      await one.sanitise(ordinary);
      const { user, system } = process.cpuUsage(from);
      times.push((user + system) / 1_000);
    }
    expect(Math.min(...times)).toBeLessThan(5);
  });
});

describe('the thread', () => {
  test('that is killed for an overrun is replaced, and the output is withheld', async () => {
    const one = sanitiser({ patterns: [SLOW], msMax: 1_000 });
    const [slow, next] = await Promise.all([one.sanitise(raw('ab'.repeat(400_000))), one.sanitise(raw('token=x1'))]);
    expect(slow).toMatchObject({ head: '', summary: { withheld: 'redaction_overrun', keptBytes: 0 } });
    expect(next.head).toBe('token=[hidden: token]');
  });
  test('that cannot start withholds', async () => expect((await sanitiser({ patterns: [{ name: 'x', pattern: '(' }] }).sanitise(raw('a'))).summary.withheld).toBe('redaction_overrun'));
  test('has a queue bounded in bytes: what is beyond it is withheld at once', async () => {
    const large = raw('a\n'.repeat(524_288));
    const outputs = await Promise.all(Array.from({ length: 34 }, () => one.sanitise(large)));
    expect(outputs.map(({ summary }) => summary.withheld === undefined)).toEqual([...Array.from({ length: 32 }, () => true), false, false]);
  }, 20_000);
  test('takes a thousand small outputs that end at the same moment, each its own answer', async () => {
    const outputs = await Promise.all(Array.from({ length: 1_000 }, (_, index) => one.sanitise(raw(`run ${index}\n`))));
    expect(outputs.map(({ head }) => head)).toEqual(Array.from({ length: 1_000 }, (_, index) => `run ${index}\n`));
  });
  test('that one output ends is replaced for all that were with it', async () => {
    const fresh = sanitiser({ patterns: [SLOW], msMax: 1_000 });
    const outputs = await Promise.all([fresh.sanitise(raw('ab'.repeat(400_000))), ...Array.from({ length: 8 }, (_, index) => fresh.sanitise(raw(`run ${index}`)))]);
    expect(outputs[0]?.summary.withheld).toBe('redaction_overrun');
    expect(outputs.slice(1).map(({ head }) => head)).toEqual(Array.from({ length: 8 }, (_, index) => `run ${index}`));
  });
  const one = createSanitiser({ patterns: [], own: [], digestKey: KEY, keptBytesMax: 1_048_576, msMax: 5_000 });
  test('leaves the bytes of the caller as they are', async () => {
    const bytes = Buffer.from('password=x1');
    await one.sanitise(raw(bytes, { head: bytes }));
    expect(bytes.toString()).toBe('password=x1');
    await one.close();
  });
  test('keeps memory flat', async () => {
    const many = sanitiser();
    const bytes = raw('user=alice token=abc1 \n'.repeat(2_000));
    for (let round = 0; round < 20; round += 1) await many.sanitise(bytes);
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 60; round += 1) await many.sanitise(bytes);
    expect(process.memoryUsage().rss - before).toBeLessThan(96 * 1_024 * 1_024);
  });
});

test('kdebug redact says what would be hidden and where', async () => {
  const written: string[] = [];
  const code = await redactCommand(() => Promise.resolve(Buffer.from('a\n[hidden: x]\npassword: hunter2\n')), (text) => written.push(text));
  expect([code, written.join('')]).toEqual([0, 'a\n(hidden: x]\npassword: [hidden: password]\n\n1 would be hidden:\n  line 3: password\n']);
});

test('kdebug redact answers 1 when the text would be withheld, and shows none of it', async () => {
  const written: string[] = [];
  const code = await redactCommand(() => Promise.resolve(Buffer.from('ab'.repeat(400_000))), (text) => written.push(text), { patterns: [SLOW] });
  expect([code, written.join('')]).toEqual([1, expect.stringMatching(/^Withheld: .*within 2000 ms/)]);
});
