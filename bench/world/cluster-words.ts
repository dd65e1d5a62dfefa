/** What the process that simulates the cluster is told and asked, over the channel between parent and child. */
import type { Timings } from '../../src/playground/cluster/kubelet/container.ts';
import type { PaceChoice } from '../../src/playground/cluster/kubelet/pace.ts';

export interface ClusterOrder {
  readonly pods: readonly string[];
  readonly namespaces: readonly string[];
  readonly pace: Extract<PaceChoice, string>;
}

export type Question =
  | { readonly about: 'calls' }
  | { readonly about: 'forget calls' }
  | { readonly about: 'connections' }
  | { readonly about: 'pods'; readonly namespace: string }
  /** Of the newest debug container of the pod. */
  | { readonly about: 'timings'; readonly namespace: string; readonly pods: readonly string[] };

export interface Answers {
  /** `patch pods/ephemeralcontainers (dry run)` → how often since they were forgotten. */
  readonly 'calls': Readonly<Record<string, number>>;
  readonly 'forget calls': null;
  /** TCP connections of all clients, ever and now, and the watches that are open. */
  readonly 'connections': { readonly accepted: number; readonly open: number; readonly watches: number };
  readonly 'pods': readonly { readonly name: string; readonly uid: string }[];
  readonly 'timings': readonly (Timings | null)[];
}

export type ToHost = { readonly number: number; readonly question: Question };
export type FromHost = { readonly ready: { readonly kubeconfig: string } } | { readonly number: number; readonly answer: Answers[keyof Answers] };
