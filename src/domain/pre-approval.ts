/**
 * A pre-approval: for one person, in one namespace, for these presets and images, until an hour that was fixed. It is
 * asked for and approved like a plan, and stands for the approvals that a rule would ask for.
 *
 *   waiting ─▶ active ─▶ over (ended | revoked)
 *      ├▶ over (denied | withdrawn)
 *      └▶ over (expired)
 */
import type { AllowScope } from './command/command.ts';
import type { Profile } from './container.ts';
import { after, type ChannelId, type ClusterName, type Instant, type Namespace, type RequestId, type Sha256, type TeamId, type UserId } from './names.ts';
import type { Plan } from './plan.ts';
import type { Principal } from './policy/rule.ts';
import type { Refusal } from './refusal.ts';

/** What was named, and for a preset the profile that it fixes. */
export type AllowedScope =
  | (Extract<AllowScope, { kind: 'preset' }> & { readonly profile: Profile | null })
  | Extract<AllowScope, { kind: 'image' }>;

/** A rule that would hold such a run, with what it asks of approvals. */
export interface HoldingRule {
  readonly rule: string;
  readonly needed: number;
  readonly approvers: readonly Principal[];
}

export interface AllowAsk {
  readonly by: UserId;
  readonly person: UserId;
  readonly team: TeamId;
  readonly channel: ChannelId;
  readonly cluster: ClusterName;
  readonly namespace: Namespace;
  readonly scopes: readonly AllowedScope[];
  readonly durationMs: number;
  /** Whoever approves may approve under each of them; as many are needed as the strictest asks for. */
  readonly rules: readonly HoldingRule[];
  /** It holds under these rules and no others. */
  readonly policyVersion: Sha256;
}

type Ended = 'denied' | 'withdrawn' | 'expired' | 'revoked' | 'ended';

export type PreApprovalEvent =
  | { readonly type: 'allow_asked'; readonly at: Instant; readonly ask: AllowAsk; readonly expiresAt: Instant }
  | { readonly type: 'allow_approved'; readonly at: Instant; readonly by: UserId; readonly until: Instant }
  | { readonly type: 'allow_denied'; readonly at: Instant; readonly by: UserId; readonly reason: string | null }
  | { readonly type: 'allow_withdrawn' | 'allow_revoked'; readonly at: Instant; readonly by: UserId }
  | { readonly type: 'allow_expired' | 'allow_ended'; readonly at: Instant };

interface Asked {
  readonly id: RequestId;
  /** Events so far. */
  readonly version: number;
  readonly ask: AllowAsk;
  readonly approvedBy: readonly UserId[];
}

export type PreApproval =
  | (Asked & { readonly state: 'waiting'; readonly expiresAt: Instant })
  | (Asked & { readonly state: 'active'; readonly until: Instant })
  | (Asked & { readonly state: 'over'; readonly how: Ended; readonly by: UserId | null; readonly reason: string | null });

export type ActivePreApproval = Extract<PreApproval, { state: 'active' }>;

export type PreApprovalCommand =
  /** `hasApproved`: another account of the same person did. */
  | { readonly type: 'approve'; readonly by: UserId; readonly isEntitled: boolean; readonly hasApproved: boolean }
  | { readonly type: 'deny'; readonly by: UserId; readonly isEntitled: boolean; readonly reason: string | null }
  | { readonly type: 'withdraw'; readonly by: UserId }
  | { readonly type: 'revoke'; readonly by: UserId; readonly isEntitled: boolean }
  | { readonly type: 'lapse' };

export type PreApprovalDecision = { readonly ok: true; readonly event: PreApprovalEvent; readonly validUntil?: Instant } | { readonly ok: false; readonly refusal: Refusal };
type CommandOf<Type extends PreApprovalCommand['type']> = Extract<PreApprovalCommand, { type: Type }>;

const refuse = (refusal: Refusal): PreApprovalDecision => ({ ok: false, refusal });
const yes = (event: PreApprovalEvent, validUntil?: Instant): PreApprovalDecision => ({ ok: true, event, ...(validUntil !== undefined && { validUntil }) });

export const neededOf = ({ rules }: AllowAsk): number => Math.max(1, ...rules.map(({ needed }) => needed));
export const approversOf = ({ rules }: AllowAsk): readonly Principal[] => rules[0]?.approvers ?? [];

/** Neither who asked nor who would profit decides. */
const whyNotDecide = (request: PreApproval, by: UserId, isEntitled: boolean, now: Instant): Refusal | undefined => {
  if (request.state !== 'waiting') return { code: 'allow_over' };
  if (now >= request.expiresAt) return { code: 'too_late', since: request.expiresAt };
  if (by === request.ask.by || by === request.ask.person) return { code: 'own_allow' };
  return isEntitled ? undefined : { code: 'not_an_approver', approvers: approversOf(request.ask) };
};

const approve = (request: PreApproval, { by, isEntitled, hasApproved }: CommandOf<'approve'>, now: Instant): PreApprovalDecision => {
  const refusal = whyNotDecide(request, by, isEntitled, now);
  if (refusal) return refuse(refusal);
  if (hasApproved || request.approvedBy.includes(by)) return refuse({ code: 'already_approved' });
  return yes({ type: 'allow_approved', at: now, by, until: after(now, request.ask.durationMs) }, request.state === 'waiting' ? request.expiresAt : undefined);
};

