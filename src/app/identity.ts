import type { UserId } from '../domain/names.ts';
import { whyNotThisPerson, type KubernetesPerson } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Directory } from './chat-port.ts';

/** How a member of Slack maps to a person of a cluster, as kdebug.yaml says. */
export interface Identity {
  readonly mode: 'off' | 'review' | 'impersonate';
  readonly from: 'email' | 'map';
  readonly map: ReadonlyMap<UserId, KubernetesPerson>;
  /** The right that a cluster's owners grant for debugging from chat; asked in mode `review`. */
  readonly review: { readonly verb: string; readonly resource: string };
}

interface Identifying {
  readonly directory: Pick<Directory, 'email'>;
  readonly identity: Identity;
}

/** Null when identity is off; a member whom nobody maps, or whose address Slack has not confirmed, is refused. */
export const identify = async ({ directory, identity }: Identifying, user: UserId): Promise<KubernetesPerson | null | Refusal> => {
  if (identity.mode === 'off') return null;
  const person = identity.from === 'map' ? identity.map.get(user) : await byEmail(directory, user);
  const why = person ? whyNotThisPerson(person) : identity.from === 'map' ? 'kdebug.yaml maps you to nobody' : 'Slack has no confirmed address of yours';
  return person && why === undefined ? person : { code: 'no_identity', why: why ?? '' };
};

const byEmail = async (directory: Identifying['directory'], user: UserId): Promise<KubernetesPerson | undefined> => {
  const email = await directory.email(user);
  return email === undefined ? undefined : { user: email, groups: [] };
};

/**
 * Two accounts of one person are one person, and an approval by the other account is no other person's. With identity on
 * somebody whom nobody maps cannot be told from the requester, and so counts as the same.
 */
export const isAnotherPerson = async (world: Identifying, requester: UserId, approver: UserId): Promise<boolean> => {
  if (requester === approver || world.identity.mode === 'off') return requester !== approver;
  const [asked, approves] = await Promise.all([identify(world, requester), identify(world, approver)]);
  return asked !== null && approves !== null && 'user' in asked && 'user' in approves && asked.user.toLowerCase() !== approves.user.toLowerCase();
};
