/** The pause process of a pod that shares its process namespace: PID 1 of every container of the pod. */
import { CONTAINER_PATH } from './environment.ts';
import { idleImage, idleStart } from './idle-app.ts';
import { launchProcess, type StartedProcess } from './launch.ts';
import type { PodState, SimulatedNode } from './node.ts';
import { HOST_SANDBOX } from './sandbox.ts';

export const sharesProcesses = (state: PodState): boolean => state.pod.spec['shareProcessNamespace'] === true;

/** The process whose PID namespace a container joins, or undefined where each has its own. */
export const pausePid = async (node: SimulatedNode, state: PodState): Promise<number | undefined> => {
  if (!node.isolated || !sharesProcesses(state)) return undefined;
  state.pause ??= startPause(node, state);
  return (await state.pause).firstPid();
};

const startPause = async (node: SimulatedNode, state: PodState): Promise<StartedProcess> => {
  const { rootfs } = await node.images.private('playground.local/idle', idleImage({}));
  const sandbox = (await state.sandbox) ?? HOST_SANDBOX;
  const start = { ...idleStart({}), env: { PATH: CONTAINER_PATH }, cwd: '/', uid: 0, bounding: '-all' };
  const started = launchProcess({ ...start, rootfs, sandbox, isolated: true, output: 'one pipe' });
  started.child.stdout?.resume();
  return started;
};
