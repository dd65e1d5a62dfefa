/** `exec` into a running container: the image's programs, in the container's namespaces, with its environment. */
import { PassThrough } from 'node:stream';
import type { ExecSession, Pod } from '../ports.ts';
import { boundingSet } from './capabilities.ts';
import { newContainerId, type Container } from './container.ts';
import { killSession, launchProcess, type StartedProcess } from './launch.ts';
import type { SimulatedNode } from './node.ts';
import { containerOf, type PodWorker } from './pod-worker.ts';
import { HOST_SANDBOX } from './sandbox.ts';

type ExecAnswer = ExecSession | { readonly status: 400 | 404 | 500; readonly message: string };
/** An exec the client has forgotten does not stay for ever. */
export const EXEC_MS_MAX = 60_000;

export const execIn = (node: SimulatedNode, worker: PodWorker | undefined, pod: Pod, name: string, argv: readonly string[]): ExecAnswer => {
  const container = containerOf(worker, name);
  if (worker === undefined || container === undefined) return { status: 400, message: `container ${name} is not valid for pod ${pod.metadata.name}` };
  if (node.silent) return { status: 500, message: 'error dialing backend: dial tcp 10.99.0.1:10250: i/o timeout' };
  if (container.process === undefined) return { status: 500, message: `container not found ("${name}")` };
  const path = node.isolated ? (container.env['PATH'] ?? '') : '/bin';
  const known = argv[0] !== undefined && container.image?.rootfs.resolve(argv[0], path) !== undefined;
  return known ? openSession(node, worker, container, argv) : { status: 500, message: notFound(argv[0] ?? '') };
};

const notFound = (program: string): string =>
  `failed to exec in container: failed to start exec "${newContainerId()}": OCI runtime exec failed: exec failed: ` +
  `unable to start container process: exec: "${program}": executable file not found in $PATH`;

const openSession = (node: SimulatedNode, worker: PodWorker, container: Container, argv: readonly string[]): ExecSession => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let killed = false;
  const started = enter(node, worker, container, argv);
  const kill = (): void => {
    killed = true;
    void started.then((process) => process?.signal('SIGKILL'));
  };
  const exit = started.then(async (process) => {
    if (process === undefined) return closeEmpty(stdout, stderr);
    if (killed) await process.signal('SIGKILL');
    return pump(process, stdout, stderr, kill);
  });
  return { stdout, stderr, exit, kill };
};

/** The container ended before the exec could enter it. */
const closeEmpty = (stdout: PassThrough, stderr: PassThrough): number => {
  stdout.end();
  stderr.end();
  return 137;
};

const enter = async (node: SimulatedNode, worker: PodWorker, container: Container, argv: readonly string[]): Promise<StartedProcess | undefined> => {
  const joinPid = await container.process?.firstPid();
  const { image } = container;
  if (joinPid === undefined || image === undefined) return undefined;
  return launchProcess({
    argv,
    env: container.env,
    cwd: container.spec.workingDir ?? '/',
    uid: container.uid,
    bounding: boundingSet(container.spec.securityContext),
    rootfs: image.rootfs,
    sandbox: (await worker.state.sandbox) ?? HOST_SANDBOX,
    isolated: node.isolated,
    joinPid,
    output: 'two pipes',
  });
};

const pump = async (process: StartedProcess, stdout: PassThrough, stderr: PassThrough, kill: () => void): Promise<number> => {
  process.child.stdout?.pipe(stdout);
  process.child.stderr?.pipe(stderr);
  const timer = setTimeout(kill, EXEC_MS_MAX);
  const { exitCode } = await process.exit;
  clearTimeout(timer);
  if (process.child.pid !== undefined) killSession(process.child.pid);
  return exitCode;
};
