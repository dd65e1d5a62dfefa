/** Which containers a pod still needs to start, by the rules of its restart policy. */
import { exitCodeOf, isRunning, isTerminated, type Container } from './container.ts';
import type { PodState, SimulatedNode } from './node.ts';
import { restartPolicyOf } from './spec.ts';

/** Only a container the runtime does not know is started: an ephemeral one never twice. */
export const ephemeralToStart = (state: PodState): readonly Container[] =>
  state.containers.filter((one) => one.spec.kind === 'ephemeral' && one.state.kind === 'waiting' && !one.startFailed && !one.held);

/** Init containers one after the other, then all apps. */
export const othersToStart = (state: PodState): readonly Container[] => {
  const init = state.containers.find((one) => one.spec.kind === 'init' && exitCodeOf(one) !== 0);
  const next = init === undefined ? state.containers.filter((one) => one.spec.kind === 'app') : [init];
  return next.filter((one) => one.state.kind === 'waiting' && !one.startFailed && !one.held && performance.now() >= one.startAfter);
};

const restarts = (state: PodState, container: Container): boolean => {
  const policy = restartPolicyOf(state.pod);
  return policy === 'Always' || (policy === 'OnFailure' && exitCodeOf(container) !== 0);
};

/** An app that ended goes into its back-off; the first restart comes at once. Returns the waits, in milliseconds. */
export const backOffEnded = (node: SimulatedNode, state: PodState): readonly number[] =>
  state.containers
    .filter((one) => one.spec.kind !== 'ephemeral' && isTerminated(one) && !one.held && restarts(state, one) && !(one.spec.kind === 'init' && exitCodeOf(one) === 0))
    .map((one) => crashLoop(node, state, one));

export const crashLoop = (node: SimulatedNode, state: PodState, container: Container): number => {
  const waitMs = container.restartCount === 0 ? 0 : node.pace.crashBackOffMs(container.restartCount - 1);
  if (container.state.kind === 'terminated') container.last = container.state.terminated;
  const { name, namespace, uid } = state.ref;
  const message = `back-off ${Math.round(waitMs / 1_000)}s restarting failed container=${container.spec.name} pod=${name}_${namespace}(${uid})`;
  container.state = { kind: 'waiting', reason: 'CrashLoopBackOff', message };
  container.startAfter = performance.now() + waitMs;
  return waitMs;
};

/** A Job's pod: every app ended and none will run again. */
export const isCompleted = (state: PodState): boolean => {
  const apps = state.containers.filter((one) => one.spec.kind === 'app');
  const initFailed = restartPolicyOf(state.pod) === 'Never' && state.containers.some((one) => one.spec.kind === 'init' && (exitCodeOf(one) ?? 0) !== 0);
  return initFailed || (apps.length > 0 && apps.every((one) => isTerminated(one) && !restarts(state, one)));
};

export const countRestart = (container: Container): void => {
  if (container.spec.kind === 'ephemeral' || container.last === undefined || isRunning(container)) return;
  container.restartCount += 1;
  // A seed that called the app unready spoke of the run before.
  container.inherited = { ...container.inherited, ready: true };
};
