import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { isAtLeast, PROGRAMS, versionIn } from './programs.mjs';
import { run } from './run.mjs';

const PROBE_MS_MAX = 5_000;

// A user's PATH often lacks sbin, where Debian keeps `ip`, and a service's PATH lacks Homebrew's folders.
const OTHER_FOLDERS = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

const foldersOfPath = () => (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));

const subfolders = async (folder) => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
};

/** What unpacked programs need to find their libraries: those of /lib and /usr/lib with their processor's subfolders. */
export const libraryPath = async (root) => {
  const libraries = [join(root, 'usr/lib'), join(root, 'lib')];
  const nested = await Promise.all(libraries.map(subfolders));
  return [...nested.flat().filter((folder) => folder.includes('-linux-gnu')), ...libraries].join(':');
};

const places = async (into) => {
  const root = join(into, 'root');
  const env = { LD_LIBRARY_PATH: await libraryPath(root) };
  const system = [...new Set([...foldersOfPath(), ...OTHER_FOLDERS])].map((folder) => ({ folder, env: {} }));
  return [...system, ...['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((folder) => ({ folder: join(root, folder), env }))];
};

const isExecutable = (path) => access(path, constants.X_OK).then(() => true, () => false);

/** True when the program starts on this machine and is new enough. */
const isFit = async ({ probe, least }, path, env) => {
  const answer = await run(path, probe, { timeoutMs: PROBE_MS_MAX, env: { ...process.env, ...env } });
  return answer.code === 0 && (least === undefined || isAtLeast(versionIn(answer.stdout), least));
};

const findOne = async (program, everywhere) => {
  for (const { folder, env } of everywhere) {
    for (const binary of program.binaries) {
      const path = join(folder, binary);
      if ((await isExecutable(path)) && (await isFit(program, path, env))) return { path, env };
    }
  }
  return undefined;
};

/** Which of `wanted` are here already: on PATH, in the usual folders, or unpacked in `into`. Changes nothing. */
export const findPrograms = async (wanted, into) => {
  const everywhere = await places(into);
  const pairs = await Promise.all(wanted.map(async (name) => [name, await findOne(PROGRAMS[name], everywhere)]));
  return Object.fromEntries(pairs.filter(([, found]) => found !== undefined));
};
