import type { Catalogue } from './catalogue.ts';
import type { WithPlan } from './request-states.ts';
import { resolve } from './resolve.ts';

/**
 * A worker reports facts about what was asked, and nothing else: a plan of another cluster, namespace, person, image or
 * command is no answer to this ask, whatever its own rules would say. Which pod and which container is the worker's to say.
 */
export const isPlanOf = ({ id, ask, plan }: WithPlan, catalogue: Catalogue): boolean => {
  const { command, requester, place } = ask;
  const resolution = resolve(command, catalogue);
  if (!resolution.ok) return false;
  const { image, preset, profiles, argv } = resolution.resolved;
  const { audience } = plan;
  return plan.request === id && plan.requester === requester
    && plan.targets.length > 0 && plan.targets.every(({ cluster, namespace }) => cluster === ask.cluster && namespace === command.namespace)
    && plan.image === image.name && plan.container.image === image.ref && (plan.preset ?? null) === preset && profiles.includes(plan.profile)
    && plan.argv.length === argv.length && argv.every((word, index) => plan.argv[index] === word)
    && (command.options.private === true ? audience.kind === 'person' && audience.user === requester : audience.kind === 'channel' && audience.channel === place.cardIn);
};
