import { describe, expect, it } from 'vitest';
import { result } from '../../../src/adapters/slack/render/result.ts';
import type { RunEnd } from '../../../src/domain/events.ts';
import type { PodName } from '../../../src/domain/names.ts';
import type { Failure, Outcome } from '../../../src/domain/outcome.ts';
import type { Output, OutputSummary } from '../../../src/domain/output.ts';
import type { Finished } from '../../../src/domain/request-states.ts';
import { blockProblems } from '../../../src/playground/slack/blocks/blocks.ts';
import { countedCharacters } from '../../../src/playground/slack/blocks/count.ts';
import type { Json } from '../../../src/playground/slack/json.ts';
import { at, given, STATES } from '../../fixtures/requests.ts';
import { seen } from './seen.ts';

const POD = 'api-7f9c4d8b6-x2k9p' as PodName;
const BY_HAND = 'the same by hand: kubectl debug -n prod api-7f9c4d8b6-x2k9p --image=nicolaka/netshoot:v0.13 --target=api --profile=general -- ss -tlnp';

const summary = (more: Partial<OutputSummary> = {}): OutputSummary => ({ bytes: 164, lines: 2, complete: true, keptBytes: 164, binary: false, redactions: [], ...more });
const output = (head: string, more: Partial<OutputSummary> = {}, tail?: string): Output =>
  ({ head, ...(tail !== undefined && { tail }), summary: summary({ bytes: head.length, keptBytes: head.length, lines: head.split('\n').length, ...more }) });
const ends = (outcome: Outcome, about: OutputSummary | null = summary(), pod: PodName = POD): RunEnd => ({ pod, outcome, output: about });
const finishedWith = (...all: readonly RunEnd[]): Finished =>
  given(...STATES.running, { type: 'finished', at: at(60), ends: all }) as Finished;
