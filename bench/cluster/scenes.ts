import type { Scene } from '../scenarios.ts';

/** As bench/scenarios.ts, for the Kubernetes engine. */
export const CLUSTER_SCENES = {
  many: {
    people: 200, channels: 2_000, pods: 2_000, gate: 'open', pendingPerPerson: 20, runsPerCluster: 1_000, pace: 'at once', durability: 'keeps nothing', repetitions: 1,
    program: 'answer after up to 70 s, so that all are under way at once', load: '1,000 requests, typed by 6 people at a time, each to a pod and a channel of its own; serve and one worker, each in its process',
  },
  quiet: {
    people: 10, channels: 31, pods: 12, gate: 'open', pendingPerPerson: 3, runsPerCluster: 20, pace: 'kubelet', durability: 'keeps nothing', repetitions: 30,
    program: 'one line, at once', load: '30 pairs, one run after the other in turn, each in a pod that was quiet for 3 s; `kdebug start` in its process, the watch by hand in this one',
  },
  flat: {
    people: 11, channels: 11, pods: 11, gate: 'open', pendingPerPerson: 3, runsPerCluster: 20, pace: 'at once', durability: 'keeps nothing', repetitions: 1,
    program: 'real processes: `yes`, ended by its timeout of 60 s, and one that writes 1 GiB without a line feed', load: '10 runs at once, then one; resident memory is read ten times a second, the highest counts',
  },
} as const satisfies Readonly<Record<string, Scene>>;

export type ClusterSceneName = keyof typeof CLUSTER_SCENES;
