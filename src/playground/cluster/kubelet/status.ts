/** From containers to the JSON of `status.*ContainerStatuses`, as kubelet 1.36 writes it. Pure. */
import type { ContainerStatus, JsonObject } from '../ports.ts';
import type { Container, ContainerState } from './container.ts';

const stateJson = (state: ContainerState): JsonObject => {
  if (state.kind === 'running') return { running: { startedAt: state.startedAt } };
  if (state.kind === 'terminated') return { terminated: state.terminated };
  return { waiting: { reason: state.reason, ...(state.message === undefined ? {} : { message: state.message }) } };
};

const linuxUser = (uid: number): JsonObject => ({ linux: { uid, gid: uid, supplementalGroups: [uid] } });

/** What is known only once the runtime has the container. */
const created = (container: Container): JsonObject =>
  container.containerID === undefined
    ? {}
    : {
        containerID: container.containerID,
        ...(container.spec.kind === 'ephemeral' ? {} : { started: container.state.kind === 'running' }),
        resources: container.inherited['resources'] ?? {},
        user: container.inherited['user'] ?? linuxUser(container.uid),
      };

/** `state` may be an earlier one: a short run is shown as running first, as a real kubelet's two relists do. */
export const containerStatus = (container: Container, state: ContainerState = container.state): ContainerStatus => ({
  ...container.inherited,
  name: container.spec.name,
  state: stateJson(state),
  lastState: container.last === undefined ? {} : { terminated: container.last },
  ready: isReady(container, state),
  restartCount: container.restartCount,
  image: textOr(container.inherited['image'], (container.containerID === undefined ? undefined : container.image?.name) ?? container.spec.image),
  imageID: textOr(container.inherited['imageID'], (container.containerID === undefined ? undefined : container.image?.id) ?? ''),
  ...created(container),
});

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

const isReady = (container: Container, state: ContainerState): boolean => {
  if (container.spec.kind === 'ephemeral') return false;
  if (container.spec.kind === 'init') return state.kind === 'terminated' && state.terminated['exitCode'] === 0;
  return state.kind === 'running' && container.inherited['ready'] !== false;
};

/** The kubelet sorts ephemeral statuses by name, whatever the order of the spec. */
export const sortedByName = (statuses: readonly ContainerStatus[]): readonly ContainerStatus[] =>
  statuses.toSorted((one, other) => (one.name < other.name ? -1 : 1));
