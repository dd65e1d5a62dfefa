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
  if (requester === approver) return false;
  const [asked, approves] = await Promise.all([personBehind(world, requester), personBehind(world, approver)]);
  return asked !== undefined && approves !== undefined && asked !== approves;
};

/** The same for every account of one person; undefined: nobody knows whose it is. */
const personBehind = async (world: Identifying, user: UserId): Promise<string | undefined> => {
  const person = await identify(world, user);
  if (person === null) return user;
  return 'user' in person ? person.user.toLowerCase() : undefined;
};

/** Whether `user` is another person than each of these. */
export const isNoneOf = async (world: Identifying, user: UserId, people: readonly UserId[]): Promise<boolean> =>
  (await Promise.all(people.map((one) => isAnotherPerson(world, one, user)))).every(Boolean);

/** Of several accounts of one person the first; nobody of those who are the requester. */
export const distinctOthers = async (world: Identifying, requester: UserId, people: readonly UserId[]): Promise<ReadonlySet<UserId>> => {
  const others = new Set<UserId>();
  for (const one of people) if (await isNoneOf(world, one, [requester, ...others])) others.add(one);
  return others;
};
