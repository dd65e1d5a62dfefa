/**
 * Impersonation: the constrained verbs first (KEP-5284, beta and on in 1.36), then the legacy verb. As in the real server the
 * error told is that of the first mode tried.
 */
import { makeUser, type User } from './authn.ts';
import { headerOf, type ReceivedRequest } from './exchange.ts';
import { attributesOf, type Attributes, type Authorizer } from './rbac.ts';
import type { RequestInfo } from './request-info.ts';
import { badRequest, StatusError } from './status.ts';

const EXTRA_PREFIX = 'impersonate-extra-';
const AUTHENTICATION = 'authentication.k8s.io';

interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

const extraOf = (request: ReceivedRequest): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries([...request.headers].filter(([name]) => name.startsWith(EXTRA_PREFIX))
    .map(([name, values]) => [decodeURIComponent(name.slice(EXTRA_PREFIX.length)), values]));

const wantedOf = (request: ReceivedRequest): Wanted | undefined => {
  const wanted: Wanted = {
    name: headerOf(request, 'impersonate-user') ?? '',
    uid: headerOf(request, 'impersonate-uid') ?? '',
    groups: request.headers.get('impersonate-group') ?? [],
    extra: extraOf(request),
  };
  if (wanted.name !== '') return wanted;
  if (wanted.uid !== '' || wanted.groups.length > 0 || Object.keys(wanted.extra).length > 0) {
    throw badRequest('requested impersonation of a group, uid or extra without impersonating a user name');
  }
  return undefined;
};

const serviceAccount = (name: string): { namespace: string; name: string } | undefined => {
  const found = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  return found === null ? undefined : { namespace: found[1] ?? '', name: found[2] ?? '' };
};

const asking = (verb: string, group: string, resource: string, name: string, more: Partial<Attributes> = {}): Attributes => ({
  verb, group, resource, name, subresource: '', namespace: '', ...more,
});

/** One authorization per field of the wanted user; `group` is where this mode looks for users and groups. */
const identityChecks = (verb: string, group: string, wanted: Wanted): readonly Attributes[] => {
  const account = serviceAccount(wanted.name);
  return [
    account === undefined ? asking(verb, group, 'users', wanted.name) : asking(verb, group, 'serviceaccounts', account.name, { namespace: account.namespace }),
    ...(wanted.uid === '' ? [] : [asking(verb, AUTHENTICATION, 'uids', wanted.uid)]),
    ...wanted.groups.map((name) => asking(verb, group, 'groups', name)),
    ...Object.entries(wanted.extra).flatMap(([key, values]) => values.map((value) => asking(verb, AUTHENTICATION, 'userextras', value, { subresource: key }))),
  ];
};

const onlyName = (wanted: Wanted): boolean => wanted.uid === '' && wanted.groups.length === 0 && Object.keys(wanted.extra).length === 0;

/** The constrained mode that applies, or none: nodes and service accounts may be impersonated by name only. */
const modeOf = (wanted: Wanted): string | undefined => {
  if (wanted.name.startsWith('system:node:')) return onlyName(wanted) ? 'arbitrary-node' : undefined;
  if (serviceAccount(wanted.name) !== undefined) return onlyName(wanted) ? 'serviceaccount' : undefined;
  return 'user-info';
};

const targetOf = (mode: string, info: RequestInfo): Attributes => {
  const verb = `impersonate-on:${mode}:${info.verb}`;
  return info.kind === 'resource' ? { ...attributesOf(info), verb } : asking(verb, '', '', '');
};

const refusalOf = (check: () => void): StatusError | undefined => {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
};

/** Group membership nobody may get through the constrained modes. */
const isMaster = (wanted: Wanted): boolean => wanted.groups.includes('system:masters');

const constrained = (authorizer: Authorizer, requestor: User, wanted: Wanted, info: RequestInfo): StatusError | 'allowed' | undefined => {
  const mode = modeOf(wanted);
  if (mode === undefined || isMaster(wanted)) return undefined;
  const checks = [targetOf(mode, info), ...identityChecks(`impersonate:${mode}`, AUTHENTICATION, wanted)];
  return refusalOf(() => checks.forEach((asked) => authorizer.check(requestor, asked))) ?? 'allowed';
};

/**
 * The user this request acts as: the requestor, or the impersonated one.
 * @throws 403 when neither the constrained nor the legacy verbs allow it, 400 for a group without a user
 */
export const actingUser = (authorizer: Authorizer, requestor: User, request: ReceivedRequest, info: RequestInfo): User => {
  const wanted = wantedOf(request);
  if (wanted === undefined) return requestor;
  const first = constrained(authorizer, requestor, wanted, info);
  if (first !== 'allowed') {
    const legacy = refusalOf(() => identityChecks('impersonate', '', wanted).forEach((asked) => authorizer.check(requestor, asked)));
    if (legacy !== undefined) throw first ?? legacy;
  }
  return makeUser({ user: wanted.name, uid: wanted.uid, groups: wanted.groups, extra: wanted.extra });
};
