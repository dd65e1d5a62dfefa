/**
 * An image on this machine: a directory with the image's programs and nothing else. With namespaces it becomes the
 * read-only root of every container of the image (the machine's libraries and five device files are bound into it);
 * without, its `bin` is all that PATH holds.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, linkSync, lstatSync, mkdirSync, readlinkSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { enterUserNamespace, furnishNamespaces } from './bootstrap.ts';
import type { Image, Program } from './image-table.ts';
import { findProgram, toolPath } from './namespaces.ts';

export interface Rootfs {
  readonly root: string;
  /** Arguments of nsenter that make the furnished root visible; empty without namespaces. */
  readonly enter: readonly string[];
  /** The program's path inside the image when the container may start it. */
  readonly resolve: (name: string, pathVariable: string) => string | undefined;
  /** Programs the image should have and this machine lacks, by name. */
  readonly missing: readonly string[];
  readonly release: () => void;
}

/** Where setpriv lies in every root: the last step of a start, not a program of the image. */
export const LAUNCHER = '/.kubelet/setpriv';
const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\nnonroot:x:65532:65532:nonroot:/:/bin/false\n';
const DEVICES = 'null zero full random urandom';
const APPLETS_MS_MAX = 5_000;

const MOUNTS = `
R=$1; mount --bind "$R" "$R"; mount --bind /usr/lib "$R/usr/lib"
for d in /lib /lib32 /lib64 /usr/lib32 /usr/lib64; do
  if [ -d "$d" ] && [ ! -L "$d" ] && [ -d "$R$d" ]; then mount --bind "$d" "$R$d"; mount -o remount,bind,ro "$R$d"; fi
done
mount -o remount,bind,ro "$R/usr/lib"; mount -t tmpfs -o size=64k,mode=755 tmpfs "$R/dev"
for d in ${DEVICES}; do : > "$R/dev/$d"; mount --bind "/dev/$d" "$R/dev/$d"; done
for l in fd:/proc/self/fd stdin:/proc/self/fd/0 stdout:/proc/self/fd/1 stderr:/proc/self/fd/2; do ln -s "\${l#*:}" "$R/dev/\${l%%:*}"; done
mount -t tmpfs -o size=16m,mode=1777 tmpfs "$R/tmp"; mount -o remount,bind,ro "$R"
`;

export interface RootfsPlace {
  readonly root: string;
  readonly isolated: boolean;
  /** Searched before PATH: programs unpacked without root, for one. */
  readonly searchDirectories: readonly string[];
}

export const buildRootfs = async (image: Image, place: RootfsPlace): Promise<Rootfs> => {
  const { root, isolated } = place;
  for (const directory of ['bin', 'proc', 'dev', 'tmp', 'etc', 'root', 'sys', 'usr/lib', '.kubelet']) mkdirSync(`${root}/${directory}`, { recursive: true });
  const missing = installPrograms(image, place);
  if (!isolated) return { root, enter: [], missing, resolve: resolver(root), release: () => undefined };
  mirrorLibraries(root);
  writeFileSync(`${root}/etc/passwd`, PASSWD);
  writeFileSync(`${root}/etc/group`, 'root:x:0:\nnogroup:x:65534:\nnonroot:x:65532:\n');
  writeFileSync(`${root}/etc/hosts`, '127.0.0.1\tlocalhost\n::1\tlocalhost\n');
  copyFileSync(toolPath('setpriv'), `${root}${LAUNCHER}`);
  const held = await furnishNamespaces(['mnt'], MOUNTS, [root]);
  return { root, enter: [...(await enterUserNamespace()), `--mount=${held.path('mnt')}`], missing, resolve: resolver(root), release: held.release };
};

const installPrograms = (image: Image, place: RootfsPlace): readonly string[] => {
  const busybox = image.shell === 'busybox' ? findProgram('busybox', place.searchDirectories) : undefined;
  if (busybox !== undefined) installBusybox(busybox, place.root);
  const absent = image.programs.filter((program) => !installProgram(program, place)).map((program) => program.name);
  return image.shell === 'busybox' && busybox === undefined ? ['busybox', ...absent] : absent;
};

const installProgram = (program: Program, { root, isolated, searchDirectories }: RootfsPlace): boolean => {
  const source = program.path ?? findProgram(program.name, searchDirectories);
  if (source === undefined || !existsSync(source)) return false;
  if (isolated) linkOrCopy(source, `${root}/bin/${program.name}`);
  else symlinkSync(source, `${root}/bin/${program.name}`);
  return true;
};

/** A hard link costs nothing; across file systems, or where the kernel forbids it, a copy does as well. */
const linkOrCopy = (source: string, destination: string): void => {
  try {
    linkSync(realpathSync(source), destination);
  } catch {
    copyFileSync(source, destination, constants.COPYFILE_FICLONE);
  }
};

const installBusybox = (busybox: string, root: string): void => {
  copyFileSync(busybox, `${root}/bin/busybox`);
  const listed = spawnSync(busybox, ['--list'], { encoding: 'utf8', timeout: APPLETS_MS_MAX });
  for (const applet of listed.stdout.split('\n').filter((name) => /^[\w[-]+$/.test(name) && name !== 'busybox')) {
    symlinkSync('busybox', `${root}/bin/${applet}`);
  }
};

/** The dynamic linker and libraries lie where this machine has them, as links or as directories to bind over. */
const mirrorLibraries = (root: string): void => {
  for (const directory of ['/usr/lib32', '/usr/lib64', '/lib', '/lib32', '/lib64']) {
    if (!existsSync(directory)) continue;
    if (lstatSync(directory).isSymbolicLink()) symlinkSync(readlinkSync(directory), `${root}${directory}`);
    else mkdirSync(`${root}${directory}`, { recursive: true });
  }
  symlinkSync('../bin', `${root}/usr/bin`);
  symlinkSync('bin', `${root}/sbin`);
  if (existsSync('/etc/ld.so.cache')) copyFileSync('/etc/ld.so.cache', `${root}/etc/ld.so.cache`);
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return !lstatSync(path).isDirectory();
  } catch {
    return false;
  }
};

const resolver = (root: string) => (name: string, pathVariable: string): string | undefined => {
  const candidates = name.includes('/') ? [name] : pathVariable.split(':').map((directory) => `${directory}/${name}`);
  return candidates.find((path) => !path.split('/').includes('..') && isExecutable(`${root}${path.startsWith('/') ? '' : '/'}${path}`));
};
