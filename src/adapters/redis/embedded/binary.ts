import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** The oldest server that has every command we use (and the oldest that BullMQ recommends). */
export const SERVER_VERSION_LEAST = [6, 2] as const;

const VERSION_WITHIN_MS = 5_000;
const NAMES = ['valkey-server', 'redis-server'] as const;
// the PATH of a service often lacks Homebrew's folders
const USUAL_FOLDERS = ['/opt/homebrew/bin', '/usr/local/bin'] as const;
/** Where `npm run setup` puts programs that it had to unpack: the same place from src and from dist. */
const SETUP_FOLDER = resolve(import.meta.dirname, '../../../../node_modules/.cache/kdebug/debian/bin');

export interface ServerBinary {
  readonly path: string;
  readonly version: string;
}

export const isNewEnough = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = SERVER_VERSION_LEAST;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
};

const isExecutable = async (path: string): Promise<boolean> => access(path, constants.X_OK).then(() => true, () => false);

/** `Redis server v=7.0.15 sha=…`; undefined when it does not start or says something else. */
const versionOf = async (path: string): Promise<string | undefined> =>
  new Promise((answer) => {
    execFile(path, ['--version'], { timeout: VERSION_WITHIN_MS, killSignal: 'SIGKILL' }, (error, stdout) => {
      answer(error === null ? /v=(\d+\.\d+\.\d+)/.exec(stdout)?.[1] : undefined);
    });
  });

const foldersToSearch = (): readonly string[] => [
  ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder)), ...USUAL_FOLDERS, SETUP_FOLDER,
];

/**
 * The first valkey-server or redis-server of 6.2 or newer in `folders`; default: PATH, Homebrew's folders, and where
 * setup unpacks. Undefined when there is none.
 */
export const findServer = async (folders: readonly string[] = foldersToSearch()): Promise<ServerBinary | undefined> => {
  for (const path of new Set(folders.flatMap((folder) => NAMES.map((name) => join(folder, name))))) {
    const version = (await isExecutable(path)) ? await versionOf(path) : undefined;
    if (version !== undefined && isNewEnough(version)) return { path, version };
  }
  return undefined;
};
