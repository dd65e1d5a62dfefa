import { headerOf, type ReceivedRequest } from './exchange.ts';
import { unauthorized } from './status.ts';

/** Who asks, as `userInfo` of the authentication API has it. */
export interface User {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export interface UserDescription {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const AUTHENTICATED = 'system:authenticated';

/** Service accounts belong to two groups of their own. */
const serviceAccountGroups = (user: string): readonly string[] => {
  const namespace = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user)?.[1];
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
};

export const makeUser = (description: UserDescription): User => ({
  name: description.user,
  uid: description.uid ?? '',
  groups: [...new Set([...serviceAccountGroups(description.user), ...(description.groups ?? []), AUTHENTICATED])],
  extra: description.extra ?? {},
});

/** Bearer tokens only, no anonymous access: 401 for anything else. */
export const createAuthenticator = () => {
  const users = new Map<string, User>();
  return {
    add: (token: string, description: UserDescription): void => {
      users.set(token, makeUser(description));
    },
    revoke: (token: string): void => {
      users.delete(token);
    },
    tokenOf: (user: string): string | undefined => [...users].find(([, known]) => known.name === user)?.[0],
    knows: (token: string): boolean => users.has(token),
    /** @throws 401 */
    authenticate: (request: ReceivedRequest): User => {
      const token = /^Bearer (\S+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
      const user = token === undefined ? undefined : users.get(token);
      if (user === undefined) throw unauthorized();
      return user;
    },
  };
};

export type Authenticator = ReturnType<typeof createAuthenticator>;
