import { canonicalJson, sha256, type Canonical } from './canonical.ts';
import type { EphemeralContainer, Profile } from './container.ts';
import type { ChannelId, ClusterName, ContainerName, ImageName, Instant, Namespace, PodName, PodUid, PresetName, RequestId, Sha256, UserId } from './names.ts';

/** One pod, fixed by uid: a replaced pod of the same name is another pod. */
export interface PlanTarget {
  readonly cluster: ClusterName;
  readonly namespace: Namespace;
  readonly pod: PodName;
  readonly uid: PodUid;
  /** The container whose processes are seen; null: none. */
  readonly container: ContainerName | null;
  readonly node?: string;
}

/** Who will be able to read the output. */
export type Audience = { readonly kind: 'channel'; readonly channel: ChannelId } | { readonly kind: 'person'; readonly user: UserId };

/**
 * All that will run, fixed. `container` is what will be sent, less its name (it is made of the digest) and less its
 * deadline (it is known only once the last approval was given).
 */
export interface Plan {
  readonly request: RequestId;
  /** 1, or 2 after the policy changed and the request was planned again. */
  readonly revision: number;
  readonly requester: UserId;
  readonly targets: readonly PlanTarget[];
  readonly audience: Audience;
  readonly timeoutMs: number;
  readonly startWithinMs: number;
  readonly policyVersion: Sha256;
  readonly image: ImageName;
  readonly preset?: PresetName;
  readonly profile: Profile;
  readonly argv: readonly string[];
  /** The wrapper holds deadline and timeout; false: the image has no shell and the command runs bare. */
  readonly bounded: boolean;
  readonly container: Omit<EphemeralContainer, 'name'>;
}

/** What the checks before the card found; not part of the digest. */
export interface Preflight {
  readonly warnings: readonly string[];
  readonly notices: readonly string[];
  /** `enforce` level of the namespace; null: none enforced. */
  readonly podSecurity: string | null;
  /** Debug containers in the pod, this one included. */
  readonly containersUsed: number;
  /** That all of the pods carry. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of each target, in their order; absent where `labels` are those of all. */
  readonly podLabels?: readonly Readonly<Record<string, string>>[];
  /** `image` is pinned by digest. */
  readonly pinned: boolean;
  readonly serviceAccount?: string;
  readonly owner?: string;
  /** By what the pods reach their node, each once; absent in plans of before this was looked at. */
  readonly nodeAccess?: readonly string[];
}

/** Of one of the targets. */
export const labelsOfPod = ({ labels, podLabels }: Preflight, index: number): Readonly<Record<string, string>> => podLabels?.[index] ?? labels;

const digests = new WeakMap<Plan, Sha256>();

/** Made once of each plan: nothing changes one, and its request is looked at a dozen times. */
export const planDigest = (plan: Plan): Sha256 => {
  const known = digests.get(plan) ?? sha256(canonicalJson(plan as unknown as Canonical));
  digests.set(plan, known);
  return known;
};

const CONTAINER_NAME_HEX = 16;

export const containerNameOf = (digest: Sha256): ContainerName => `kdebug-${digest.slice(0, CONTAINER_NAME_HEX)}` as ContainerName;

/** Where the wrapper's argv begins: `sh -c WRAPPER kdebug DEADLINE TIMEOUT ARGV…`. */
const DEADLINE_POSITION = 4;

/** The container exactly as it is sent: every worker that holds plan and `notAfter` builds the identical one. */
export const containerOf = (plan: Plan, notAfter: Instant): EphemeralContainer => ({
  name: containerNameOf(planDigest(plan)),
  ...plan.container,
  command: plan.bounded
    ? plan.container.command.toSpliced(DEADLINE_POSITION, 0, String(Math.floor(notAfter / 1_000)))
    : plan.container.command,
});
