import { REPLAY_MEMORY_MS } from '../domain/limits.ts';
import { keepMatching, linesKept, shapeLines, type FilterSpec } from '../domain/output-text/filter.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Finished } from '../domain/request-states.ts';
import type { AfterChat } from './after-port.ts';
import { messagePressed, type PressedWorld } from './pressed.ts';
import type { Ledger, Log, Once, OutputStore } from './ports.ts';
import { maySee, type Seeing } from './see.ts';
import type { Click, FilterableAnswer, FilterAnswer, FilterAsk, PostAnswer } from './slack-port.ts';
import { orUnavailable } from './unavailable.ts';

/** Patterns of people, in an engine whose time is linear in the text. */
export interface Matcher {
  /** Per line; `why` is the end of a sentence. */
  compile(pattern: string): { readonly ok: true; readonly test: (line: string) => boolean } | { readonly ok: false; readonly why: string };
}

export interface Filtering extends PressedWorld, Seeing {
  readonly outputs: OutputStore;
  readonly matcher: Matcher;
  readonly ledger: Ledger;
  readonly once: Once;
  readonly log: Log;
  readonly chat: Pick<AfterChat, 'filtered'>;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Others are answered between so many lines: an output is up to a mebibyte, and this process answers clicks too. */
const LINES_AT_ONCE = 1_000;
const POST_TRIES_MAX = 4;
const POST_WAIT_MS_MAX = 3_000;
const NOT_FILTERED = 'an output could not be filtered';

/** May this person look at the output of the result that was pressed? Never rejects. */
export const filterable = (world: Filtering, input: Click): Promise<FilterableAnswer> => orUnavailable<FilterableAnswer>(world.log, input, NOT_FILTERED, async () => {
  const seen = await resultSeen(world, input);
  return 'code' in seen ? refuse(world, input, seen) : { kind: 'filterable', request: seen.request, index: seen.index };
});

/** A part of the output as it is kept; nothing runs again. Who may see it is asked again, whatever was shown before. */
export const filter = (world: Filtering, input: FilterAsk): Promise<FilterAnswer> => orUnavailable<FilterAnswer>(world.log, input, NOT_FILTERED, async () => {
  const seen = await resultSeen(world, input);
  if ('code' in seen) return refuse(world, input, seen);
  const output = await world.outputs.get(input.request, seen.index);
  if (!output) return refuse(world, input, { code: 'output_gone' });
  const matches = selector(world.matcher, input.spec);
  if (!matches.ok) return { kind: 'mistake', why: matches.why };
  const all = linesKept(output);
  const matched = await select(world, all, matches.test, input.spec);
  const isPart = output.tail !== undefined || !output.summary.complete;
  return { kind: 'filtered', ...seen, filtered: { spec: input.spec, lines: shapeLines(matched, input.spec), of: all.length, matched: matched.length, isPart } };
});

/** Output that the requester alone was sent stays with them. */
export const postFiltered = async (world: Filtering, input: FilterAsk): Promise<PostAnswer> => {
  const answer = await filter(world, input);
  if (answer.kind !== 'filtered') return answer;
  const { request, index, filtered } = answer;
  const { audience } = request.plan;
  if (audience.kind === 'person') return refuse(world, input, { code: 'may_not_see' });
  return orUnavailable<PostAnswer>(world.log, input, NOT_FILTERED, async () => {
    if (await world.once.claim(`trigger:${input.trigger}`, '1', REPLAY_MEMORY_MS) !== undefined) return { kind: 'done' };
    const { card } = await world.records.load(request.id);
    const thread = request.ask.place.thread ?? card?.ts;
    return post(world, () => world.chat.filtered(request, index, input.user, filtered, { channel: audience.channel, ...(thread !== undefined && { thread }) }));
  });
};

const post = async (world: Filtering, send: () => ReturnType<AfterChat['filtered']>): Promise<PostAnswer> => {
  for (let tries = 0; tries < POST_TRIES_MAX; tries += 1) {
    const sent = await send();
    if (sent.kind === 'sent' || sent.kind === 'uncertain') return { kind: 'done' };
    if (sent.kind === 'never') return { kind: 'not_posted', why: sent.why };
    await world.sleep(Math.min(sent.afterMs, POST_WAIT_MS_MAX));
  }
  return { kind: 'not_posted', why: 'Slack takes no more messages right now' };
};

const resultSeen = async (world: Filtering, input: Click): Promise<{ readonly request: Finished; readonly index: number } | Refusal> => {
  const pressed = await messagePressed(world, input);
  if ('code' in pressed) return pressed;
  if (pressed.on !== 'result') return { code: 'wrong_card' };
  return await maySee(world, pressed.request, input.user) ? { request: pressed.request, index: pressed.index } : { code: 'may_not_see' };
};

const refuse = async (world: Filtering, input: Click, refusal: Refusal): Promise<{ readonly kind: 'refused'; readonly refusal: Refusal }> => {
  await world.ledger.recordAttempt({ user: input.user, channel: input.channel, request: input.request, what: 'click', text: null, refusal });
  return { kind: 'refused', refusal };
};

const selector = (matcher: Matcher, { select: selection }: FilterSpec): ReturnType<Matcher['compile']> => {
  if (selection.by === 'pattern') return matcher.compile(selection.wanted);
  return { ok: true, test: selection.by === 'all' ? () => true : (line) => line.includes(selection.wanted) };
};

const select = async (world: Filtering, lines: readonly string[], test: (line: string) => boolean, { select: selection }: FilterSpec): Promise<readonly string[]> => {
  if (selection.by === 'all') return lines;
  const kept: string[] = [];
  for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
    if (start > 0) await world.sleep(0);
    kept.push(...keepMatching(lines.slice(start, start + LINES_AT_ONCE), test, selection.invert));
  }
  return kept;
};
