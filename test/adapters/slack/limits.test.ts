import { describe, expect, it } from 'vitest';
import { card, cardLength } from '../../../src/adapters/slack/render/card.ts';
import { detailsView } from '../../../src/adapters/slack/render/modals.ts';
import { spoken } from '../../../src/adapters/slack/render/rich.ts';
import { mirror } from '../../../src/adapters/slack/render/mirror.ts';
import { result } from '../../../src/adapters/slack/render/result.ts';
import { ARGV_BYTES_MAX, ARGV_COUNT_MAX, CARD_CHARS_MAX, ENV_COUNT_MAX, REASON_CHARS_MAX, REPLICAS_MAX, TEXT_CHARS_MAX } from '../../../src/domain/limits.ts';
import type { RequestEvent } from '../../../src/domain/events.ts';
import type { PodName } from '../../../src/domain/names.ts';
import type { Finished, Request } from '../../../src/domain/request-states.ts';
import { planDigest } from '../../../src/domain/plan.ts';
import { blockProblems } from '../../../src/playground/slack/blocks/blocks.ts';
import { viewProblems } from '../../../src/playground/slack/blocks/views.ts';
import { countedCharacters } from '../../../src/playground/slack/blocks/count.ts';
import type { Json } from '../../../src/playground/slack/json.ts';
import { allowed, ask, at, BOB, finished, given, hold, ID, plan, planned, preflight, requested, STATES } from '../../fixtures/requests.ts';

const BLOCKS_CHARS_MAX = 13_200;
const TEXT_BYTES_MAX = 3_000;

const argvOf = (character: string): readonly string[] => Array.from({ length: ARGV_COUNT_MAX }, () => character.repeat(Math.floor(ARGV_BYTES_MAX / ARGV_COUNT_MAX / Buffer.byteLength(character))));

/** Everything as large as the parser and the catalogue let it be. */
const largest = (character: string): Extract<Request, { state: 'queued' }> => {
  const text = character.repeat(TEXT_CHARS_MAX);
  const bigPlan = {
    ...plan, argv: argvOf(character),
    targets: Array.from({ length: REPLICAS_MAX }, (_, index) => ({ ...plan.targets[0]!, pod: `${'a'.repeat(240)}-${index}` as PodName })),
    container: { ...plan.container, env: Array.from({ length: ENV_COUNT_MAX }, (_, index) => ({ name: `KEY_${index}`, value: character.repeat(400) })) },
  };
  return given(
    { ...(requested as Extract<RequestEvent, { type: 'requested' }>), ask: { ...ask, text, command: { ...ask.command, argv: argvOf(character), options: { reason: character.repeat(REASON_CHARS_MAX) } } } },
    { ...(planned as Extract<RequestEvent, { type: 'planned' }>), plan: bigPlan, preflight }, allowed,
  ) as Extract<Request, { state: 'queued' }>;
};

describe.each([['letters', 'x'], ['ampersands', '&'], ['emoji', '😀'], ['characters nobody sees', '\u202e'], ['quotes', '"']])('the largest allowed plan, of %s', (_what, character) => {
  it('has a card that Slack takes, or is one that is refused before', () => {
    const request = largest(character);
    const message = card(request);
    expect(blockProblems(message.blocks as unknown as Json)).toEqual([]);
    expect(countedCharacters(message.blocks as unknown as Json)).toBeLessThan(BLOCKS_CHARS_MAX);
    expect(Buffer.byteLength(message.text)).toBeLessThanOrEqual(TEXT_BYTES_MAX);
    expect(JSON.stringify(message.blocks)).toMatch(/arguments not shown here|too long for a card/);
    expect(cardLength(request)).toBeGreaterThan(CARD_CHARS_MAX);
  });

  it('has details that Slack opens', () => {
    expect(viewProblems(detailsView({ kind: 'shown', request: largest(character) }) as unknown as Json, 'modal')).toEqual([]);
  });

  it('ends on a card that Slack takes', () => {
    const message = card(given(...STATES.requested, { type: 'cancelled', at: at(3), by: BOB }));
    expect(countedCharacters(message.blocks as unknown as Json)).toBeLessThan(BLOCKS_CHARS_MAX);
  });
});

describe('a card that waits for approval', () => {
  const sized = (characters: number): Request => {
    const sizedPlan = { ...plan, argv: ['x'.repeat(characters)] };
    return given(requested, { ...(planned as Extract<RequestEvent, { type: 'planned' }>), plan: sizedPlan }, { type: 'held', at: at(2), rule: 'r', hold, expiresAt: at(902) });
  };

  it('shows every argument whole up to the limit, however long', () => {
    const request = sized(6_500);
    expect(cardLength(request)).toBeLessThanOrEqual(CARD_CHARS_MAX);
    expect(JSON.stringify(card(request).blocks)).toContain('x'.repeat(6_500));
  });

  it('is measured the same before it is held', () => {
    const before = given(requested, { ...(planned as Extract<RequestEvent, { type: 'planned' }>), plan: { ...plan, argv: ['x'.repeat(6_500)] } });
    expect(Math.abs(cardLength(before) - cardLength(sized(6_500)))).toBeLessThan(60);
    expect(cardLength(sized(9_000))).toBeGreaterThan(CARD_CHARS_MAX);
  });

  it.each(['ss', '&&<>', '"\u202e'])('is counted as Slack counts, with %j', (argument) => {
    const request = given(requested, { ...(planned as Extract<RequestEvent, { type: 'planned' }>), plan: { ...plan, argv: [argument] } }, { type: 'held', at: at(2), rule: argument, hold, expiresAt: at(902) });
    expect(cardLength(request)).toBe(countedCharacters(card(request, true).blocks as unknown as Json));
  });
});

describe('top-level text', () => {
  it.each([['x'], ['&'], ['😀'], ['é'], ['\u202e']])('of %j is cut at whole characters and entities, within its bytes', (character) => {
    const text = spoken([[{ user: BOB }, ' ', { code: character.repeat(5_000) }, { user: BOB }]]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(TEXT_BYTES_MAX);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toMatch(/ …$/);
    expect(text.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
  });

  it('is never empty', () => expect(spoken([[]])).toBe('kdebug'));
});

describe('speed', () => {
  const medianMs = (work: () => unknown): number => {
    const times = Array.from({ length: 200 }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    });
    return times.toSorted((one, other) => one - other)[100]!;
  };

  it.each<readonly [string, () => unknown]>([
    ['a card', () => card(given(...STATES.awaiting_approval))],
    ['a result', () => result(given(...STATES.finished) as Finished, 0, { head: 'line\n'.repeat(10_000), summary: { bytes: 50_000, lines: 10_000, complete: true, keptBytes: 50_000, binary: false, redactions: [] } }, false)],
    ['forty audit lines', () => mirror(Array.from({ length: 40 }, () => ({ at: at(0), request: ID, event: finished })))],
  ])('of rendering %s is below a millisecond or two', (_what, work) => {
    expect(medianMs(work)).toBeLessThan(2);
  });

  it('does not fall with a digest of the largest plan', () => expect(planDigest(largest('x').plan)).toHaveLength(64));
});
