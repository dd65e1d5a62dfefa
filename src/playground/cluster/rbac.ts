/** RBAC by a table of grants: https://kubernetes.io/docs/reference/access-authn-authz/rbac/. */
import { AUTHENTICATED, type User } from './authn.ts';
import type { RequestInfo } from './request-info.ts';
import { forbidden, StatusError } from './status.ts';

export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  /** `pods`, `pods/log`, `*`, `*` + `/log`. */
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** A binding with its role in one: with a namespace a RoleBinding, without one a ClusterRoleBinding. */
export interface Grant {
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly namespace?: string;
  readonly rules: readonly PolicyRule[];
}

export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** What every authenticated user of a real cluster may do: system:basic-user, system:discovery, system:public-info-viewer. */
const DEFAULT_GRANTS: readonly Grant[] = [
  {
    groups: [AUTHENTICATED],
    rules: [
      { apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], verbs: ['create'] },
      { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
      { nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/'], verbs: ['get'] },
    ],
  },
  { groups: ['system:masters'], rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, { nonResourceURLs: ['*'], verbs: ['*'] }] },
];

const has = (list: readonly string[] | undefined, wanted: string): boolean => list !== undefined && (list.includes('*') || list.includes(wanted));

const namesResource = (rule: PolicyRule, asked: Attributes): boolean => {
  const full = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  return has(rule.resources, full) || (asked.subresource !== '' && rule.resources?.includes(`*/${asked.subresource}`) === true);
};

const ruleAllows = (rule: PolicyRule, asked: Attributes): boolean =>
  has(rule.verbs, asked.verb) && has(rule.apiGroups, asked.group) && namesResource(rule, asked) &&
  (rule.resourceNames === undefined || rule.resourceNames.length === 0 || rule.resourceNames.includes(asked.name));

const pathAllows = (rule: PolicyRule, verb: string, path: string): boolean =>
  has(rule.verbs, verb) && (rule.nonResourceURLs ?? []).some((url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))));

const concerns = (grant: Grant, user: User): boolean =>
  grant.users?.includes(user.name) === true || user.groups.some((group) => grant.groups?.includes(group));

/** `User "alice" cannot patch resource "pods/log" in API group "" in the namespace "prod"`: the real server's sentence. */
export const denialOf = (user: User, asked: Attributes): string => {
  const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const where = asked.namespace === '' ? 'at the cluster scope' : `in the namespace "${asked.namespace}"`;
  return `User ${JSON.stringify(user.name)} cannot ${asked.verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(asked.group)} ${where}`;
};

export const attributesOf = (info: Extract<RequestInfo, { kind: 'resource' }>): Attributes => ({
  verb: info.verb, group: info.group, resource: info.plural, subresource: info.subresource, namespace: info.namespace, name: info.name,
});

export const createAuthorizer = () => {
  const grants: Grant[] = [...DEFAULT_GRANTS];

  const allows = (user: User, asked: Attributes): boolean =>
    grants.some((grant) => concerns(grant, user) && (grant.namespace === undefined || grant.namespace === asked.namespace) &&
      grant.rules.some((rule) => ruleAllows(rule, asked)));

  const allowsPath = (user: User, verb: string, path: string): boolean =>
    grants.some((grant) => grant.namespace === undefined && concerns(grant, user) && grant.rules.some((rule) => pathAllows(rule, verb, path)));

  const check = (user: User, asked: Attributes): void => {
    if (!allows(user, asked)) throw forbidden(asked.group, asked.resource, asked.name, denialOf(user, asked));
  };

  return {
    grant: (grant: Grant): void => {
      grants.push(grant);
    },
    /** Takes away every grant that names this user or group; the defaults stay. */
    revoke: (subject: string): void => {
      const kept = grants.filter((grant) => DEFAULT_GRANTS.includes(grant) || !(grant.users?.includes(subject) === true || grant.groups?.includes(subject) === true));
      grants.splice(0, grants.length, ...kept);
    },
    allows,
    allowsPath,
    /** @throws 403 */
    check,
    /** @throws 403 */
    checkRequest: (user: User, info: RequestInfo): void => {
      if (info.kind === 'resource') {
        check(user, attributesOf(info));
        return;
      }
      if (!allowsPath(user, info.verb, info.path)) {
        throw new StatusError({
          code: 403, reason: 'Forbidden', message: `forbidden: User ${JSON.stringify(user.name)} cannot ${info.verb} path ${JSON.stringify(info.path)}`, details: {},
        });
      }
    },
  };
};

export type Authorizer = ReturnType<typeof createAuthorizer>;
