import { describe, expect, it } from 'vitest';
import type { SuggestedPods } from '../../src/app/cluster-port.ts';
import { formFor, suggest, type Forming } from '../../src/app/form.ts';
import type { SuggestWanted } from '../../src/app/entry-port.ts';
import type { ChannelId, ClusterName, ImageName, ImageRef, Namespace, PodName, Sha256, TeamId, UserId } from '../../src/domain/names.ts';
import type { Rule } from '../../src/domain/policy/rule.ts';
import { ALICE } from '../fixtures/requests.ts';
import { allow, user } from '../domain/policy/subjects.ts';

const MAIN = 'main' as ClusterName;
const WHO = { user: ALICE, team: 'T0ACME' as TeamId, channel: 'C0OPS' as ChannelId };
const pod = (name: string, labels: Readonly<Record<string, string>> = {}) => ({ pod: name as PodName, ready: '1/1', status: 'Running', labels });

const world = (rules: readonly Rule[], answer: SuggestedPods | undefined, asked: string[] = []): Forming => ({
  directory: { member: async (who: UserId) => (who === ALICE ? 'member' : 'stranger'), membersOf: async () => new Set() } as unknown as Forming['directory'],
  policy: { version: '' as Sha256, environments: [{ name: 'shop', clusters: ['*'], namespaces: ['shop', 'shop-*'] }], rules },
  catalogue: { images: [{ name: 'netshoot' as ImageName, ref: 'netshoot:1' as ImageRef, isDefault: true, shell: true }], presets: [] },
  clusters: [{ name: 'eu' as ClusterName, isDefault: false }, { name: MAIN, isDefault: true }], ownNamespace: 'kdebug',
  lookups: { ask: async (_cluster, { prefix }) => { asked.push(prefix); return answer; } },
  limits: { timeoutDefaultMs: 60_000, timeoutMaxMs: 900_000 }, log: { info: () => undefined, warn: () => undefined, error: () => undefined },
});

const pods = (more: Partial<Extract<SuggestWanted, { of: 'pod' }>> = {}): SuggestWanted => ({ ...WHO, of: 'pod', cluster: MAIN, namespace: 'shop' as Namespace, typed: '', mentioned: [], ...more });
const values = async (world_: Forming, wanted: SuggestWanted) => (await suggest(world_, wanted)).suggestions.map(({ value, kind }) => `${value} ${kind}`);
const IN_SHOP = [allow('shop', { environments: ['shop'], requesters: [user(ALICE)] })];

describe('type-ahead', () => {
  it('leaves out pods whose labels no rule lets this person reach', async () => {
    const rules = [allow('web only', { environments: ['shop'], labels: { tier: 'web' } })];
    const found: SuggestedPods = { kind: 'pods', pods: [pod('web-0', { tier: 'web' }), pod('db-0', { tier: 'db' }), pod('bare-0')] };
    expect(await values(world(rules, found), pods())).toEqual(['web-0 known']);
  });

  it('asks no cluster about a namespace that may not be reached, nor about a name that cannot be', async () => {
    const asked: string[] = [];
    expect(await values(world(IN_SHOP, { kind: 'pods', pods: [pod('x-0')] }, asked), pods({ namespace: 'bank' as Namespace, typed: 'x' }))).toEqual([]);
    expect(await values(world(IN_SHOP, { kind: 'pods', pods: [] }, asked), pods({ typed: 'deploy/api' }))).toEqual(['deploy/api typed']);
    expect(asked).toEqual([]);
  });

  it('says when the cluster did not answer, and takes the name as typed', async () => {
    expect(await suggest(world(IN_SHOP, undefined), pods({ typed: 'api-0' }))).toEqual({ isBlind: true, suggestions: [{ value: 'api-0', kind: 'typed' }] });
    expect(await suggest(world(IN_SHOP, { kind: 'failure', failure: { code: 'unreachable', detail: '' } }), pods())).toEqual({ isBlind: true, suggestions: [] });
  });

  it('names those of the message first, each once', async () => {
    const found: SuggestedPods = { kind: 'pods', pods: [pod('api-0'), pod('api-1')] };
    expect(await values(world(IN_SHOP, found), pods({ mentioned: ['api-1' as PodName] }))).toEqual(['api-1 mentioned', 'api-0 known']);
  });

  it('never offers what cannot be typed either, kdebug\'s own namespace, or anything to a stranger', async () => {
    const anything = world([allow('all', {})], { kind: 'pods', pods: [pod('kdebug-0')] });
    expect(await values(anything, pods({ typed: 'a b -- rm' }))).toEqual([]);
    expect(await values(anything, { ...WHO, of: 'namespace', cluster: MAIN, typed: 'kdebug' })).toEqual([]);
    expect(await values(anything, pods({ namespace: 'kdebug' as Namespace }))).toEqual([]);
    expect(await suggest(anything, { ...pods(), user: 'U0DAVE' as UserId })).toEqual({ suggestions: [], isBlind: false });
  });
});

describe('what the form offers', () => {
  it('the default cluster first, and the only namespace chosen', async () => {
    expect(await formFor(world(IN_SHOP, undefined), WHO)).toMatchObject({ kind: 'form', choices: { cluster: 'main', clusters: ['main', 'eu'], namespace: 'shop', images: [{ name: 'netshoot' }] } });
  });

  it('a namespace that a message named only when it may be reached', async () => {
    expect(await formFor(world(IN_SHOP, undefined), { ...WHO, namespace: 'shop-eu' as Namespace })).toMatchObject({ choices: { namespace: 'shop-eu' } });
    expect(await formFor(world(IN_SHOP, undefined), { ...WHO, namespace: 'bank' as Namespace })).toMatchObject({ choices: { namespace: 'shop' } });
  });

  it('nothing to somebody whom no rule lets in, or who is no member', async () => {
    expect(await formFor(world([], undefined), WHO)).toEqual({ kind: 'refused', refusal: { code: 'no_rule' } });
    expect(await formFor(world(IN_SHOP, undefined), { ...WHO, user: 'U0DAVE' as UserId })).toMatchObject({ kind: 'refused', refusal: { code: 'not_a_member' } });
  });
});
