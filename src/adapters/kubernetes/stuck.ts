import type { Failure } from '../../domain/outcome.ts';
import { sentence } from './sentence.ts';
import type { Ended } from './sight.ts';

export type Stuck =
  /** It has not been tried, or is on its way. */
  | { readonly kind: 'progress' }
  /** `armed`: the kubelet goes on trying for the life of the pod. `sure`: waiting will not help. `attempt`: one try failed. */
  | { readonly kind: 'stuck'; readonly failure: Failure; readonly sure: boolean; readonly armed: boolean; readonly attempt: boolean };

const PROGRESS = new Set(['', 'ContainerCreating', 'PodInitializing']);
const IMAGE = new Set(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'ImageInspectError', 'RegistryUnavailable', 'SignatureValidationFailed']);
// The kubelet has one reason for every configuration error: which it is stands in its sentence only.
const NEVER_NON_ROOT = /runAsNonRoot|will run as root|non-numeric user/;

/** What a waiting reason means (pkg/kubelet/images and pkg/kubelet/kuberuntime name them); an unknown one is a failed creation. */
export const stuckBy = (reason: string, message: string, image: string): Stuck => {
  if (PROGRESS.has(reason)) return { kind: 'progress' };
  const detail = sentence(message) || reason;
  const attempt = reason !== 'ImagePullBackOff';
  if (reason === 'InvalidImageName') return { kind: 'stuck', failure: { code: 'image_invalid', image, detail }, sure: true, armed: false, attempt };
  if (IMAGE.has(reason)) return { kind: 'stuck', failure: { code: 'image_not_pulled', image, detail }, sure: reason === 'ErrImageNeverPull', armed: true, attempt };
  if (reason === 'CreateContainerConfigError') return { kind: 'stuck', failure: { code: 'config_error', detail }, sure: NEVER_NON_ROOT.test(message), armed: true, attempt };
  return { kind: 'stuck', failure: { code: 'create_error', detail }, sure: false, armed: true, attempt };
};

/** `ContainerCannotRun` was dockershim's word for `StartError`. */
export const isStartError = (ended: Ended): boolean => ended.reason === 'StartError' || ended.reason === 'ContainerCannotRun';

const PROGRAM = /exec: "((?:[^"\\]|\\.){1,200})"/;
const NO_PROGRAM = /executable file not found|no such file or directory|permission denied|exec format error/;

/** The runtime could not start the program; the sentence says whether it was the program's fault. */
export const startFailure = (message: string, program: string): Failure => {
  const detail = sentence(message) || 'the container could not be started';
  if (message !== '' && !PROGRAM.test(message) && !NO_PROGRAM.test(message)) return { code: 'create_error', detail };
  return { code: 'command_not_found', program: sentence(PROGRAM.exec(message)?.[1] ?? program), detail };
};
