import type { Catalogue } from '../domain/catalogue.ts';
import type { Ask } from '../domain/events.ts';
import type { Instant } from '../domain/names.ts';
import { gateOf, gateOfAll, type Conditions, type Gate, type StepUpOffer } from '../domain/policy/gate.ts';
import type { Subject } from '../domain/policy/match.ts';
import type { Policy } from '../domain/policy/rule.ts';
import { labelsOfPod } from '../domain/plan.ts';
import { isPlanOf } from '../domain/plan-of-ask.ts';
import type { WithPlan } from '../domain/request-states.ts';
import type { Resolved } from '../domain/resolve.ts';
import type { Rights } from './rights.ts';

/** The image is fixed by digest, so what was approved is what runs. */
export const isPinned = (ref: string): boolean => ref.includes('@sha256:');

/** What decides: the rules, and what this installation can ask of an approver. */
export interface Judging {
  readonly policy: Policy;
  readonly stepUp: StepUpOffer;
}

/** What the door knows of an ask. */
type Asked = Pick<Ask, 'requester' | 'command' | 'cluster'> & { readonly place: Pick<Ask['place'], 'typedIn'> };

const envOf = ({ command }: Pick<Ask, 'command'>): readonly string[] => (command.options.env ?? []).map(([name]) => name);

/** What the rules are held against at the door: nothing of the pod, and of `auto` only what it may come to. */
export const subjectAtDoor = (rights: Rights, ask: Asked, resolved: Resolved, now: Instant): Subject => ({
  cluster: ask.cluster,
  namespace: ask.command.namespace,
  channel: ask.place.typedIn,
  is: (principal) => rights.is(ask.requester, principal),
  image: resolved.image.name,
  preset: resolved.preset,
  argv: resolved.argv,
  profiles: resolved.profiles,
  labels: undefined,
  now,
});

export const conditionsAtDoor = (ask: Pick<Ask, 'command'>, resolved: Resolved, stepUp: StepUpOffer): Conditions => ({
  reason: ask.command.options.reason,
  isPrivate: ask.command.options.private === true,
  env: envOf(ask),
  image: resolved.image.name,
  hasShell: resolved.image.shell,
  pinned: isPinned(resolved.image.ref),
  stepUp,
  nodeAccess: 'not asked',
});

/** The gate with what is known at the door. */
export const judgeAsk = ({ policy, stepUp }: Judging, rights: Rights, ask: Ask, resolved: Resolved, now: Instant): Gate =>
  gateOf(policy, subjectAtDoor(rights, ask, resolved, now), conditionsAtDoor(ask, resolved, stepUp));

/** The gate with the plan: exactly what would run, in each pod that it would run in. */
export const judgePlan = ({ policy, stepUp, catalogue }: Judging & { readonly catalogue: Catalogue }, rights: Rights, request: WithPlan, now: Instant): Gate => {
  const { ask, plan, preflight } = request;
  if (!isPlanOf(request, catalogue)) return { gate: 'closed', refusal: { code: 'plan_not_asked' } };
  const subject: Omit<Subject, 'labels'> = {
    cluster: ask.cluster,
    namespace: ask.command.namespace,
    channel: ask.place.typedIn,
    is: (principal) => rights.is(ask.requester, principal),
    image: plan.image,
    preset: plan.preset ?? null,
    argv: plan.argv,
    profiles: [plan.profile],
    now,
  };
  const conditions: Conditions = {
    reason: ask.command.options.reason,
    isPrivate: plan.audience.kind === 'person',
    env: envOf(ask),
    image: plan.image,
    hasShell: catalogue.images.find((image) => image.name === plan.image)?.shell ?? false,
    pinned: isPinned(plan.container.image),
    stepUp,
    nodeAccess: preflight.nodeAccess,
  };
  return gateOfAll(plan.targets.map((_target, index) => gateOf(policy, { ...subject, labels: labelsOfPod(preflight, index) }, conditions)));
};
