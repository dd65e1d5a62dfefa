/**
 * What this kernel and user may do with namespaces, asked once with the very tools that containers are started by
 * (util-linux). Without them containers are plain process groups: the tests that need more are skipped by name.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';

export type Availability = 'available' | `unavailable: ${string}`;

const PROBE_MS_MAX = 5_000;
const TOOLS = ['unshare', 'nsenter', 'setpriv'] as const;
export type Tool = (typeof TOOLS)[number];

/** The absolute path of a program on this machine, or undefined. */
export const findProgram = (name: string, directories: readonly string[] = []): string | undefined =>
  [...directories, ...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/bin', '/bin']
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => `${directory}/${name}`)
    .find((path) => existsSync(path));

export const toolPath = (tool: Tool): string => findProgram(tool) ?? `/usr/bin/${tool}`;

/** Without root, everything happens in a user namespace in which this user is root, where the kernel allows one. */
export const isRootless = (): boolean => process.getuid?.() !== 0;
export const ROOTLESS = ['--user', '--map-root-user'] as const;

const probe = (): Availability => {
  if (process.platform !== 'linux') return `unavailable: ${process.platform} has no PID namespaces`;
  const missing = TOOLS.filter((tool) => findProgram(tool) === undefined);
  if (missing.length > 0) return `unavailable: ${missing.join(', ')} of util-linux not found`;
  const flags = [...(isRootless() ? ROOTLESS : []), '--mount', '--pid', '--net', '--uts', '--ipc', '--fork', '--kill-child', '--mount-proc', 'true'];
  const tried = spawnSync(toolPath('unshare'), flags, { timeout: PROBE_MS_MAX, encoding: 'utf8' });
  const why = tried.error?.message ?? tried.stderr.trim();
  return tried.status === 0 ? 'available' : `unavailable: ${why === '' ? `unshare ended with ${tried.status}` : why}`;
};

let answer: Availability | undefined;
/** Whether containers get a PID namespace (and mounts, network, host name) of their own. The kernel is asked once. */
export const pidNamespaces = (): Availability => (answer ??= probe());

export type NamespaceKind = 'user' | 'mnt' | 'net' | 'uts' | 'ipc';

/** Namespaces kept alive by open files instead of by a process each; `path` is good for children of this process. */
export interface HeldNamespaces {
  readonly path: (kind: NamespaceKind) => string;
  readonly release: () => void;
}

export const holdNamespaces = (pid: number, kinds: readonly NamespaceKind[]): HeldNamespaces => {
  const files = new Map(kinds.map((kind) => [kind, openSync(`/proc/${pid}/ns/${kind}`, 'r')] as const));
  return {
    path: (kind) => `/proc/${process.pid}/fd/${files.get(kind)}`,
    release: () => {
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
};
