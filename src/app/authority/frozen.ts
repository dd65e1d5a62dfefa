import { decideFreeze, freeze, frozenRefusal, type Freeze } from '../../domain/freeze.ts';
import type { RequestId } from '../../domain/names.ts';
import { allApprovers } from '../../domain/policy/holding.ts';
import type { Policy } from '../../domain/policy/rule.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Directory } from '../chat-port.ts';
import { isAnotherPerson, type Identity } from '../identity.ts';
import { askRights, FRESH_MS } from '../rights.ts';
import type { Answer, TypedCommand } from '../slack-port.ts';
import { changeAuthority } from './change.ts';
import type { AuthorityRecords } from './ports.ts';

export interface Freezing {
  readonly authority: AuthorityRecords;
  readonly directory: Directory;
  readonly policy: Policy;
  readonly newId: () => RequestId;
  readonly identity: Identity;
}

/** The freeze that holds now. Rejects when Redis does not answer: who cannot tell must not go on. */
export const freezeNow = async (authority: AuthorityRecords): Promise<Freeze | undefined> => {
  const [id] = await authority.open('freeze', 1);
  if (id === undefined) return undefined;
  const { state } = await authority.load('freeze', id);
  return state?.state === 'lifted' ? undefined : state;
};

export const whyFrozen = async (authority: AuthorityRecords): Promise<Refusal | undefined> => {
  const now = await freezeNow(authority);
  return now && frozenRefusal(now);
};

export const freezeTyped = async (world: Freezing, { user, channel }: TypedCommand, reason: string | null): Promise<Answer> => {
  const there = await whyFrozen(world.authority);
  if (there) return { kind: 'refused', refusal: there };
  const [rights, id] = [await askRights(world.directory, world.policy, FRESH_MS), world.newId()];
  const { now } = await world.authority.load('freeze', id);
  const decision = freeze(user, rights.isOneOf(user, allApprovers(world.policy)), reason, channel, now);
  if (!decision.ok) return { kind: 'refused', refusal: decision.refusal };
  const appended = await world.authority.append('freeze', id, undefined, decision.event);
  if (appended.ok) return { kind: 'authority', said: { of: 'frozen' } };
  const quicker = await whyFrozen(world.authority);
  return { kind: 'refused', refusal: quicker ?? { code: 'too_busy' } };
};

export const unfreezeTyped = async (world: Freezing, { user }: TypedCommand): Promise<Answer> => {
  const [rights, current] = await Promise.all([askRights(world.directory, world.policy, FRESH_MS), freezeNow(world.authority)]);
  if (!current) return { kind: 'refused', refusal: { code: 'not_frozen' } };
  const changed = await changeAuthority(world.authority, 'freeze', current.id, { code: 'not_frozen' }, async (state, now) => {
    // another account of the first is no second person
    const isSecond = state.state !== 'lifting' || state.first === user || await isAnotherPerson(world, state.first, user);
    const isEntitled = (person: typeof user): boolean => rights.isOneOf(person, allApprovers(world.policy)) && (person === user || isSecond);
    return decideFreeze(state, { type: 'unfreeze', by: user, isEntitled }, now);
  });
  if (!changed.ok) return { kind: 'refused', refusal: changed.refusal };
  return { kind: 'authority', said: changed.state.state === 'lifting' ? { of: 'lifting', until: changed.state.until } : { of: 'lifted' } };
};
