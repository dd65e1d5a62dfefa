/** A container's environment and argv: its own, PATH, HOSTNAME and the service links; nothing of this machine's. */
import type { Container } from './container.ts';
import { expand, expandEnv } from './expansion.ts';
import type { PodState, SimulatedNode } from './node.ts';
import type { ContainerSpec } from './spec.ts';

export const CONTAINER_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const SERVICE_LINKS: ReadonlyMap<string, string> = new Map([
  ['KUBERNETES_SERVICE_HOST', '10.96.0.1'], ['KUBERNETES_SERVICE_PORT', '443'], ['KUBERNETES_SERVICE_PORT_HTTPS', '443'],
  ['KUBERNETES_PORT', 'tcp://10.96.0.1:443'], ['KUBERNETES_PORT_443_TCP', 'tcp://10.96.0.1:443'],
  ['KUBERNETES_PORT_443_TCP_PROTO', 'tcp'], ['KUBERNETES_PORT_443_TCP_PORT', '443'], ['KUBERNETES_PORT_443_TCP_ADDR', '10.96.0.1'],
]);

export const environment = (node: SimulatedNode, state: PodState, container: Container): Readonly<Record<string, string>> => {
  const own = Object.fromEntries(expandEnv(container.spec.env, SERVICE_LINKS));
  // Without a root of its own, a container's PATH is the image's one directory.
  const path = node.isolated ? CONTAINER_PATH : `${container.image?.rootfs.root ?? ''}/bin`;
  return { PATH: path, HOSTNAME: state.ref.name, HOME: '/root', ...own };
};

/** Only declared variables and service links are expanded; PATH and HOSTNAME come from the runtime, later. */
export const argvOf = (spec: ContainerSpec, entrypoint: readonly string[] | undefined, env: Readonly<Record<string, string>>): readonly string[] => {
  const variables = new Map(Object.entries(env).filter(([name]) => spec.env.some((entry) => entry.name === name) || SERVICE_LINKS.has(name)));
  const command = spec.command.length > 0 ? spec.command : (entrypoint ?? (spec.args.length > 0 ? [] : ['sh']));
  return [...command, ...spec.args].map((text) => expand(text, variables));
};
