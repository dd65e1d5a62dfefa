/** A pod's sandbox: its own network (lo with the pod's address), host name and IPC, or the machine's. */
import { furnishNamespaces } from './bootstrap.ts';
import { findProgram } from './namespaces.ts';

export interface Sandbox {
  /** Arguments of nsenter that put a process into the pod. */
  readonly enter: readonly string[];
  readonly release: () => void;
}

const SCRIPT = `
hostname "$1" 2>/dev/null || echo "$1" > /proc/sys/kernel/hostname
if [ -n "$3" ]; then "$3" link set lo up; "$3" addr add "$2/32" dev lo; fi
`;

export const HOST_SANDBOX: Sandbox = { enter: [], release: () => undefined };

/** Without `ip` (iproute2) the network is the pod's own but lo stays down. */
export const createSandbox = async (hostname: string, podIP: string, hostNetwork: boolean): Promise<Sandbox> => {
  const kinds = hostNetwork ? (['uts', 'ipc'] as const) : (['net', 'uts', 'ipc'] as const);
  const ip = hostNetwork ? '' : (findProgram('ip') ?? '');
  const held = await furnishNamespaces(kinds, SCRIPT, [hostname, podIP, ip]);
  return { enter: kinds.map((kind) => `--${kind}=${held.path(kind)}`), release: held.release };
};
