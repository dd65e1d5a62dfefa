/**
 * P6: text of people, pods and containers can never ping, link, format or speak in kdebug's voice. Whatever is typed or
 * answered, a reader of Slack's markup finds the mentions that our templates made and nothing else.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, clickAnswer } from '../../../src/adapters/slack/render/answers.ts';
import { card } from '../../../src/adapters/slack/render/card.ts';
import { comparison } from '../../../src/adapters/slack/render/compare.ts';
import { filteredMessage, filteredView, filterView, specOf } from '../../../src/adapters/slack/render/filter.ts';
import { decision, privately, reminder, unseen } from '../../../src/adapters/slack/render/notices.ts';
import { timeline, timelineMarkdown } from '../../../src/adapters/slack/render/timeline.ts';
import { mirror } from '../../../src/adapters/slack/render/mirror.ts';
import { detailsView } from '../../../src/adapters/slack/render/modals.ts';
import { result } from '../../../src/adapters/slack/render/result.ts';
import type { RunCommand } from '../../../src/domain/command/command.ts';
import type { RequestEvent } from '../../../src/domain/events.ts';
import type { ImageRef, MessageTs, PodName } from '../../../src/domain/names.ts';
import { planDigest } from '../../../src/domain/plan.ts';
import type { AwaitingApproval, Finished, Request } from '../../../src/domain/request-states.ts';
import { ALICE, ask, at, BOB, given, ID, INCIDENT, plan, planned, preflight, requested } from '../../fixtures/requests.ts';

const OURS = new Set(['user U0ALICE', 'user U0BOB', 'user U0CAROL', 'channel C0INC42', 'date']);

/** Everything in a text that Slack would not show as it is: https://docs.slack.dev/messaging/formatting-message-text */
const entitiesIn = (text: string): readonly string[] => [...(/[<>]/.test(text.replaceAll(/<[^<>]*>/g, '')) ? ['half an entity'] : []), ...[...text.matchAll(/<([^<>]*)>/g)].map(([, body = '']) => {
  if (/^@[UWB]/.test(body)) return `user ${body.slice(1)}`;
  if (/^#[CDG]/.test(body)) return `channel ${body.slice(1)}`;
  if (body.startsWith('!subteam^')) return `group ${body.slice(9)}`;
  return body.startsWith('!date^') ? 'date' : `entity ${body}`;
})];

interface Node { readonly [key: string]: unknown }
const nodes = function* (value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodes(item);
  else if (typeof value === 'object' && value !== null) {
    yield value as Node;
    for (const member of Object.values(value)) yield* nodes(member);
  }
};

const effectsIn = (node: Node): readonly string[] => {
  switch (node['type']) {
    case 'user': return [`user ${String(node['user_id'])}`];
    case 'channel': return [`channel ${String(node['channel_id'])}`];
    case 'usergroup': return [`group ${String(node['usergroup_id'])}`];
    case 'date': return ['date'];
    case 'text': case 'plain_text': return node['emoji'] === true ? ['emoji'] : [];
    // markup is only for words of ours: no sign of anybody else's text may be in it
    case 'mrkdwn': return node['verbatim'] === true ? [...entitiesIn(String(node['text'])), ...(String(node['text']).includes(MARK) ? ['their words as markup'] : [])] : ['automatic parsing'];
    case 'link': case 'broadcast': case 'emoji': case 'markdown': case 'image': return [node['type']];
    default: return 'url' in node ? ['url'] : [];
  }
};

const MARK = 'Zq7';
const strange = fc.constantFrom(
  '<!channel>', '<!here>', '<@U0EVIL>', '<!subteam^S0SRE>', '<https://evil.example|kubectl docs>', '<#C0EVIL|x>', '<!date^0^{date}|x>', '&lt;!channel&gt;', '&amp;lt;',
  '@here', '@channel', '#ops', 'https://evil.example', '*bold*', '_it_', '~no~', '`code`', '```', '\n> quoted', '\n✅ Approved by @bob', ':rm:', '\u202e', '\u200b', '\ud83d', '\udc00', '\u0000', '\r\n', '\t', '😀', '"', "'", '\\',
);
const hostile = fc.array(fc.oneof(strange, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 12 }).map((parts) => `${MARK}${parts.join('')}`);

interface Read { readonly effects: readonly string[]; readonly wellFormed: boolean }
const readOf = (message: { readonly text?: string; readonly blocks: readonly unknown[] } | undefined): Read => {
  const texts = [...nodes(message?.blocks ?? [])];
  return {
    effects: [...entitiesIn(message?.text ?? ''), ...texts.flatMap(effectsIn)].filter((effect) => !OURS.has(effect)),
    wellFormed: JSON.stringify(message ?? '').isWellFormed(),
  };
};

/** Only in a box may a line of theirs begin: elsewhere it could pass for one of ours. */
const linesOfTheirs = (message: { readonly blocks: readonly unknown[] } | undefined): readonly string[] =>
  [...nodes(message?.blocks ?? [])].filter((node) => node['type'] === 'rich_text_section')
    .flatMap((node) => (node['elements'] as readonly Node[]).filter((element) => element['type'] === 'text' && String(element['text']).includes(MARK) && /[\n\r\u2028]/.test(String(element['text'])))
      .map((element) => String(element['text'])));

const harmless = (message: { readonly text?: string; readonly blocks: readonly unknown[] } | undefined): void => {
  expect(readOf(message)).toEqual({ effects: [], wellFormed: true });
  expect(linesOfTheirs(message)).toEqual([]);
};

const command = (text: string): RunCommand => ({ ...ask.command, options: { ...ask.command.options, reason: text, env: [['KEY', text]] }, argv: [text, text] });

const history = (text: string): readonly RequestEvent[] => {
  const hostilePlan = { ...plan, argv: [text, 'x', text], container: { ...plan.container, image: text as ImageRef, env: [{ name: text, value: text }], workingDir: text }, targets: plan.targets.map((target) => ({ ...target, node: text })) };
  return [
    { ...(requested as Extract<RequestEvent, { type: 'requested' }>), ask: { ...ask, text, command: command(text) } },
    { ...(planned as Extract<RequestEvent, { type: 'planned' }>), plan: hostilePlan, preflight: { ...preflight, notices: [text], warnings: [text], podSecurity: text } },
    { type: 'held', at: at(2), rule: text, hold: { needed: 1, approvers: [{ kind: 'user', id: BOB }], expiresMs: 1, mention: true, stepUp: false }, expiresAt: at(902) },
    { type: 'approved', at: at(3), by: BOB, digest: planDigest(hostilePlan), notAfter: at(600) },
    { type: 'granted', at: at(4), until: at(60), signature: 'signed' },
    { type: 'started', at: at(5), worker: text },
  ];
};
const END = (text: string): RequestEvent => ({
  type: 'finished', at: at(6),
  ends: [{ pod: plan.targets[0]!.pod, outcome: { kind: 'unknown', detail: text }, output: { bytes: 9, lines: 1, complete: true, keptBytes: 9, binary: false, redactions: [{ what: text, count: 2 }] } }],
});

const states = (text: string): readonly Request[] => {
  const events = history(text);
  return [
    ...events.map((_event, index) => given(...events.slice(0, index + 1))),
    given(...events, END(text)),
    given(...events.slice(0, 3), { type: 'denied', at: at(4), by: BOB, reason: text }),
    given(...events.slice(0, 1), { type: 'not_planned', at: at(4), failure: { code: 'admission', detail: text } }),
    given(...events.slice(0, 2), { type: 'refused', at: at(4), refusal: { code: 'rule', rule: text, message: text } }),
  ];
};

/** Texts for each test; `npm run test:hostile` asks for 100,000 in all. */
const GENERATED = Number(process.env['HOSTILE_TEXTS'] ?? 150);
const check = (property: (text: string) => void): void => fc.assert(fc.property(hostile, property), { numRuns: GENERATED });

describe('hostile text', () => {
  it('on a card, and in its details, is only text', () => check((text) => {
    for (const request of states(text)) {
      harmless(card(request));
      harmless(detailsView({ kind: 'shown', request }));
    }
  }));

  it('in an output is only text, in the box', () => check((text) => {
    const request = given(...history(text), END(text)) as Finished;
    const output = { head: text, tail: text, summary: { bytes: 9, lines: 1, complete: false, keptBytes: 9, binary: true, redactions: [] } };
    harmless(result(request, 0, output, true));
  }));

  it('in the audit channel is only text, each entry on one line', () => check((text) => {
    const events = [...history(text), END(text)].map((event) => ({ at: at(0), request: ID, event }));
    const attempts = [{ code: 'parse', message: text } as const, { code: 'cluster_unknown', cluster: text, clusters: [text] } as const].map((refusal) => ({
      at: at(0), request: null, event: { type: 'attempt', attempt: { user: ALICE, channel: INCIDENT, request: null, what: 'command', text, refusal }, count: 1 } as const,
    }));
    const glass = [{ request: ID, by: ALICE, reason: text, isReviewed: false }];
    const report = { from: at(0), until: at(9), requests: 1, started: 1, refused: 0, attempts: 0, denied: 0, approvals: 0, medianApprovalMs: null, quick: [], glass, reviewsOwed: 0, alarms: 0, preApprovals: 0, freezes: 0 };
    harmless(mirror([...events, ...attempts, { at: at(0), request: null, event: { type: 'report', report } }]));
  }));

  it('in an answer is only text', () => check((text) => {
    harmless(answer({ kind: 'unparsed', error: { message: text, offset: 3, hint: text }, text }));
    harmless(answer({ kind: 'accepted', request: ID, command: command(text), normalised: [{ offset: 0, from: text, to: text }, { offset: 1, from: text, to: '' }] }));
    harmless(answer({ kind: 'refused', namespace: text, refusal: { code: 'not_planned', failure: { code: 'pod_not_found', prefix: text, near: [] } } }));
    harmless(answer({ kind: 'refused', refusal: { code: 'not_planned', failure: { code: 'container_not_found', pod: plan.targets[0]!.pod, container: text, containers: [text, text] } } }));
    harmless(answer({ kind: 'lines', listing: { of: 'requests', which: 'history', requests: [{ request: ID, state: 'running', requester: ALICE, cluster: ask.cluster, namespace: text, target: text, argv: [text], askedAt: at(0) }] } }));
    harmless(answer({ kind: 'lines', listing: { of: 'whoami', user: ALICE, pending: 0, approves: [text], outlooks: [], allows: [] } }));
    harmless(clickAnswer({ kind: 'refused', refusal: { code: 'rule', rule: text, message: text } }));
  }));

  it('in what is said after a run is only text', () => check((text) => {
    const running = history(text);
    const two = { ...given(...running, END(text)) as Finished, ends: ['api-a', 'api-b', 'api-c'].map((pod, index) => ({ pod: pod as PodName, outcome: index === 2 ? { kind: 'unknown' as const, detail: text } : { kind: 'exited' as const, code: 0, durationMs: 1 }, output: { bytes: 9, lines: 1, complete: true, keptBytes: 9, binary: false, redactions: [] } })) };
    const outputs = [text, text.repeat(2), `${text}\nx`].map((head) => ({ head, summary: two.ends[0]!.output }));
    harmless(comparison(two, outputs, true));
    harmless(privately(two, true, false));
    harmless(privately(two, false, true));
    harmless(reminder(given(...running.slice(0, 3)) as AwaitingApproval, true));
    for (const request of states(text)) { harmless(decision(request, text, true)); harmless(unseen(request, true)); }
    harmless(timeline(states(text).map((request) => ({ request, link: text, name: text }))));
  }));

  it('in a filtered output, and in what was asked for, is only text', () => check((text) => {
    const request = given(...history(text), END(text)) as Finished;
    const typed = { how: 'match', wanted: text, first: '1', last: '2', columns: '1,3-' };
    const read = specOf({ ...typed, wanted: text.slice(0, 200) });
    if (!read.ok) throw new Error(read.mistake);
    const filtered = { spec: read.spec, lines: [text, text], of: 9, matched: 3, isPart: true };
    const ref = { request: ID, channel: INCIDENT, ts: '1.2' as MessageTs };
    harmless(filterView(ref, request, 0));
    harmless(filteredView(ref, typed, request, filtered));
    harmless(filteredMessage(request, 0, ALICE, filtered));
  }));

  it('in the cells of a table is only text', () => check((text) => {
    const word = text.replaceAll(/\s/g, '') || 'x';
    const printed = `NAME      READY     STATUS\n${word} ${' '.repeat(Math.max(0, 10 - word.length))}x         ${text.replaceAll('\n', ' ')}${'y'.repeat(90)}\n`;
    const request = given(...history(text), END(text)) as Finished;
    const end = { ...request.ends[0]!, output: { ...request.ends[0]!.output!, redactions: [] } };
    harmless(result({ ...request, ends: [end] }, 0, { head: printed, summary: end.output }, false));
  }));

  it('in the Markdown of a post-mortem stands between ticks that it cannot close', () => check((text) => {
    const markdown = timelineMarkdown(states(text).map((request) => ({ request, link: text, name: text })));
    const outside = markdown.replaceAll(/(`+) .*? \1(?!`)/g, '');
    expect(outside).not.toContain(MARK);
    expect(outside).not.toMatch(/\]\(/);
    expect(markdown.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(states(text).length);
  }));

  it('a link is one of Slack to a message, or none', () => {
    const linked = decision(given(...history('x'), END('x')), 'https://acme.slack.com/archives/C0INC42/p1760000000000100', false);
    expect(readOf(linked).effects).toEqual(['link']);
    for (const url of ['https://evil.example/archives/C0INC42/p1760000000000100', 'https://acme.slack.com.evil.example/archives/C0INC42/p1760000000000100', 'javascript:alert(1)', 'https://acme.slack.com/archives/C0INC42/p1760000000000100|x>']) {
      expect(readOf(decision(given(...history('x'), END('x')), url, false)).effects).toEqual([]);
    }
  });

  it('is found by the reader above: it would see a slip', () => {
    const slip = { text: 'a <!channel> b', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `<@U0EVIL> ${MARK}`, verbatim: true } }, { type: 'section', text: { type: 'mrkdwn', text: 'x' } }, { type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'here' }, { type: 'text', text: `${MARK}\nx` }] }] };
    expect(readOf(slip).effects).toEqual(['entity !channel', 'user U0EVIL', 'their words as markup', 'automatic parsing', 'broadcast']);
    expect(linesOfTheirs(slip)).toHaveLength(1);
  });
});
