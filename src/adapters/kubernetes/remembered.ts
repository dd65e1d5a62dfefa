import type { ContainerName } from '../../domain/names.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import { textAt, type Json } from './json.ts';

/** Between add (or inspect) and awaitEnd; a run that never gets there is forgotten. */
const REMEMBERED_MAX = 100;

export interface RememberedPods {
  readonly remember: (target: PlanTarget, container: ContainerName, pod: Json) => void;
  /** The pod at exactly that version: a watch from there tells only what came later. */
  readonly recall: (target: PlanTarget, container: ContainerName, resourceVersion: string) => Json | undefined;
}

/** The pods of the last answers, so that following a run costs no GET. */
export const rememberPods = (): RememberedPods => {
  const pods = new Map<string, Json>();
  const keyOf = (target: PlanTarget, container: ContainerName): string => `${target.uid}/${container}`;
  return {
    remember: (target, container, pod) => {
      pods.delete(keyOf(target, container));
      pods.set(keyOf(target, container), pod);
      const [oldest] = pods.keys();
      if (pods.size > REMEMBERED_MAX && oldest !== undefined) pods.delete(oldest);
    },
    recall: (target, container, resourceVersion) => {
      const pod = pods.get(keyOf(target, container));
      return textAt(pod, 'metadata', 'resourceVersion') === resourceVersion ? pod : undefined;
    },
  };
};
