/** The chain, the checkpoint and the seal as others may compute them: fixed examples, and nothing but their own exact text. */
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/domain/canonical.ts';
import { BEGINNING, createChain, entryHash, isLastOfRequest, nextRoll, type ChainedEntry } from '../../../src/domain/ledger/chain.ts';
import { checkpointText, parseCheckpoint, type Checkpoint } from '../../../src/domain/ledger/checkpoint.ts';
import { parseSeal, parseSegmentLine, sealText, segmentLine, startAfter, type Seal } from '../../../src/domain/ledger/segment.ts';
import type { Instant, Sha256 } from '../../../src/domain/names.ts';
import { chained, factsOf } from '../../app/ledger/ledger.ts';
import { STATES } from '../../fixtures/requests.ts';

const hex = (digit: string): Sha256 => digit.repeat(64) as Sha256;
const checkpoint: Checkpoint = { installation: 'one', position: 3, roll: hex('a'), at: 17 as Instant };
const seal: Seal = {
  kind: 'segment', installation: 'one', first: 1, last: 2, count: 2, rollBefore: BEGINNING.roll, rollAfter: hex('b'), sha256: hex('c'), lastAt: 5 as Instant, sealedAt: 9 as Instant,
  heads: { attempts: { version: 2, hash: hex('d') } },
};

describe('the chain', () => {
  it('is that of the documentation', () => {
    // printf '%s' '{}' | sha256sum; then (xxd -r -p of both digests; printf of the text) | sha256sum, for the entry and for the roll
    const hash = entryHash({ request: 'kd-00000001', sequence: 1, at: 1 as Instant, text: '{}' }, BEGINNING.roll);
    expect(hash).toBe('7e158b1f13833aa0915439b248ea491912b6718424b66b83a09445e3b2681dbc');
    expect(nextRoll(BEGINNING.roll, 1, hash)).toBe('ca1e26f6c5b644abf85206b8151607e0e744a87ef68d13f6041e0ba32f72ad5a');
  });

  it('goes on from any point, knowing the chains that are not over', () => {
    const entries = chained(factsOf(300));
    for (const cut of [1, 17, 100, 299]) {
      const before = createChain();
      for (const entry of entries.slice(0, cut)) expect(before.add(entry)).toBeUndefined();
      const behind = createChain({ position: cut, roll: before.roll(), heads: before.open() });
      expect(entries.slice(cut).map((entry) => behind.add(entry)).filter((problem) => problem !== undefined), `from ${cut}`).toEqual([]);
      expect(behind.roll()).toBe(entries.at(-1)?.roll);
      const last = new Map(entries.slice(0, cut).map(({ request, text }) => [request, text]));
      expect([...before.open().keys()].toSorted()).toEqual([...last].filter(([, text]) => !isLastOfRequest(text)).map(([request]) => request).toSorted());
    }
  });

  it.each<readonly [string, (entries: readonly ChainedEntry[]) => ChainedEntry, string]>([
    ['one that was dropped before it', ([, , third]) => third!, 'entry 2 is missing'],
    ['itself again', ([first]) => first!, 'entry 1 stands where entry 2 should'],
    ['another number in its request', ([, second]) => ({ ...second!, sequence: 9 }), 'entry 2 is number 9 of kd-00000001 and should be 2'],
    ['another text', ([, second]) => ({ ...second!, text: '{"type":"denied"}' }), 'entry 2 was changed: its hash is not that of its text'],
    ['another roll', ([, second]) => ({ ...second!, roll: hex('e') }), 'entry 2 does not follow the entry before it'],
  ])('says of an entry with %s what is wrong, and stays where it was', (_what, wrong, problem) => {
    const entries = chained(['{"type":"requested"}', '{"type":"planned"}', '{"type":"allowed"}'].map((text, index) => ({ request: 'kd-00000001', at: (index + 1) as Instant, text })));
    const chain = createChain();
    expect(chain.add(entries[0]!)).toBeUndefined();
    expect(chain.add(wrong(entries))).toBe(problem);
    expect([chain.position(), chain.roll()]).toEqual([1, entries[0]!.roll]);
    expect(chain.heads.get('kd-00000001')).toEqual({ version: 1, hash: entries[0]!.hash });
  });

  it('knows which event is the last of its request', () => {
    const over = ['finished', 'refused', 'denied', 'withdrawn', 'cancelled', 'expired'];
    for (const [state, events] of Object.entries(STATES)) expect(isLastOfRequest(JSON.stringify(events.at(-1))), state).toBe(over.includes(state));
  });
});

