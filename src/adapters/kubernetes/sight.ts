import { at, listAt, named, numberAt, textAt, type Json } from './json.ts';

/** `terminated` of a container, times in milliseconds since 1970 on the node's clock. */
export interface Ended {
  readonly exitCode?: number;
  readonly reason: string;
  readonly message: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

export type State =
  | { readonly kind: 'absent' }
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running'; readonly startedAt?: number }
  | { readonly kind: 'terminated'; readonly ended: Ended };

/** What one look at the pod says of our container, the target, and the pod itself. */
export interface Sight {
  readonly uid: string;
  readonly phase: string;
  /** `status.reason`: `Evicted`, … */
  readonly reason: string;
  readonly terminating: boolean;
  readonly disrupted: boolean;
  /** False: the node has not yet seen the pod as it is; undefined: a server before 1.35 does not tell. */
  readonly observed?: boolean;
  /** Every app container has ended and none will be started again: a Job's pod at its end. */
  readonly appFinished: boolean;
  readonly state: State;
  readonly last?: Ended;
  readonly restarts: number;
  readonly imageId?: string;
  readonly targetRestarts?: number;
  /** When the target container last ended. */
  readonly targetEndedAt?: number;
}

export const sightOf = (pod: Json, container: string, target: string | null): Sight => {
  const status = named(listAt(pod, 'status', 'ephemeralContainerStatuses'), container);
  const aim = target === null ? undefined : named(['containerStatuses', 'initContainerStatuses'].flatMap((list) => listAt(pod, 'status', list)), target);
  const [generation, observed] = [numberAt(pod, 'metadata', 'generation'), numberAt(pod, 'status', 'observedGeneration')];
  return {
    uid: textAt(pod, 'metadata', 'uid') ?? '',
    phase: textAt(pod, 'status', 'phase') ?? '',
    reason: textAt(pod, 'status', 'reason') ?? '',
    terminating: at(pod, 'metadata', 'deletionTimestamp') !== undefined,
    disrupted: listAt(pod, 'status', 'conditions').some((one) => textAt(one, 'type') === 'DisruptionTarget' && textAt(one, 'status') === 'True'),
    appFinished: (textAt(pod, 'spec', 'restartPolicy') ?? 'Always') !== 'Always' && everyEnded(listAt(pod, 'status', 'containerStatuses')),
    state: stateOf(status),
    restarts: numberAt(status, 'restartCount') ?? 0,
    ...(generation !== undefined && observed !== undefined && { observed: observed >= generation }),
    ...defined('last', endedOf(at(status, 'lastState', 'terminated'))),
    ...defined('imageId', textAt(status, 'imageID') || undefined),
    ...defined('targetRestarts', numberAt(aim, 'restartCount')),
    ...defined('targetEndedAt', (endedOf(at(aim, 'state', 'terminated')) ?? endedOf(at(aim, 'lastState', 'terminated')))?.finishedAt),
  };
};

const defined = <Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };

const everyEnded = (statuses: readonly Json[]): boolean => statuses.length > 0 && statuses.every((one) => at(one, 'state', 'terminated') !== undefined);

const stateOf = (status: Json | undefined): State => {
  const ended = endedOf(at(status, 'state', 'terminated'));
  if (ended) return { kind: 'terminated', ended };
  const running = at(status, 'state', 'running');
  if (running !== undefined) return { kind: 'running', ...defined('startedAt', time(running, 'startedAt')) };
  const waiting = at(status, 'state', 'waiting');
  if (waiting === undefined) return { kind: 'absent' };
  return { kind: 'waiting', reason: textAt(waiting, 'reason') ?? '', message: textAt(waiting, 'message') ?? '' };
};

const endedOf = (terminated: Json | undefined): Ended | undefined =>
  terminated === undefined ? undefined : {
    reason: textAt(terminated, 'reason') ?? '', message: textAt(terminated, 'message') ?? '',
    ...defined('exitCode', numberAt(terminated, 'exitCode')),
    ...defined('startedAt', time(terminated, 'startedAt')), ...defined('finishedAt', time(terminated, 'finishedAt')),
  };

// Go's zero time (year 1) stands for "not known".
const time = (value: Json, field: string): number | undefined => {
  const milliseconds = Date.parse(textAt(value, field) ?? '');
  return milliseconds > 0 ? milliseconds : undefined;
};
