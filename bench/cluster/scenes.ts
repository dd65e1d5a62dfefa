import type { Scene } from '../scenarios.ts';

/** As bench/scenarios.ts, for the Kubernetes engine. */
export const CLUSTER_SCENES = {
  many: {
    people: 200, channels: 2_000, pods: 2_000, gate: 'open', pendingPerPerson: 20, runsPerCluster: 1_000, pace: 'at once', durability: 'keeps nothing', repetitions: 1,
    program: 'answer after 45 s', load: '1,000 requests, typed by 6 people at a time, each to a pod and a channel of its own; serve and one worker, each in its process',
  },
} as const satisfies Readonly<Record<string, Scene>>;