describe('a checkpoint', () => {
  it('is canonical JSON', () => {
    expect(checkpointText(checkpoint)).toBe(`{"at":17,"installation":"one","position":3,"roll":"${hex('a')}"}`);
    expect(parseCheckpoint(checkpointText(checkpoint))).toEqual(checkpoint);
  });

  it.each([
    '', '{}', 'null', '[]', '7', 'x', checkpointText(checkpoint).replace(':', ': '), checkpointText(checkpoint).replace('}', ',"x":1}'), checkpointText(checkpoint).replace('3', '-3'),
    checkpointText(checkpoint).replace('3', '3.5'), checkpointText(checkpoint).replace('"one"', '1'), checkpointText(checkpoint).replace('aaa', 'AAA'), sealText(seal),
  ])('is not %j', (text) => {
    expect(parseCheckpoint(text)).toBeUndefined();
  });
});

describe('a segment', () => {
  it('has a seal that says what was before, what is in it, and what goes on behind', () => {
    expect(parseSeal(sealText(seal))).toEqual(seal);
    expect(startAfter(seal)).toEqual({ position: 2, roll: hex('b'), heads: new Map([['attempts', { version: 2, hash: hex('d') }]]) });
  });

  it.each([
    '{}', checkpointText(checkpoint), sealText({ ...seal, count: 3 }), sealText(seal).replace('"kind":"segment"', '"kind":"other"'), sealText(seal).replace('}', ',"x":1}'),
    sealText(seal).replace('"version":2', '"version":-2'), sealText(seal).replace(`"sha256":"${hex('c')}"`, '"sha256":""'),
  ])('has no seal like %j', (text) => {
    expect(parseSeal(text)).toBeUndefined();
  });

  it.each([undefined, null, 7, 'x', []])('has no seal whose heads are %j, or whose head is', (heads) => {
    expect(parseSeal(canonicalJson({ ...JSON.parse(sealText(seal)) as object, ...(heads === undefined ? { heads: null } : { heads }) }))).toBeUndefined();
    expect(parseSeal(canonicalJson({ ...JSON.parse(sealText(seal)) as object, heads: { attempts: heads ?? null } }))).toBeUndefined();
  });

  it('keeps the exact text of an event, whatever is in it', () => {
    const [entry] = chained([{ request: 'attempts', text: '{"a": 1,"b":"\u2028\\u0000é\ud800"}\n', at: 3 }]);
    expect(segmentLine(entry!)).not.toMatch(/\n/);
    expect(parseSegmentLine(segmentLine(entry!))).toEqual(entry);
    expect(parseSegmentLine(`${segmentLine(entry!)} `)).toBeUndefined();
    expect(parseSegmentLine(segmentLine(entry!).replace('"sequence":1', '"sequence":"1"'))).toBeUndefined();
  });
});

describe('each field of what is read', () => {
  const [entry] = chained([{ request: 'attempts', text: '{"type":"attempt"}', at: 3 }]);
  const formats: readonly (readonly [string, string, (text: string) => unknown])[] = [
    ['checkpoint', checkpointText(checkpoint), parseCheckpoint], ['seal', sealText(seal), parseSeal], ['line of a segment', segmentLine(entry!), parseSegmentLine],
  ];
  const fields = formats.flatMap(([format, text, parse]) => Object.keys(JSON.parse(text) as object).map((field) => [format, field, text, parse] as const));

  it.each(fields)('%s: %s must be there, and what it should be', (_format, field, text, parse) => {
    expect(parse(text)).toBeDefined();
    const { [field]: value, ...rest } = JSON.parse(text) as Record<string, unknown>;
    expect(parse(JSON.stringify(rest))).toBeUndefined();
    const others = [null, true, -1, 0.5, [], typeof value === 'string' ? 7 : '7', ...(field === 'heads' ? [] : [{}]), ...(typeof value === 'number' ? [2 ** 53] : [])];
    // written in the order of the format, so that nothing but the value is wrong
    for (const other of others) expect(parse(JSON.stringify({ ...JSON.parse(text) as object, [field]: other })), JSON.stringify(other)).toBeUndefined();
  });
});
