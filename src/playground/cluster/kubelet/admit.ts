/** Takes the containers of the newest spec into memory; those a seed already reported as running become real now. */
import { createContainer, isRunning, type Container } from './container.ts';
import type { PodState, SimulatedNode } from './node.ts';
import { createSandbox } from './sandbox.ts';
import { containersOf, statusBefore } from './spec.ts';

/** Returns the containers that the status calls running though no process of ours stands behind them. */
export const admitContainers = (state: PodState): readonly Container[] => {
  const specs = containersOf(state.pod);
  const waitingReason = specs.some((spec) => spec.kind === 'init') ? 'PodInitializing' : 'ContainerCreating';
  const fresh = specs
    .filter((spec) => !state.containers.some((known) => known.spec.name === spec.name))
    .map((spec) => createContainer(spec, waitingReason, statusBefore(state.pod, spec.kind, spec.name)));
  state.containers.push(...fresh);
  return fresh.filter(isRunning);
};

/** A pod whose app was reported as waiting for its volumes never gets as far as its containers. */
export const waitsForVolumes = (state: PodState): boolean =>
  state.containers.some(
    (one) => one.spec.kind === 'app' && one.held && one.state.kind === 'waiting' && one.state.reason === 'ContainerCreating',
  );

export const ensureSandbox = async (node: SimulatedNode, state: PodState): Promise<void> => {
  if (node.isolated) {
    state.sandbox ??= createSandbox(state.ref.name, state.podIP, state.pod.spec['hostNetwork'] === true);
    await state.sandbox;
  }
  state.sandboxReady = true;
};
