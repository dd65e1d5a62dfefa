/** One try to start a container: image, configuration, target, program. Each step that fails says so as a real node does. */
import type { Pod } from '../ports.ts';
import { newContainerId, terminatedState, type Container } from './container.ts';
import { argvOf, environment } from './environment.ts';
import { idleImage, idleStart } from './idle-app.ts';
import { fullImageName } from './image-name.ts';
import { emitFor, findContainer, type PodState, type SimulatedNode } from './node.ts';
import { pausePid, sharesProcesses } from './pause.ts';
import { argumentsFit, startProcess, type Start } from './run.ts';
import { objectAt, restartPolicyOf } from './spec.ts';

type Failure = { readonly ok: false; readonly reason: string; readonly message: string };
type Step = { readonly ok: true } | Failure;
const OK: Step = { ok: true };
const failed = (reason: string, message: string): Failure => ({ ok: false, reason, message });

/** True when the container runs or ended; false when the pod worker must try again. */
export const tryStart = async (node: SimulatedNode, state: PodState, container: Container, onEnd: () => void): Promise<boolean> => {
  const prepared = await prepare(node, state, container);
  if (!prepared.ok) {
    container.state = { kind: 'waiting', reason: prepared.reason, message: prepared.message };
    emitFor(node, state, container, { type: 'Warning', reason: prepared.reason === 'ImagePullBackOff' ? 'BackOff' : 'Failed', message: prepared.message });
    return false;
  }
  const start = await startOf(node, state, container);
  const refusal = startRefusal(node, container, start);
  if (refusal !== undefined) return rememberStartError(node, state, container, refusal);
  await startProcess(node, state, container, start, onEnd);
  emitFor(node, state, container, { reason: 'Created', message: `Container created` });
  emitFor(node, state, container, { reason: 'Started', message: `Container started` });
  return true;
};

const prepare = async (node: SimulatedNode, state: PodState, container: Container): Promise<Step> => {
  const pulled = await pullImage(node, state, container);
  if (!pulled.ok) return pulled;
  const user = chooseUser(state.pod, container);
  return user.ok ? checkTarget(state, container) : user;
};

const pullImage = async (node: SimulatedNode, state: PodState, container: Container): Promise<Step> => {
  const { spec } = container;
  const name = fullImageName(spec.image);
  if (!name.ok) return failed('InvalidImageName', name.message);
  const present = node.images.has(spec.image);
  if (spec.kind !== 'ephemeral' && !present) return useIdleImage(node, state, container);
  if (!present && spec.pullPolicy === 'Never') return failed('ErrImageNeverPull', `Container image "${spec.image}" is not present with pull policy of Never`);
  if (performance.now() < container.startAfter && container.pullFailures > 0) return backOff(container);
  if (!present) emitFor(node, state, container, { reason: 'Pulling', message: `Pulling image "${spec.image}"` });
  const pull = await node.images.pull(spec.image, state.abort.signal);
  if (pull.ok) {
    container.image = pull.pulled;
    return OK;
  }
  container.startAfter = performance.now() + node.pace.imageBackOffMs(container.pullFailures);
  container.pullFailures += 1;
  lastPullError.set(container, pull.message);
  return failed('ErrImagePull', pull.message);
};

const lastPullError = new WeakMap<Container, string>();
const backOff = (container: Container): Step =>
  failed('ImagePullBackOff', `Back-off pulling image "${container.spec.image}": ErrImagePull: ${lastPullError.get(container) ?? 'not found'}`);

const useIdleImage = async (node: SimulatedNode, state: PodState, container: Container): Promise<Step> => {
  const name = fullImageName(container.spec.image);
  const idle = node.idleApp(state.pod, container.spec.name);
  const furnished = await node.images.private(idle.listen === undefined ? 'playground.local/idle' : 'playground.local/listener', idleImage(idle));
  // An image that was never pulled has no repository digest, only an id.
  container.image = { ...furnished, id: furnished.id.slice(furnished.id.indexOf('sha256:')), name: name.ok ? name.name : container.spec.image };
  return OK;
};

