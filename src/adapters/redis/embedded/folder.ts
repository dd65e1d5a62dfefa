import { chmod, lstat, mkdir, mkdtemp, readlink, realpath, rename, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// sun_path holds 108 bytes on Linux, 104 on macOS, the closing zero included
const SOCKET_PATH_BYTES_MAX = 100;
const SOCKET = 'redis.sock';
const SOCKET_FOLDER_LINK = 'socket';
const PRIVATE = 0o700;

const isShortEnough = (path: string): boolean => Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX;

/** A folder of ours that nobody else can enter: the socket in it has no password. */
const isPrivate = async (folder: string): Promise<boolean> => {
  const found = await lstat(folder).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
};

/** Makes `stateDir/redis` with mode 0700 and answers its real path. Throws a sentence when it is not ours alone. */
export const prepareFolder = async (stateDir: string): Promise<string> => {
  const wanted = join(stateDir, 'redis');
  await mkdir(wanted, { recursive: true, mode: PRIVATE });
  const folder = await realpath(wanted);
  await chmod(folder, PRIVATE).catch(() => undefined);
  if (await isPrivate(folder)) return folder;
  throw new Error(`${folder} must belong to the user who runs kdebug, with mode 0700: give it to that user, or set KDEBUG_STATE_DIR to another folder.`);
};

const linkedFolder = async (folder: string): Promise<string | undefined> => {
  const target = await readlink(join(folder, SOCKET_FOLDER_LINK)).catch(() => undefined);
  return target !== undefined && (await isPrivate(target)) ? target : undefined;
};

/** The socket's path as it is now; undefined while no short folder has been made for a long one. */
export const socketIn = async (folder: string): Promise<string | undefined> => {
  const direct = join(folder, SOCKET);
  if (isShortEnough(direct)) return direct;
  const linked = await linkedFolder(folder);
  return linked === undefined ? undefined : join(linked, SOCKET);
};

const makeShortFolder = async (): Promise<string> => {
  const parent = [tmpdir(), '/tmp'].find((candidate) => isShortEnough(join(candidate, 'kdebug-XXXXXX', SOCKET)));
  if (parent === undefined) throw new Error(`${tmpdir()} is too long for a Unix socket (${SOCKET_PATH_BYTES_MAX} bytes at most): set KDEBUG_STATE_DIR to a shorter path.`);
  return mkdtemp(join(parent, 'kdebug-'));
};

/**
 * The socket's path, made usable: where it would pass the system's limit it lies in a short folder of the temp dir, and
 * the link `socket` in `folder` tells every other process which. Only the holder of the lock may call this.
 */
export const makeSocketPath = async (folder: string): Promise<string> => {
  const existing = await socketIn(folder);
  if (existing !== undefined) return existing;
  const short = await makeShortFolder();
  const link = join(folder, SOCKET_FOLDER_LINK);
  await symlink(short, `${link}.new`);
  await rename(`${link}.new`, link);
  return join(short, SOCKET);
};
