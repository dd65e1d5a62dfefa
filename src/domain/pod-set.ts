import type { Profile } from './container.ts';
import type { ContainerName } from './names.ts';
import type { Failure } from './outcome.ts';
import { podNotices, targetContainer, whyNotThisPod, type PodFacts } from './pod.ts';

export interface PodSet {
  /** At least one. */
  readonly pods: readonly PodFacts[];
  /** The same in each: one container is sent to all. */
  readonly container: ContainerName | null;
}

/** Every pod must be fit, and hold the container that the first one's command would see. */
export const podSetOf = (pods: readonly PodFacts[], wanted: string | undefined): { readonly set: PodSet } | { readonly failure: Failure } => {
  const [first] = pods;
  if (!first) return { failure: { code: 'no_pod_of_target', target: 'the target' } };
  const unfit = pods.map(whyNotThisPod).find((failure) => failure !== undefined);
  if (unfit) return { failure: unfit };
  const chosen = targetContainer(first, wanted);
  if ('failure' in chosen) return chosen;
  for (const pod of pods.slice(1)) {
    const there = targetContainer(pod, chosen.container ?? 'none');
    if ('failure' in there) return there;
  }
  return { set: { pods, container: chosen.container } };
};

/** What the card says of the pods; with several, of which. */
export const setNotices = ({ pods, container }: PodSet, profile: Profile): readonly string[] => {
  const perPod = pods.map((pod) => podNotices(pod, container, profile));
  if (pods.length === 1) return perPod[0] ?? [];
  return [...new Set(perPod.flat())].map((notice) => {
    const of = pods.filter((_pod, index) => perPod[index]?.includes(notice));
    return of.length === pods.length ? notice : `${notice} (${of.map((pod) => pod.name).join(', ')})`;
  });
};

/** Labels that all of them carry, for the card. */
export const commonLabels = ({ pods }: PodSet): Readonly<Record<string, string>> => {
  const [first, ...rest] = pods.map((pod) => pod.labels);
  return Object.fromEntries(Object.entries(first ?? {}).filter(([key, value]) => rest.every((labels) => Object.hasOwn(labels, key) && labels[key] === value)));
};

/** Of each pod, where they do not all carry the same: the rules are held against every one of them. */
export const labelsApart = (set: PodSet): readonly Readonly<Record<string, string>>[] | undefined => {
  const common = Object.keys(commonLabels(set)).length;
  return set.pods.every(({ labels }) => Object.keys(labels).length === common) ? undefined : set.pods.map(({ labels }) => labels);
};
