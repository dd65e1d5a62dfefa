import { spawn } from 'node:child_process';
import { holdNamespaces, isRootless, ROOTLESS, toolPath, type HeldNamespaces, type NamespaceKind } from './namespaces.ts';

const BOOTSTRAP_MS_MAX = 10_000;
const FLAGS: Readonly<Record<NamespaceKind, readonly string[]>> = { user: ROOTLESS, mnt: ['--mount'], net: ['--net'], uts: ['--uts'], ipc: ['--ipc'] };

let userNamespace: Promise<HeldNamespaces> | undefined;
/** Arguments of nsenter that make this user root in the process's one user namespace; none for root itself. */
export const enterUserNamespace = async (): Promise<readonly string[]> => {
  if (!isRootless()) return [];
  userNamespace ??= furnishNamespaces(['user'], '', []);
  return [`--user=${(await userNamespace).path('user')}`, '--preserve-credentials'];
};

/**
 * Makes new namespaces, lets a short shell script furnish them, and holds them. The script's process ends: open files
 * keep the namespaces. Throws a sentence with the script's own words when it fails or takes over 10 s.
 */
export const furnishNamespaces = async (
  kinds: readonly NamespaceKind[],
  script: string,
  args: readonly string[],
): Promise<HeldNamespaces> => {
  const user = kinds.includes('user') ? [] : await enterUserNamespace();
  const flags = kinds.flatMap((kind) => FLAGS[kind]);
  const body = `${script}\necho furnished; read -r _`;
  const unshare = [toolPath('unshare'), ...flags, '/bin/sh', '-ec', body, 'kubelet', ...args];
  const [file = '', ...rest] = user.length === 0 ? unshare : [toolPath('nsenter'), ...user, '--', ...unshare];
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), BOOTSTRAP_MS_MAX);
  try {
    await furnished(child);
    if (child.pid === undefined) throw new Error('the namespaces of a pod could not be made: no process');
    return holdNamespaces(child.pid, kinds);
  } finally {
    clearTimeout(timer);
    child.stdin.destroy();
    child.kill('SIGKILL');
  }
};

const furnished = (child: ReturnType<typeof spawn>): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string): void => reject(new Error(`the namespaces of a pod could not be furnished: ${why.trim()}`));
    child.once('error', (error) => fail(error.message));
    child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('furnished')) resolve();
    });
    child.once('close', (code) => fail(said === '' ? `its script ended with ${code}` : said));
  });
