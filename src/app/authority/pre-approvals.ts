import type { Catalogue } from '../../domain/catalogue.ts';
import type { AllowCommand } from '../../domain/command/command.ts';
import { ALLOWS_OPEN_MAX, ALLOWS_PER_PERSON_MAX, APPROVE_WITHIN_MS } from '../../domain/limits.ts';
import { after, type ClusterName, type Instant, type RequestId, type UserId } from '../../domain/names.ts';
import { holdingRules, scopeOf } from '../../domain/policy/holding.ts';
import { approversThatCount, coversPlan, decidePreApproval, type ActivePreApproval, type AllowAsk, type PreApproval } from '../../domain/pre-approval.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { WithPlan } from '../../domain/request-states.ts';
import type { ChannelId } from '../../domain/names.ts';
import { placeFor } from '../place.ts';
import { readable } from '../readable.ts';
import { askRights, FRESH_MS, RECENT_MS, type Rights } from '../rights.ts';
import type { Answer, TypedCommand } from '../slack-port.ts';
import { changeAuthority } from './change.ts';
import { whyFrozen, type Freezing } from './frozen.ts';
import type { AuthorityRecords } from './ports.ts';

export interface Allowing extends Freezing {
  readonly catalogue: Catalogue;
  readonly clusters: readonly { readonly name: ClusterName; readonly isDefault: boolean }[];
  readonly incidents: readonly string[];
  readonly approvalsChannel: ChannelId | undefined;
  readonly ownNamespace: string | undefined;
}

/** Those that are not over, as far as anybody looks. One that somebody edited counts as none. */
export const openAllows = async (authority: AuthorityRecords): Promise<readonly PreApproval[]> => {
  const ids = await authority.open('allow', ALLOWS_OPEN_MAX);
  const loaded = await Promise.all(ids.map((id) => readable(authority.load('allow', id))));
  return loaded.flatMap((one) => one?.state ?? []).filter(({ state }) => state !== 'over');
};

/** One that covers this plan now, with enough approvers under the rule that holds it; several would do the same. */
export const allowFor = async (authority: AuthorityRecords, { plan }: WithPlan, isEntitled: (person: UserId) => boolean, needed: number, now: Instant): Promise<ActivePreApproval | undefined> =>
  (await openAllows(authority)).find((allow): allow is ActivePreApproval => coversPlan(allow, plan, now) && approversThatCount(allow, isEntitled).length >= needed);

/** Under every rule that may hold such a run, so that whoever approves knows what they give away. */
export const mayDecideAllow = (rights: Rights, user: UserId, { rules }: AllowAsk): boolean =>
  rules.length > 0 && rules.every(({ approvers }) => rights.isOneOf(user, approvers));

export const allowTyped = async (world: Allowing, input: TypedCommand, command: AllowCommand): Promise<Answer> => {
  const ask = await askOf(world, input, command);
  if ('code' in ask) return { kind: 'refused', refusal: ask };
  const id = world.newId();
  const { now } = await world.authority.load('allow', id);
  const expiresAt = after(now, APPROVE_WITHIN_MS);
  const appended = await world.authority.append('allow', id, undefined, { type: 'allow_asked', at: now, ask, expiresAt });
  return appended.ok ? { kind: 'authority', said: { of: 'allow_asked', id } } : { kind: 'unavailable' };
};

const askOf = async (world: Allowing, input: TypedCommand, { person, cluster, namespace, durationMs, scopes }: AllowCommand): Promise<AllowAsk | Refusal> => {
  const found = world.clusters.find((one) => (cluster === null ? one.isDefault : one.name === cluster));
  if (!found) return { code: 'cluster_unknown', cluster: cluster ?? '', clusters: world.clusters.map((one) => one.name) };
  if (namespace === world.ownNamespace) return { code: 'own_namespace', namespace };
  const [frozen, member, place, open] = await Promise.all([
    whyFrozen(world.authority), world.directory.member(person, input.team), placeFor(world, input), openAllows(world.authority),
  ]);
  if (frozen) return frozen;
  if (member !== 'member') return { code: 'not_a_member', user: person };
  if ('code' in place) return place;
  if (open.length >= ALLOWS_OPEN_MAX || open.filter((one) => one.ask.by === input.user).length >= ALLOWS_PER_PERSON_MAX) return { code: 'too_many_allows', max: ALLOWS_PER_PERSON_MAX };
  const where = { cluster: found.name, namespace };
  const named = await rulesOf(world, person, where, scopes);
  if ('code' in named) return named;
  return { by: input.user, person, team: input.team, channel: place.cardIn, ...where, durationMs, policyVersion: world.policy.version, ...named };
};

/** Each scope on its own must need approval; one that would run anyway, or never, is not asked for. */
const rulesOf = async (world: Allowing, person: UserId, where: Pick<AllowAsk, 'cluster' | 'namespace'>, scopes: AllowCommand['scopes']): Promise<Pick<AllowAsk, 'scopes' | 'rules'> | Refusal> => {
  const rights = await askRights(world.directory, world.policy, RECENT_MS);
  const known = { ...where, is: (principal: Parameters<Rights['is']>[1]) => rights.is(person, principal) };
  const found: { scope: AllowAsk['scopes'][number]; rules: AllowAsk['rules'] }[] = [];
  for (const one of scopes) {
    const scope = scopeOf(world.catalogue, one);
    if (!scope) return { code: 'not_planned', failure: unknownScope(world.catalogue, one) };
    const { rules, withLogin: [login] } = holdingRules(world.policy, world.catalogue, known, scope);
    if (rules.length === 0) return { ...(login === undefined ? { code: 'allow_needless' } : { code: 'allow_needs_login', rule: login }), scope: `${one.kind}:${one.name}` };
    found.push({ scope, rules });
  }
  const rules = new Map(found.flatMap((one) => one.rules.map((rule) => [rule.rule, rule] as const)));
  return { scopes: found.map(({ scope }) => scope), rules: [...rules.values()] };
};

const unknownScope = ({ images, presets }: Catalogue, { kind, name }: AllowCommand['scopes'][number]) => (kind === 'image'
  ? { code: 'image_unknown' as const, image: name, images: images.map((one) => one.name) }
  : { code: 'preset_unknown' as const, preset: name, presets: presets.map((one) => one.name) });

/** Whoever it is about, and whoever may approve it, finds it here. */
export const listAllows = async (world: Allowing, { user }: TypedCommand): Promise<readonly PreApproval[]> => {
  const [rights, open] = await Promise.all([askRights(world.directory, world.policy, RECENT_MS), openAllows(world.authority)]);
  return open.filter(({ ask }) => ask.by === user || ask.person === user || mayDecideAllow(rights, user, ask));
};

export const revokeTyped = async (world: Allowing, { user }: TypedCommand, id: RequestId): Promise<Answer> => {
  const rights = await askRights(world.directory, world.policy, FRESH_MS);
  const changed = await changeAuthority(world.authority, 'allow', id, { code: 'no_such_allow' }, (state, now) =>
    decidePreApproval(state, { type: 'revoke', by: user, isEntitled: mayDecideAllow(rights, user, state.ask) }, now));
  return changed.ok ? { kind: 'authority', said: { of: 'revoked', id } } : { kind: 'refused', refusal: changed.refusal };
};