const deny = (request: PreApproval, { by, isEntitled, reason }: CommandOf<'deny'>, now: Instant): PreApprovalDecision => {
  const refusal = whyNotDecide(request, by, isEntitled, now);
  return refusal ? refuse(refusal) : yes({ type: 'allow_denied', at: now, by, reason });
};

/** Taken back by who asked or who has it; taken away by any who may approve it. Never too late while it is active. */
const revoke = (request: PreApproval, { by, isEntitled }: CommandOf<'revoke'>, now: Instant): PreApprovalDecision => {
  if (request.state === 'over') return refuse({ code: 'allow_over' });
  const isTheirs = by === request.ask.by || by === request.ask.person;
  if (!isTheirs && !isEntitled) return refuse({ code: 'not_yours_to_revoke' });
  return yes({ type: request.state === 'waiting' && isTheirs ? 'allow_withdrawn' : 'allow_revoked', at: now, by });
};

const withdraw = (request: PreApproval, { by }: CommandOf<'withdraw'>, now: Instant): PreApprovalDecision => {
  if (request.state !== 'waiting') return refuse({ code: 'allow_over' });
  return by === request.ask.by ? yes({ type: 'allow_withdrawn', at: now, by }) : refuse({ code: 'not_the_requester' });
};

/** `lapse` is of the sweeper: what waited in vain, what reached its end. */
export const decidePreApproval = (request: PreApproval, command: PreApprovalCommand, now: Instant): PreApprovalDecision => {
  switch (command.type) {
    case 'approve': return approve(request, command, now);
    case 'deny': return deny(request, command, now);
    case 'withdraw': return withdraw(request, command, now);
    case 'revoke': return revoke(request, command, now);
    case 'lapse':
      if (request.state === 'waiting' && now >= request.expiresAt) return yes({ type: 'allow_expired', at: now });
      return request.state === 'active' && now >= request.until ? yes({ type: 'allow_ended', at: now }) : refuse({ code: 'not_due', state: request.state });
  }
};

const ENDS: { readonly [Type in Exclude<PreApprovalEvent['type'], 'allow_asked' | 'allow_approved'>]: readonly [from: PreApproval['state'], how: Ended] } = {
  allow_denied: ['waiting', 'denied'], allow_withdrawn: ['waiting', 'withdrawn'], allow_expired: ['waiting', 'expired'], allow_revoked: ['active', 'revoked'], allow_ended: ['active', 'ended'],
};

/** Undefined: the event cannot follow. */
export const evolvePreApproval = (request: PreApproval | undefined, id: RequestId, event: PreApprovalEvent): PreApproval | undefined => {
  if (event.type === 'allow_asked') return request === undefined ? { id, version: 1, ask: event.ask, approvedBy: [], state: 'waiting', expiresAt: event.expiresAt } : undefined;
  if (request === undefined || request.state === 'over') return undefined;
  const asked = { id, version: request.version + 1, ask: request.ask, approvedBy: request.approvedBy };
  if (event.type === 'allow_approved') {
    if (request.state !== 'waiting') return undefined;
    const approvedBy = [...request.approvedBy, event.by];
    return approvedBy.length < neededOf(request.ask) ? { ...asked, approvedBy, state: 'waiting', expiresAt: request.expiresAt } : { ...asked, approvedBy, state: 'active', until: event.until };
  }
  const [from, how] = ENDS[event.type];
  if (request.state !== from && how !== 'revoked') return undefined;
  return { ...asked, state: 'over', how, by: 'by' in event ? event.by : null, reason: 'reason' in event ? event.reason : null };
};

/** Processes and files of others are not opened by naming an image: only a preset that fixes such a profile is. */
export const PRIVILEGED: readonly Profile[] = ['netadmin', 'sysadmin'];

const isWithin = (scope: AllowedScope, { preset, image, profile }: Plan): boolean =>
  scope.kind === 'preset'
    ? preset === scope.name && (!PRIVILEGED.includes(profile) || scope.profile === profile)
    : image === scope.name && !PRIVILEGED.includes(profile);

/** Whether it is good for exactly this plan, now. Made under other rules it is not. */
export const coversPlan = (request: PreApproval, plan: Plan, now: Instant): request is ActivePreApproval =>
  request.state === 'active' && now < request.until
  && request.ask.person === plan.requester && request.ask.policyVersion === plan.policyVersion
  && plan.targets.length > 0 && plan.targets.every(({ cluster, namespace }) => cluster === request.ask.cluster && namespace === request.ask.namespace)
  && request.ask.scopes.some((scope) => isWithin(scope, plan));

/** Those of its approvers that count for a plan: other people than the requester, each still entitled. */
export const approversThatCount = ({ approvedBy, ask }: PreApproval, isEntitled: (person: UserId) => boolean): readonly UserId[] =>
  [...new Set(approvedBy)].filter((person) => person !== ask.person && person !== ask.by && isEntitled(person));
