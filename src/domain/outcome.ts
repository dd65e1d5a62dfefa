import type { ContainerName, PodName } from './names.ts';

/**
 * Why a plan could not be made or a container did not start: facts read from the cluster's answers in one place
 * (adapters/kubernetes) and worded in one place (adapters/slack). `detail` is the cluster's own sentence, sanitised
 * and cut; it is shown after our words, never instead of them.
 */
export type Failure =
  // the target
  | { readonly code: 'pod_not_found'; readonly prefix: string; readonly near: readonly PodName[] }
  | { readonly code: 'workload_not_found'; readonly resource: string; readonly name: string }
  | { readonly code: 'no_pod_of_target'; readonly target: string }
  | { readonly code: 'pods_ambiguous'; readonly prefix: string; readonly pods: readonly PodName[]; readonly more: boolean }
  | { readonly code: 'too_many_pods'; readonly count: number; readonly max: number }
  | { readonly code: 'mirror_pod'; readonly pod: PodName }
  /** Where kdebug itself lives, by its own account in the cluster. */
  | { readonly code: 'own_namespace'; readonly namespace: string }
  | { readonly code: 'pod_finished'; readonly pod: PodName; readonly phase: string }
  | { readonly code: 'pod_terminating'; readonly pod: PodName }
  | { readonly code: 'pod_not_scheduled'; readonly pod: PodName }
  | { readonly code: 'windows_pod'; readonly pod: PodName }
  | { readonly code: 'too_many_containers'; readonly pod: PodName; readonly count: number }
  | { readonly code: 'container_not_found'; readonly pod: PodName; readonly container: string; readonly containers: readonly string[] }
  | { readonly code: 'target_not_running'; readonly pod: PodName; readonly container: ContainerName }
  | { readonly code: 'pod_gone'; readonly pod: PodName }
  | { readonly code: 'pod_replaced'; readonly pod: PodName }
  | { readonly code: 'node_silent'; readonly pod: PodName }
  /** `budget` as the cluster names it; `afterMs`: the pause that it asks for. */
  | { readonly code: 'disruption_budget'; readonly pod: PodName; readonly budget: string | null; readonly detail: string; readonly afterMs: number | null }
  // the request as the cluster sees it
  | { readonly code: 'pod_security'; readonly detail: string }
  | { readonly code: 'admission'; readonly detail: string }
  | { readonly code: 'invalid'; readonly detail: string }
  | { readonly code: 'forbidden'; readonly detail: string }
  | { readonly code: 'name_taken'; readonly container: ContainerName }
  /** kdebug was frozen meanwhile: the cluster is asked nothing more. */
  | { readonly code: 'frozen' }
  // the container
  | { readonly code: 'image_not_pulled'; readonly image: string; readonly detail: string }
  | { readonly code: 'image_invalid'; readonly image: string; readonly detail: string }
  | { readonly code: 'config_error'; readonly detail: string }
  | { readonly code: 'create_error'; readonly detail: string }
  | { readonly code: 'command_not_found'; readonly program: string; readonly detail: string }
  | { readonly code: 'expired_before_start' }
  // what the catalogue says
  | { readonly code: 'image_unknown'; readonly image: string; readonly images: readonly string[] }
  | { readonly code: 'preset_unknown'; readonly preset: string; readonly presets: readonly string[] }
  | { readonly code: 'parameter'; readonly preset: string; readonly detail: string }
  | { readonly code: 'policy_changed' }
  // the connection
  | { readonly code: 'unauthorized'; readonly detail: string }
  | { readonly code: 'unreachable'; readonly detail: string }
  | { readonly code: 'overloaded'; readonly detail: string }
  | { readonly code: 'unexpected_answer'; readonly detail: string };

/** For operators: the code, and what the cluster said. */
export const failureInShort = (failure: Failure): string => ('detail' in failure ? `${failure.code}: ${failure.detail}` : failure.code);

export type Interruption = 'deleted' | 'evicted' | 'finished' | 'replaced' | 'target_restarted';

/** How one run ended. The exit code comes from the container's status only, never from text. */
export type Outcome =
  | { readonly kind: 'exited'; readonly code: number; readonly signal?: string; readonly outOfMemory?: true; readonly durationMs: number }
  | { readonly kind: 'timed_out'; readonly afterMs: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not_started'; readonly failure: Failure; /** The node may still try until `not_after`. */ readonly armed: boolean }
  | { readonly kind: 'interrupted'; readonly by: Interruption; readonly replacement?: PodName }
  | { readonly kind: 'unknown'; readonly detail: string };
