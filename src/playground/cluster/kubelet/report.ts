/** Writes what the kubelet knows into the pod's status, and says nothing when nothing changed. */
import type { JsonObject } from '../ports.ts';
import { conditionsOf, phaseOf } from './conditions.ts';
import { nowSeconds, type Container, type ContainerState } from './container.ts';
import { isGone, type PodState, type SimulatedNode } from './node.ts';
import { generationOf, LISTS, objectAt, textAt } from './spec.ts';
import { containerStatus, sortedByName } from './status.ts';

const HOST_IP = '10.99.0.1';

/** One write, or two where a short run went from waiting to its end between two reports. */
export const report = (node: SimulatedNode, state: PodState): void => {
  if (node.silent || isGone(state)) return;
  const visible = visibleAt(state, performance.now());
  const skipped = state.containers.filter((container) => visible(container) === container.state && wasNeverShownRunning(container));
  if (skipped.length > 0) write(node, state, (container) => (skipped.includes(container) ? runningState(container) : visible(container)));
  write(node, state, visible);
  for (const container of state.containers) noteShown(state, container, visible(container));
};

/** Before the first relist after a start nobody knows that it ran; why it waits is known at once. */
const visibleAt =
  (state: PodState, now: number) =>
  (container: Container): ContainerState =>
    now < state.firstReportAt && container.state.kind !== 'waiting' ? (container.shown ?? container.state) : container.state;

const wasNeverShownRunning = (container: Container): boolean =>
  container.state.kind === 'terminated' && container.shown?.kind === 'waiting' && textAt(container.state.terminated, 'reason') !== 'StartError';

const runningState = (container: Container): ContainerState =>
  container.state.kind === 'terminated' ? { kind: 'running', startedAt: textAt(container.state.terminated, 'startedAt') ?? nowSeconds() } : container.state;

const noteShown = (state: PodState, container: Container, visible: ContainerState): void => {
  const news = container.shown !== visible;
  container.shown = visible;
  if (!news || visible.kind !== 'terminated') return;
  state.lastReportAt = performance.now();
  container.timings = { ...container.timings, reportedAt: state.lastReportAt };
};

const write = (node: SimulatedNode, state: PodState, stateOf: (container: Container) => ContainerState): void => {
  const { namespace, name, uid } = state.ref;
  const before = node.writer.current(namespace, name, uid)?.status;
  if (before === undefined) return;
  const after = statusOf(state, before, stateOf);
  if (JSON.stringify(after) !== JSON.stringify(before)) node.writer.updateStatus(namespace, name, uid, (status) => statusOf(state, status, stateOf));
};

const statusOf = (state: PodState, before: JsonObject, stateOf: (container: Container) => ContainerState): JsonObject => {
  const generation = generationOf(state.pod);
  const facts = { generation, now: nowSeconds(), sandbox: state.sandboxReady && !state.ended, completed: state.completed };
  return {
    ...before,
    observedGeneration: generation,
    phase: phaseOf(state.containers, state.ended),
    conditions: conditionsOf(state.containers, before, facts),
    hostIP: before['hostIP'] ?? HOST_IP,
    hostIPs: before['hostIPs'] ?? [{ ip: HOST_IP }],
    podIP: state.podIP,
    podIPs: [{ ip: state.podIP }],
    startTime: before['startTime'] ?? facts.now,
    qosClass: before['qosClass'] ?? 'BestEffort',
    ...listsOf(state, stateOf),
  };
};

const listsOf = (state: PodState, stateOf: (container: Container) => ContainerState): JsonObject =>
  Object.fromEntries(
    LISTS.map((list) => [list.status, state.containers.filter((one) => one.spec.kind === list.kind)] as const)
      .filter(([, containers]) => containers.length > 0)
      .map(([key, containers]) => [key, sortedByName(containers.map((one) => containerStatus(one, stateOf(one)))).map((status) => objectAt({ status: { ...status } }, 'status'))]),
  );
