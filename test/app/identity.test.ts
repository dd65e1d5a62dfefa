import { describe, expect, it } from 'vitest';
import { clusterFor } from '../../src/app/acting.ts';
import type { Cluster } from '../../src/app/cluster-port.ts';
import { identify, isAnotherPerson, type Identity } from '../../src/app/identity.ts';
import type { UserId } from '../../src/domain/names.ts';
import type { KubernetesPerson } from '../../src/domain/person.ts';
import { noteOf } from '../../src/domain/note.ts';
import type { Running } from '../../src/domain/request-states.ts';
import { ALICE, ask, BOB, CAROL, finished, given, requested, STATES } from '../fixtures/requests.ts';

const REVIEW = { verb: 'debug', resource: 'pods' };
const DAVE = 'U0DAVE' as UserId;
const person = (user: string): KubernetesPerson => ({ user, groups: ['dev'] });
const mapped: Identity = { mode: 'review', from: 'map', review: REVIEW, map: new Map([[ALICE, person('alice@example.org')], [BOB, person('bob@example.org')], [CAROL, person('ALICE@example.org')], [DAVE, person('system:admin')]]) };
const emails = new Map([[ALICE, 'alice@example.org'], [BOB, 'bob@example.org']]);
const world = (identity: Identity) => ({ identity, directory: { email: async (user: UserId) => emails.get(user) } });

describe('who somebody is in the cluster', () => {
  const cases: readonly [string, Identity, UserId, unknown][] = [
    ['nobody, while identity is off', { ...mapped, mode: 'off' }, ALICE, null],
    ['whom the map says', mapped, ALICE, person('alice@example.org')],
    ['refused, when the map has nobody', { ...mapped, map: new Map() }, BOB, { code: 'no_identity', why: 'kdebug.yaml maps you to nobody' }],
    ['refused, when the map names one of Kubernetes\' own', mapped, DAVE, { code: 'no_identity', why: 'names that begin with system: belong to Kubernetes, never to a person' }],
    ['whose confirmed address it is', { ...mapped, from: 'email' }, BOB, { user: 'bob@example.org', groups: [] }],
    ['refused, without a confirmed address', { ...mapped, from: 'email' }, CAROL, { code: 'no_identity', why: 'Slack has no confirmed address of yours' }],
  ];
  it.each(cases)('%s', async (_name, identity, user, expected) => { expect(await identify(world(identity), user)).toEqual(expected); });
});

describe('another person', () => {
  const cases: readonly [string, Identity, UserId, UserId, boolean][] = [
    ['is not oneself', { ...mapped, mode: 'off' }, ALICE, ALICE, false],
    ['is another account, while identity is off', { ...mapped, mode: 'off' }, ALICE, CAROL, true],
    ['is somebody mapped to another name', mapped, ALICE, BOB, true],
    ['is not the other account of the same person, whatever its letters', mapped, ALICE, CAROL, false],
    ['is not somebody nobody maps', { ...mapped, map: new Map([[ALICE, person('alice@example.org')]]) }, ALICE, BOB, false],
  ];
  it.each(cases)('%s', async (_name, identity, requester, approver, expected) => { expect(await isAnotherPerson(world(identity), requester, approver)).toBe(expected); });
});

describe('in whose name the cluster is asked', () => {
  const acted: KubernetesPerson[] = [];
  const theirs = { name: 'theirs' } as unknown as Cluster;
  const ours = { name: 'ours', actingAs: (who: KubernetesPerson) => { acted.push(who); return theirs; } } as unknown as Cluster;
  const of = (mode: Identity['mode'], withPerson: boolean) => clusterFor({ cluster: ours, identity: { mode } }, given({ ...requested, ask: { ...ask, ...(withPerson && { person: person('alice@example.org') }) } } as typeof requested));
  it('in theirs when impersonating, else in our own', () => {
    expect([of('impersonate', true), of('review', true), of('off', false)]).toEqual([theirs, ours, ours]);
    expect(acted).toEqual([person('alice@example.org')]);
  });
});

it('the Event says who, what and why, and no output', () => {
  const [end] = (finished as Extract<typeof finished, { type: 'finished' }>).ends;
  expect(noteOf(given(...STATES.running) as Running, end)).toBe('U0ALICE (Slack) ran ["ss","-tlnp"] by kdebug kd-8fk20000: exit code 0; approved by U0BOB');
});