const chooseUser = (pod: Pod, container: Container): Step => {
  const [own, podWide] = [container.spec.securityContext, objectAt(pod.spec, 'securityContext')];
  const asked = own['runAsUser'] ?? podWide['runAsUser'];
  const user = typeof asked === 'number' ? asked : (container.image?.image.user ?? 0);
  container.uid = typeof user === 'number' ? user : 0;
  if ((own['runAsNonRoot'] ?? podWide['runAsNonRoot']) !== true) return OK;
  const where = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${container.spec.name})`;
  if (typeof user === 'string') return failed('CreateContainerConfigError', `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`);
  const why = typeof asked === 'number' ? "container's runAsUser breaks non-root policy" : 'container has runAsNonRoot and image will run as root';
  return user === 0 ? failed('CreateContainerConfigError', `${why} ${where}`) : OK;
};

/** Only a pod whose PID mode is the container's own has targets to join; a shared one ignores the field. */
const checkTarget = (state: PodState, container: Container): Step => {
  const { target } = container.spec;
  if (target === undefined || sharesProcesses(state)) return OK;
  const found = findContainer(state, target);
  if (found?.state.kind === 'running') return OK;
  if (found?.containerID === undefined) return failed('CreateContainerConfigError', `unable to find target container ${target}`);
  const id = found.containerID.replace('containerd://', '');
  const why = `failed to generate spec opts: invalid target container: container "${id}" is not running - in state CONTAINER_EXITED`;
  return failed('CreateContainerError', `failed to generate container "${newContainerId()}" spec: ${why}`);
};

const startOf = async (node: SimulatedNode, state: PodState, container: Container): Promise<Start> => {
  const env = environment(node, state, container);
  const joinPid = await namespaceOf(node, state, container);
  const join = joinPid === undefined ? {} : { joinPid };
  if (!node.images.has(container.spec.image)) return { ...idleStart(node.idleApp(state.pod, container.spec.name)), env, ...join };
  return { argv: argvOf(container.spec, container.image?.image.entrypoint, env), env, ...join };
};

const namespaceOf = async (node: SimulatedNode, state: PodState, container: Container): Promise<number | undefined> => {
  if (!node.isolated || sharesProcesses(state)) return pausePid(node, state);
  return container.spec.target === undefined ? undefined : findContainer(state, container.spec.target)?.process?.firstPid();
};

const startRefusal = (node: SimulatedNode, container: Container, start: Start): string | undefined => {
  const [program = ''] = start.argv;
  const { image } = container;
  if (image?.image.builtin?.(start.argv, start.env) !== undefined) return undefined;
  const exec = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';
  if (!argumentsFit(start.argv)) return `${exec}exec ${program}: argument list too long`;
  // Without a root of its own a container must not reach the machine's programs by path.
  const looked = node.isolated || !program.includes('/') ? image?.rootfs.resolve(program, node.isolated ? (start.env['PATH'] ?? '') : '/bin') : undefined;
  if (looked !== undefined) return undefined;
  return `${exec}exec: "${program}": ${program.includes('/') ? `stat ${program}: no such file or directory` : 'executable file not found in $PATH'}`;
};

/** The runtime keeps a container that never ran; whether the status says so depends on the pod's restart policy. */
const rememberStartError = (node: SimulatedNode, state: PodState, container: Container, message: string): boolean => {
  container.containerID = `containerd://${newContainerId()}`;
  const terminated = terminatedState(container, 128, 'StartError', message);
  container.startFailed = true;
  container.last = restartPolicyOf(state.pod) === 'Never' ? undefined : terminated;
  container.state = container.last === undefined ? { kind: 'terminated', terminated } : { kind: 'waiting', reason: 'RunContainerError', message };
  emitFor(node, state, container, { type: 'Warning', reason: 'Failed', message: `Error: ${message}` });
  return true;
};
