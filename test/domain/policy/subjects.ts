/** Subjects and rules for the tables of match and gate: a general one, of which a case changes what it is about. */
import type { ClusterName, ChannelId, GroupId, ImageName, Instant, Namespace, UserId } from '../../../src/domain/names.ts';
import type { Conditions } from '../../../src/domain/policy/gate.ts';
import type { Subject } from '../../../src/domain/policy/match.ts';
import type { Environment, Principal, Rule, When } from '../../../src/domain/policy/rule.ts';
import { ALICE, T0 } from '../../fixtures/requests.ts';

export const user = (id: string): Principal => ({ kind: 'user', id: id as UserId });
export const group = (id: string): Principal => ({ kind: 'usergroup', id: id as GroupId });

/** Is this person, and in these groups. */
export const person = (id: string, ...groups: readonly string[]) => (principal: Principal): boolean =>
  (principal.kind === 'user' ? principal.id === id : groups.includes(principal.id));

export const subject = (changed: Partial<Subject> = {}): Subject => ({
  cluster: 'main' as ClusterName,
  namespace: 'prod' as Namespace,
  channel: 'C0OPS' as ChannelId,
  is: person(ALICE, 'S0ENG'),
  image: 'netshoot' as ImageName,
  preset: null,
  argv: ['ss', '-tlnp'],
  profiles: ['general'],
  labels: { app: 'api', team: 'payments' },
  now: T0,
  ...changed,
});

export const ENVIRONMENTS: readonly Environment[] = [
  { name: 'production', clusters: ['main', 'eu-*'], namespaces: ['prod', 'prod-*'] },
  { name: 'staging', clusters: ['*'], namespaces: ['*-staging'] },
];

export const conditions = (changed: Partial<Conditions> = {}): Conditions =>
  ({ reason: undefined, isPrivate: false, env: [], image: 'netshoot', hasShell: true, pinned: false, stepUp: 'available', nodeAccess: [], ...changed });

const COMMON = { digestRequired: false, unbounded: false, private: 'refuse', nodeAccess: 'allow' } as const;
export const allow = (name: string, when: When, more: Partial<Extract<Rule, { decide: 'allow' }>> = {}): Rule => ({ ...COMMON, name, when, decide: 'allow', ...more });
export const refuse = (name: string, when: When, message?: string): Rule => ({ ...COMMON, name, when, decide: 'refuse', ...(message !== undefined && { message }) });
export const approve = (name: string, when: When, more: Partial<Extract<Rule, { decide: 'approve' }>> = {}): Rule =>
  ({ ...COMMON, name, when, decide: 'approve', approvals: 1, approvers: [group('S0SRE')], expiresMs: 900_000, stepUp: false, mention: false, ...more });

export const instant = (iso: string): Instant => Date.parse(iso) as Instant;