const shown = (end: RunEnd, given_?: Output, isRepeat = false): readonly string[] => seen(result(finishedWith(end), 0, given_, isRepeat)).filter((line) => !line.startsWith('[ '));
const buttonsOf = (end: RunEnd, kept?: Output): readonly string[] => seen(result(finishedWith(end), 0, kept, false)).filter((line) => /^\[ (?:Run again|Filter)/.test(line));

const ZERO: Outcome = { kind: 'exited', code: 0, durationMs: 900 };
const pull: Failure = { code: 'image_not_pulled', image: 'nicolaka/netshoot:v0.13', detail: 'not found' };

describe('the verdict', () => {
  const DIDNT: Outcome = { kind: 'not_started', failure: pull, armed: true };
  it.each<readonly [string, Outcome, string]>([
    ['a success', ZERO, 'Exit code 0 · in under 1 s · 2 lines, 164 bytes, complete'],
    ['a non-zero exit, which is an answer', { kind: 'exited', code: 1, durationMs: 400 }, 'Exit code 1 · in under 1 s · 2 lines, 164 bytes, complete'],
    ['a signal', { kind: 'exited', code: 137, signal: 'SIGKILL', outOfMemory: true, durationMs: 2_000 }, 'Exit code 137 (SIGKILL): out of memory · in about 2 s · 2 lines, 164 bytes, complete'],
    ['a timeout, which took a little longer than its limit', { kind: 'timed_out', afterMs: 61_400 }, 'Stopped after 60 s (your limit; at most 15 min) · 2 lines, 164 bytes, complete'],
    ['a pod that went away', { kind: 'interrupted', by: 'deleted', replacement: 'api-7f9c4d8b6-q8d2r' as PodName }, 'The pod was deleted while the command ran (replaced by api-7f9c4d8b6-q8d2r) · 2 lines, 164 bytes, complete'],
    ['an end nobody saw', { kind: 'unknown', detail: 'no worker saw how it ended' }, 'How it ended is not known: no worker saw how it ended. It may have run; kdebug does not run it again · 2 lines, 164 bytes, complete'],
  ])('of %s comes first', (_what, outcome, sentence) => {
    expect(shown(ends(outcome), output('a\nb'))[0]).toBe(sentence);
  });

  it('of an image that cannot be pulled says until when the container may still try', () => {
    expect(shown(ends(DIDNT, null))).toEqual([
      "Did not run. The node could not pull nicolaka/netshoot:v0.13. Check the name, the tag and the node's access to the registry. It said: not found. The container cannot be removed; should the node start it later, the command refuses to run after 09:04 UTC.",
      '2 of 50 debug containers used', BY_HAND,
    ]);
  });

  it('of a program that was not found names it, and the image', () => {
    expect(shown(ends({ kind: 'exited', code: 127, durationMs: 400 }), output('a'))).toContain('ss may not be in netshoot.');
    expect(shown(ends({ kind: 'exited', code: 1, durationMs: 400 }), output('a')).join(' ')).not.toContain('may not be in');
  });

  it('of more than is kept says so, with the lines of all', () => {
    expect(shown(ends(ZERO, summary({ lines: 200_000, bytes: 1_288_895 })), output('1\n2\n', { lines: 200_000 }, '199999\n200000\n'))).toEqual(expect.arrayContaining([
      'Exit code 0 · in under 1 s · 200,000 lines, 1.2 MiB, of which beginning and end are kept', expect.stringContaining('199,996 lines left out'),
    ]));
  });

  it('names the pod where there are several', () => {
    const request = finishedWith(ends(ZERO, summary(), 'api-1' as PodName), ends(ZERO, summary(), 'api-2' as PodName));
    expect(seen(result(request, 1, output('x'), false))[0]).toBe('api-2: Exit code 0 · in under 1 s · 2 lines, 164 bytes, complete');
    expect(result(request, 2, output('x'), false)).toBeUndefined();
  });

  it('marks a repeated post', () => {
    expect(shown(ends(ZERO), output('x'), true)[0]).toMatch(/\(repeat\)$/);
  });
});

describe('the buttons', () => {
  it('below every result: run again; filter only where text is kept', () => {
    expect(buttonsOf(ends(ZERO), output('x'))).toEqual(['[ Run again ]', '[ Filter… ]']);
    for (const [end, kept] of [[ends(ZERO), undefined], [ends(ZERO, summary({ bytes: 0, keptBytes: 0 })), output('')], [ends(ZERO, summary({ binary: true })), output('x', { binary: true })], [ends(ZERO, null), undefined]] as const) {
      expect(buttonsOf(end, kept)).toEqual(['[ Run again ]']);
    }
  });
});

const WIDE = `State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      128          0.0.0.0:8080      0.0.0.0:*    users:(("api",pid=1,fd=3),("<!channel>",pid=22,fd=4),("api",pid=31,fd=5))
`;

describe('a table', () => {
  const message = (text: string) => result(finishedWith(ends(ZERO)), 0, output(text), false);
  it('stands beside the box where the box would wrap, and Slack takes it', () => {
    const table = message(WIDE)?.blocks.find((block) => block.type === 'table');
    expect(table).toMatchObject({ rows: [[{ text: 'State' }, {}, {}, {}, {}, { text: 'Process' }], [{ text: 'LISTEN' }, { text: '0' }, {}, {}, {}, { type: 'raw_text', text: 'users:(("api",pid=1,fd=3),("<!channel>",pid=22,fd=4),("api",pid=31,fd=5))' }]] });
    expect(blockProblems(message(WIDE)?.blocks as unknown as Json)).toEqual([]);
    expect(seen(message(WIDE))).toContain('LISTEN 0      128          0.0.0.0:8080      0.0.0.0:*    users:(("api",pid=1,fd=3),("<!channel>",pid=22,fd=4),("api",pid=31,fd=5))');
  });
  it('is left out of what is sent where Slack has none', () => {
    expect(message(WIDE)?.plain?.blocks.map(({ type }) => type)).toEqual(['rich_text', 'actions']);
  });
  it.each([['narrow output', 'PID TTY TIME CMD\n1 ? 0 node\n'], ['text that is no table', `${'word '.repeat(30)}\nx\n`]])('is not made of %s', (_what, text) => {
    expect(message(text)?.blocks.map(({ type }) => type)).toEqual(['rich_text', 'actions']);
    expect(message(text)).not.toHaveProperty('plain');
  });
});

describe('the output', () => {
  it('stands literally in a box, the line to do the same by hand below it', () => {
    expect(shown(ends(ZERO), output('State  Recv-Q\nLISTEN 0\n'))).toEqual(['Exit code 0 · in under 1 s · 2 lines, 164 bytes, complete', 'State  Recv-Q', 'LISTEN 0', expect.stringMatching(/^2 of 50 debug containers used$/) as string, BY_HAND]);
  });

  it.each<readonly [string, Partial<OutputSummary>, Output | undefined, string]>([
    ['empty', { bytes: 0, lines: 0, keptBytes: 0 }, output(''), '(no output)'],
    ['withheld', { withheld: 'redaction_overrun' }, output('secret'), 'The output is withheld: it could not be searched for secrets in time. Make it shorter (head, grep), then run it again.'],
    ['unreadable', { withheld: 'log_unreadable' }, undefined, 'The output could not be read from the cluster.'],
    ['kept no more', {}, undefined, 'The output is not kept any more.'],
  ])('that is %s says so', (_what, about, kept, sentence) => {
    const lines = shown(ends(ZERO, summary(about)), kept);
    expect(lines[1]).toBe(sentence);
    expect(lines.join('\n')).not.toContain('secret\n');
  });

  it('offers no line to copy where it would not be what was run', () => {
    const request = { ...finishedWith(ends(ZERO)), plan: { ...finishedWith(ends(ZERO)).plan, argv: ['sh', '-c', 'ls\nid'] } };
    expect(seen(result(request, 0, output('x'), false)).join('\n')).not.toContain('by hand');
  });

  it('tells what was hidden and what is no text', () => {
    const about = { binary: true, redactions: [{ what: 'bearer token', count: 1 }, { what: 'password', count: 1 }] };
    expect(shown(ends(ZERO, summary(about)), output('x', about)).slice(2, 4)).toEqual(['This is not text, so it is not shown.', '2 values were hidden (1 bearer token, 1 password).']);
  });

  it('that was cut says "at least"', () => {
    expect(shown(ends(ZERO, summary({ complete: false })), output('x', { complete: false }))[0]).toBe('Exit code 0 · in under 1 s · at least 2 lines, 164 bytes, cut: there was more than kdebug reads');
  });

  it('shows head and tail of a long one, counts what is left out, and gives the whole as a file', () => {
    const text = Array.from({ length: 1_000 }, (_, index) => `line ${index + 1}`).join('\n');
    const about = summary({ lines: 1_000, bytes: text.length, keptBytes: text.length });
    const message = result(finishedWith(ends(ZERO, about)), 0, { head: text, summary: about }, false);
    const lines = seen(message);
    const [first, last] = [lines.indexOf('line 1'), lines.lastIndexOf('line 1000')];
    const gap = lines.findIndex((line) => line.startsWith('… '));
    expect(lines[gap]).toBe(`… ${1_000 - (gap - first) - (last - gap)} lines left out …`);
    expect(lines).toContain('All that is kept of it follows as a file.');
    expect(message?.file).toBe(text);
    expect(lines.slice(first, last + 1).join('\n').length).toBeLessThan(3_100);
  });

  it.each([
    ['one line of 100,000 letters', 'x'.repeat(100_000)],
    ['ampersands, which count five', '&'.repeat(20_000)],
    ['emoji', '😀'.repeat(20_000)],
    ['empty lines', '\n'.repeat(20_000)],
    ['a head and a tail', 'h'.repeat(5_000)],
  ])('of %s stays within Slack\'s limits', (_what, text) => {
    const about = summary({ bytes: text.length, keptBytes: text.length });
    const message = result(finishedWith(ends(ZERO, about)), 0, { head: text, tail: `${text}end`, summary: about }, false);
    const blocks = message?.blocks as unknown as Json;
    expect(blockProblems(blocks)).toEqual([]);
    expect(countedCharacters(blocks)).toBeLessThan(4_500);
    expect(seen(message).join('')).toContain('end');
    expect(seen(message).join('').isWellFormed()).toBe(true);
  });
});
