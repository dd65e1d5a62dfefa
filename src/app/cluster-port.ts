import type { EphemeralContainer, Profile } from '../domain/container.ts';
import type { Image } from '../domain/catalogue.ts';
import type { Target } from '../domain/command/command.ts';
import type { ClusterName, ContainerName, Instant, Namespace } from '../domain/names.ts';
import type { Failure, Outcome } from '../domain/outcome.ts';
import type { PlanTarget } from '../domain/plan.ts';
import type { PodFacts } from '../domain/pod.ts';

/**
 * One cluster, as the use cases see it. Not in here on purpose: no way to delete, exec, read a Secret or list more than
 * pods; no way to send a container that was not built by `build`; no retry that is not safe (the same patch twice is a
 * no-op on the API server). Methods never throw for what a cluster can answer: failures are values.
 */
export interface Cluster {
  readonly name: ClusterName;
  /** GET by the exact name; else a LIST as Table (500 a page, 4 pages at most) and a GET of the one that matches. */
  find(namespace: Namespace, target: Target): Promise<Found>;
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
  /** At most OUTPUT_READ_BYTES_MAX is read; head and one tail are kept. */
  readOutput(target: PlanTarget, container: ContainerName): Promise<RawOutput>;
  /** One cheap authenticated call, for readiness. */
  ping(): Promise<Failure | undefined>;
  close(): Promise<void>;
}

export type Found = { readonly kind: 'pod'; readonly pod: PodFacts } | { readonly kind: 'failure'; readonly failure: Failure };

export interface ContainerWanted {
  readonly image: Image;
  readonly profile: Profile;
  readonly argv: readonly string[];
  readonly env: readonly (readonly [string, string])[];
  readonly target: ContainerName | null;
  readonly timeoutMs: number;
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
  readonly complete: boolean;
  readonly unreadable?: Failure;
}
