/** How a pod ends: by itself (a Job's), or because it was deleted. */
import { admitContainers } from './admit.ts';
import { isTerminated } from './container.ts';
import { isGone, type PodState, type SimulatedNode } from './node.ts';
import { report } from './report.ts';
import { graceSecondsOf } from './spec.ts';
import { discardPod, stopContainers } from './stop.ts';

/** A Job's pod whose apps ended: what else runs is stopped with the pod's grace period, then the phase is told. */
export const complete = async (node: SimulatedNode, state: PodState): Promise<void> => {
  state.stopping = true;
  await stopContainers(node, state, node.pace.graceMs(graceSecondsOf(state.pod)));
  [state.ended, state.firstReportAt] = [true, 0];
  report(node, state);
};

/** The end of a deletion: whatever runs is stopped, the last statuses are told, the pod is removed. */
export const terminate = async (node: SimulatedNode, state: PodState, onGone: () => void): Promise<void> => {
  admitContainers(state);
  settleFailedStarts(state);
  report(node, state);
  state.stopping = true;
  await stopContainers(node, state, node.pace.graceMs(graceSecondsOf(state.pod)));
  [state.completed, state.ended, state.firstReportAt] = [true, true, 0];
  report(node, state);
  if (isGone(state)) return;
  state.abort.abort();
  await discardPod(state);
  onGone();
  node.writer.remove(state.ref.namespace, state.ref.name, state.ref.uid);
};

/** The kubelet's memory of why a start failed is gone (deletion, restart): the runtime's record is told as it is. */
export const settleFailedStarts = (state: PodState): void => {
  for (const one of state.containers) {
    if (one.startFailed && one.last !== undefined && !isTerminated(one)) one.state = { kind: 'terminated', terminated: one.last };
  }
};
