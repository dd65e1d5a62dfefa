import { describe, expect, it } from 'vitest';
import { authorityMessage } from '../../../src/adapters/slack/render/authority.ts';
import { result } from '../../../src/adapters/slack/render/result.ts';
import { replayAuthority } from '../../../src/domain/authority.ts';
import type { ChannelId, ClusterName, ImageName, Namespace, PodName, PodUid, RequestId, TeamId } from '../../../src/domain/names.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { BudgetFailure, Recycle, RecycleEvent } from '../../../src/domain/recycle-states.ts';
import { blockProblems } from '../../../src/playground/slack/blocks/blocks.ts';
import type { Json } from '../../../src/playground/slack/json.ts';
import type { Finished } from '../../../src/domain/request-states.ts';
import { ALICE, at, BOB, given, INCIDENT, STATES } from '../../fixtures/requests.ts';
import { seen } from './seen.ts';

const ID = 'kd-00000001' as RequestId;
const POD = 'api-7f9c4d8b6-x2k9p' as PodName;
const BUDGET: BudgetFailure = { code: 'disruption_budget', pod: POD, budget: 'api', detail: 'The disruption budget api needs 2 healthy pods and has 2 currently', afterMs: null };
const asked = (isHeld: boolean): RecycleEvent => ({
  type: 'recycle_asked', at: at(0), expiresAt: at(120),
  ask: {
    by: ALICE, team: 'T0ACME' as TeamId, of: 'kd-8fk20000' as RequestId, channel: INCIDENT, thread: null,
    target: { cluster: 'main' as ClusterName, namespace: 'prod' as Namespace, pod: POD, uid: '4f1c-1' as PodUid },
    like: { channel: 'C0OPS' as ChannelId, image: 'netshoot' as ImageName, profile: 'general', labels: {} },
    gate: isHeld ? { gate: 'held', rule: 'production', approvers: [{ kind: 'user', id: BOB }] } : { gate: 'open', rule: 'everywhere else' },
  },
});
const checked = (budget: BudgetFailure | null = null, owner: string | null = 'ReplicaSet/api-7f9c4d8b6'): RecycleEvent => ({ type: 'recycle_checked', at: at(1), check: { containers: 3, owner, budget }, until: at(900) });
const granted: RecycleEvent = { type: 'recycle_granted', at: at(3), until: at(63), signature: 's' };
const started: RecycleEvent = { type: 'recycle_started', at: at(4), worker: 'w', until: at(304) };
const after = (...events: readonly RecycleEvent[]): Recycle => {
  const state = replayAuthority('recycle', ID, events);
  if (!state) throw new Error('there is none');
  return state;
};
const cardOf = (recycle: Recycle) => authorityMessage({ of: 'recycle', recycle }, false);
const shown = (...events: readonly RecycleEvent[]): string => seen(cardOf(after(...events))).join('\n');
const running = [asked(false), checked(), granted, started] as const;

describe('the card', () => {
  it('says who, which pod by its uid, why, what is in the way, what comes after, and who decides', () => {
    const card = shown(asked(true), checked());
    for (const words of ['Recycle this pod?', `prod / ${POD}`, 'cluster main', 'uid 4f1c-1', '3 of 50 debug containers used', 'no disruption budget is in the way', 'ReplicaSet/api-7f9c4d8b6 makes another one', 'rule: production', '[ Approve ]', '[ Deny… ]', '[ Withdraw ]']) expect(card).toContain(words);
  });

  it.each<readonly [string, readonly RecycleEvent[], string]>([
    ['a pod that nothing makes anew', [asked(true), checked(null, null)], 'nothing owns this pod: it does not come back'],
    ['a budget in the way', [asked(true), checked(BUDGET)], 'the disruption budget api does not let it go now (The disruption budget api needs 2'],
    ['a budget that says not now', [...running, { type: 'recycle_blocked', at: at(5), failure: BUDGET, nextAt: at(15) }], 'the disruption budget api says not now'],
    ['evicted', [...running, { type: 'recycle_ended', at: at(5), end: { how: 'evicted' } }], 'Recycled'],
    ['given up', [...running, { type: 'recycle_ended', at: at(5), end: { how: 'failed', failure: BUDGET } }], 'not evicted. The disruption budget api does not let'],
    ['another pod of its name', [...running, { type: 'recycle_ended', at: at(5), end: { how: 'gone', isReplaced: true } }], 'another one has its name, and was left alone'],
    ['denied', [asked(true), checked(), { type: 'recycle_denied', at: at(5), by: BOB, reason: 'it is the leader' }], 'denied by'],
    ['not permitted', [asked(true), { type: 'recycle_ended', at: at(5), end: { how: 'failed', failure: { code: 'forbidden', detail: 'pods/eviction' } } }], 'Ask its administrators for the rights'],
  ])('of %s', (_what, events, words) => {
    expect(shown(...events)).toContain(words);
    expect(cardOf(after(...events)).blocks.flatMap((block) => blockProblems(JSON.parse(JSON.stringify([block])) as Json))).toEqual([]);
  });

  it('has buttons only while somebody may decide', () => {
    expect(shown(...running)).not.toContain('[ ');
    expect(shown(...running, { type: 'recycle_ended', at: at(5), end: { how: 'evicted' } })).not.toContain('[ ');
  });

  it('shows what a cluster or a person wrote literally: no mention, no link, no formatting', () => {
    const hostile = '<!channel> <@U0BOB> <https://evil.example|click> *bold* `code`';
    const { blocks, text } = cardOf(after(asked(true), checked({ ...BUDGET, detail: hostile })));
    expect(JSON.stringify(blocks)).toContain('<!channel> <@U0BOB>');
    expect(JSON.stringify(blocks)).not.toMatch(/"type":"(?:broadcast|link)"/);
    expect(text).not.toContain('<!channel>');
  });
});

describe('below a result', () => {
  const messageOf = (outcome: Outcome) => seen(result(given(...STATES.running, { type: 'finished', at: at(60), ends: [{ pod: POD, outcome, output: null }] }) as Finished, 0, undefined, false)).join('\n');
  it.each<readonly [string, Outcome, boolean]>([
    ['a command that ran', { kind: 'exited', code: 0, durationMs: 900 }, true],
    ['an image that the node still tries to pull', { kind: 'not_started', failure: { code: 'image_not_pulled', image: 'i', detail: 'd' }, armed: true }, true],
    ['a program that is not there', { kind: 'not_started', failure: { code: 'command_not_found', program: 'x', detail: 'd' }, armed: false }, true],
    ['a container that never came into the pod', { kind: 'not_started', failure: { code: 'pod_gone', pod: POD }, armed: false }, false],
    ['a pod that is gone', { kind: 'interrupted', by: 'deleted' }, false],
  ])('%s', (_what, outcome, isOffered) => {
    expect(/\[ Recycle pod… \]/.test(messageOf(outcome))).toBe(isOffered);
    expect(/of 50 debug containers used/.test(messageOf(outcome))).toBe(isOffered);
  });
});
