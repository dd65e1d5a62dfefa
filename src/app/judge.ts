import type { Catalogue } from '../domain/catalogue.ts';
import type { Ask } from '../domain/events.ts';
import type { Instant } from '../domain/names.ts';
import { gateOf, type Gate } from '../domain/policy/gate.ts';
import type { Policy } from '../domain/policy/rule.ts';
import type { WithPlan } from '../domain/request-states.ts';
import type { Resolved } from '../domain/resolve.ts';
import type { Rights } from './rights.ts';

const isPinned = (ref: string): boolean => ref.includes('@sha256:');

/** The gate with what is known at the door: nothing of the pod, and of `auto` only what it may come to. */
export const judgeAsk = (policy: Policy, rights: Rights, ask: Ask, resolved: Resolved, now: Instant): Gate =>
  gateOf(policy, {
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
  }, {
    reason: ask.command.options.reason,
    isPrivate: ask.command.options.private === true,
    image: resolved.image.name,
    hasShell: resolved.image.shell,
    pinned: isPinned(resolved.image.ref),
  });

/** The gate with the plan: exactly what would run, on the pod it would run in. */
export const judgePlan = (policy: Policy, rights: Rights, catalogue: Catalogue, request: WithPlan, now: Instant): Gate => {
  const { ask, plan, preflight } = request;
  return gateOf(policy, {
    cluster: ask.cluster,
    namespace: ask.command.namespace,
    channel: ask.place.typedIn,
    is: (principal) => rights.is(ask.requester, principal),
    image: plan.image,
    preset: plan.preset ?? null,
    argv: plan.argv,
    profiles: [plan.profile],
    labels: preflight.labels,
    now,
  }, {
    reason: ask.command.options.reason,
    isPrivate: plan.audience.kind === 'person',
    image: plan.image,
    hasShell: catalogue.images.find((image) => image.name === plan.image)?.shell ?? false,
    pinned: isPinned(plan.container.image),
  });
};
