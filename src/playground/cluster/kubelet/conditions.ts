/** A pod's phase and conditions, from its containers. Pure but for the time it is given. */
import type { JsonObject } from '../ports.ts';
import { exitCodeOf, isRunning, isTerminated, type Container } from './container.ts';
import { objectsAt } from './spec.ts';

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

const of = (containers: readonly Container[], kind: 'init' | 'app'): readonly Container[] => containers.filter((one) => one.spec.kind === kind);

/** `ended`: every container has been stopped for good, ephemeral ones included; until then the phase is not terminal. */
export const phaseOf = (containers: readonly Container[], ended: boolean): Phase => {
  const apps = of(containers, 'app');
  if (ended) return apps.every((app) => exitCodeOf(app) === 0) ? 'Succeeded' : 'Failed';
  const begun = apps.some((app) => isRunning(app) || isTerminated(app) || app.last !== undefined);
  return begun ? 'Running' : 'Pending';
};

/** What ended containers will never be again is not "unready" but "completed". */
export const conditionsOf = (containers: readonly Container[], before: JsonObject, facts: ConditionFacts): readonly JsonObject[] => {
  const unready = of(containers, 'app').filter((app) => !isRunning(app) || app.inherited['ready'] === false).map((app) => app.spec.name);
  const initialised = of(containers, 'init').every((init) => exitCodeOf(init) === 0);
  const completed = facts.completed ? { reason: 'PodCompleted' } : undefined;
  const notReady = completed ?? { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const ready: Verdict = unready.length === 0 ? { status: 'True' } : { status: 'False', ...notReady };
  const verdicts: readonly (readonly [string, Verdict])[] = [
    ['PodReadyToStartContainers', { status: facts.sandbox ? 'True' : 'False' }],
    ['Initialized', initialised ? { status: 'True', ...completed } : { status: 'False', reason: 'ContainersNotInitialized' }],
    ['Ready', ready],
    ['ContainersReady', ready],
    ['PodScheduled', { status: 'True' }],
  ];
  return verdicts.map(([type, verdict]) => condition(type, verdict, before, facts));
};

export interface ConditionFacts {
  readonly generation: number;
  readonly now: string;
  readonly sandbox: boolean;
  /** No app container runs or will run again. */
  readonly completed: boolean;
}

interface Verdict {
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

const condition = (type: string, verdict: Verdict, before: JsonObject, facts: ConditionFacts): JsonObject => {
  const old = objectsAt(before, 'conditions').find((candidate) => candidate['type'] === type);
  const unchanged = old?.['status'] === verdict.status;
  return {
    type,
    observedGeneration: facts.generation,
    status: verdict.status,
    lastProbeTime: null,
    lastTransitionTime: (unchanged ? old['lastTransitionTime'] : undefined) ?? facts.now,
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    ...(verdict.message === undefined ? {} : { message: verdict.message }),
  };
};
