import type { EphemeralContainer, Profile } from '../domain/container.ts';
import type { Image } from '../domain/catalogue.ts';
import type { Target } from '../domain/command/command.ts';
import type { PodCandidate } from '../domain/events.ts';
import type { ClusterName, ContainerName, Instant, Namespace, PodName, RequestId } from '../domain/names.ts';
import type { Failure, Outcome } from '../domain/outcome.ts';
import type { KubernetesPerson } from '../domain/person.ts';
import type { PlanTarget } from '../domain/plan.ts';
import type { PodFacts } from '../domain/pod.ts';
import type { RecycleTarget } from '../domain/recycle-states.ts';

/**
 * One cluster, as the use cases see it. Not in here on purpose: no way to delete (an eviction is what budgets may refuse), exec anything but the kill command, read a Secret or list
 * more than pods; no way to send a container that was not built by `build`; no retry that is not safe (the same patch twice is a
 * no-op on the API server). Methods never throw for what a cluster can answer: failures are values.
 */
export interface Cluster {
  readonly name: ClusterName;
  /** GET by the exact name; else a LIST as Table (500 a page, 4 pages at most) and a GET of the one that matches. */
  find(namespace: Namespace, target: Target, replicas?: Replicas): Promise<Found>;
  /** For type-ahead: pods whose name begins with `prefix`, by name, at most `limit` of them; one LIST as Table. */
  suggestPods(namespace: Namespace, prefix: string, limit: number): Promise<SuggestedPods>;
  /** The namespace's `pod-security.kubernetes.io/enforce`; null when none, or when kdebug may not read namespaces. */
  podSecurity(namespace: Namespace): Promise<string | null>;
  /** Pure: the container for one command, by the named effects of its profile. */
  build(wanted: ContainerWanted): Omit<EphemeralContainer, 'name'>;
  /** The very patch with `dryRun=All`: validation, Pod Security, RBAC and webhooks, nothing left behind. */
  dryRun(target: PlanTarget, container: EphemeralContainer): Promise<Admission>;
  /** The PATCH, with the pod's uid as precondition. Repeating it is safe. */
  add(target: PlanTarget, container: EphemeralContainer): Promise<Added>;
  /** For a worker that takes over: is the container there, and is it field by field the one the plan says? */
  inspect(target: PlanTarget, container: EphemeralContainer): Promise<Inspected>;
  /** Watches the one pod until the run ended or `until` passed; always answers. */
  awaitEnd(target: PlanTarget, container: EphemeralContainer, watch: WatchOptions): Promise<Ending>;
  /** After the end, for a short run. At most OUTPUT_READ_BYTES_MAX is read; head and one tail are kept. */
  readOutput(target: PlanTarget, container: ContainerName): Promise<RawOutput>;
  /** From the start, while it runs: a log of more than 10 MiB loses its head to rotation. Read again from where a stream broke. */
  follow(target: PlanTarget, container: ContainerName, signal: AbortSignal): Follower;
  /** `pods/exec` in our own container with the fixed kill command: only processes that carry the marker, never PID 1. */
  stop(target: PlanTarget, container: ContainerName, marker: RequestId): Promise<Failure | undefined>;
  /** One Event on the pod, for `kubectl describe pod`; best effort, and never again after a 403. */
  record(target: PlanTarget, container: ContainerName, note: string): Promise<void>;
  /**
   * Asks that the pod with this uid be evicted, which a PodDisruptionBudget may refuse for now (`disruption_budget`). With
   * `dryRun` nothing is evicted. Asking twice is safe: the second finds the pod gone, or another of its name.
   */
  evict(target: RecycleTarget, options?: { readonly dryRun: boolean }): Promise<'evicted' | Failure>;
  /** May this person do `verb` on `resource` (`pods/ephemeralcontainers`, `deployments.apps`) there? Asked with kdebug's own right to ask. */
  review(person: KubernetesPerson, namespace: Namespace, verb: string, resource: string): Promise<Review>;
  /**
   * The same cluster by the same pools, asked as this person: find, dryRun, add, inspect, awaitEnd, readOutput and follow have
   * the person's rights only; everything else stays kdebug's own. A person who may not be acted as (a name that begins
   * with `system:`) gets `forbidden` from each of them, and nothing is sent.
   */
  actingAs(person: KubernetesPerson): Cluster;
  /** Whom the cluster takes kdebug for: a service account of its own, or nobody of that kind (null). */
  ownAccount(): Promise<OwnAccount | null | Failure>;
  /** One cheap authenticated call, for readiness. */
  ping(): Promise<Failure | undefined>;
  close(): Promise<void>;
}

/** A service account, and the namespace that it belongs to, where kdebug itself lives. */
export interface OwnAccount {
  readonly namespace: Namespace;
  readonly name: string;
}

/** `--replicas`: all pods of the target, or the best so many by kubectl's ranking; more than `max` is a failure. */
export interface Replicas {
  readonly wanted: 'all' | number;
  readonly max: number;
}

export type Found =
  /** One without `replicas`; with it at least one, each fixed by uid. */
  | { readonly kind: 'pods'; readonly pods: readonly PodFacts[] }
  /** A prefix that 2 to 10 pods share, and no `replicas`: the requester picks. */
  | { readonly kind: 'several'; readonly candidates: readonly PodCandidate[] }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** One pod of type-ahead; `labels` for the rules to be held against. */
export interface SuggestedPod {
  readonly pod: PodName;
  /** As `kubectl get pods` says it: `1/1`, `Running`. */
  readonly ready: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}
export type SuggestedPods =
  | { readonly kind: 'pods'; readonly pods: readonly SuggestedPod[] }
  | { readonly kind: 'failure'; readonly failure: Failure };

export type Review = 'allowed' | 'denied' | Failure;

export interface ContainerWanted {
  readonly image: Image;
  readonly profile: Profile;
  readonly argv: readonly string[];
  readonly env: readonly (readonly [string, string])[];
  readonly target: ContainerName | null;
  readonly timeoutMs: number;
  /** In the environment of what runs, so that only this run's processes are ever stopped. */
  readonly marker: RequestId;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly warnings: readonly string[]; readonly ephemeralContainers: number }
  | { readonly kind: 'failure'; readonly failure: Failure };

export type Added =
  | { readonly kind: 'added'; readonly resourceVersion: string; /** A status of that name was there before we asked. */ readonly existed: boolean }
  | { readonly kind: 'failure'; readonly failure: Failure };

export type Inspected =
  | { readonly kind: 'ours'; readonly resourceVersion: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failure'; readonly failure: Failure };

export interface WatchOptions {
  readonly resourceVersion: string;
  /** After this the wrapper refuses to start. */
  readonly notAfter: Instant;
  readonly timeoutMs: number;
  /** The wrapper bounds the command; false: only the pod's life does. */
  readonly bounded: boolean;
  /** The clock of the worker, corrected to Redis' time by the caller. */
  readonly now: () => Instant;
  readonly signal: AbortSignal;
  /** The command was seen running. At most once. */
  readonly onRunning?: () => void;
}

export interface Follower {
  progress(): { readonly bytes: number; readonly lines: number };
  /** Once the run ended: what is still on its way, then all that was kept. */
  finish(): Promise<RawOutput>;
}

export interface Ending {
  readonly outcome: Outcome;
  /** The container produced a log that can be asked for. */
  readonly logged: boolean;
  readonly imageId?: string;
}

export interface RawOutput {
  readonly head: Uint8Array;
  /** Present when bytes between head and tail were left out. */
  readonly tail?: Uint8Array;
  /** Read in all; "at least" when not complete. */
  readonly bytes: number;
  /** The same in lines; absent where nobody counted. */
  readonly lines?: number;
  readonly complete: boolean;
  readonly unreadable?: Failure;
}
