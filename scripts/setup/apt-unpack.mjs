import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APT_BOUNDS, aptEnvironment } from './apt-install.mjs';
import { additionsIn, planPackages, troubleIn } from './candidates.mjs';
import { findPrograms } from './find.mjs';
import { reasonOf, run } from './run.mjs';

const UPDATE_MS_MAX = 180_000;
const DOWNLOAD_MS_MAX = 300_000;
const UNPACK_MS_MAX = 60_000;

/** apt with lists and cache of its own, so that no right of root is needed; what is installed is read from the real status. */
const privateApt = (work) => [
  '-o', `Dir::State=${work}/state`, '-o', `Dir::Cache=${work}/cache`, '-o', 'Dir::State::status=/var/lib/dpkg/status',
  '-o', 'APT::Sandbox::User=', '-o', 'Debug::NoLocking=true', ...APT_BOUNDS,
];

const must = async (what, promise) => {
  const answer = await promise;
  if (answer.code !== 0) throw new Error(`${what}: ${reasonOf(answer)}`);
  return answer.stdout;
};

const download = async (apt, packages, work) => {
  const env = aptEnvironment();
  const simulated = await run('apt-get', [...apt, '-s', '--no-install-recommends', 'install', ...packages], { timeoutMs: UNPACK_MS_MAX, env });
  const names = [...new Set([...packages, ...additionsIn(simulated.stdout)])];
  await must('apt-get download', run('apt-get', [...apt, 'download', ...names], { timeoutMs: DOWNLOAD_MS_MAX, env, cwd: `${work}/packages` }));
  return (await readdir(`${work}/packages`)).map((file) => `${work}/packages/${file}`);
};

const wrapper = (path, root, libraries) => {
  const here = (absolute) => absolute.replaceAll(root, '$root');
  return `#!/bin/sh
root=\${0%/*}/../root
LD_LIBRARY_PATH="${here(libraries)}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "${here(path)}" "$@"
`;
};

/** `bin/` holds one small script a program, for a PATH: it sets the library path and becomes the program. */
const writeWrappers = async (found, into) => {
  for (const { path, env } of Object.values(found)) {
    if (!path.startsWith(`${into}/`)) continue;
    await mkdir(join(into, 'bin'), { recursive: true });
    const file = join(into, 'bin', path.slice(path.lastIndexOf('/') + 1));
    await writeFile(file, wrapper(path, join(into, 'root'), env.LD_LIBRARY_PATH));
    await chmod(file, 0o755);
  }
};

const fetchAndUnpack = async (missing, into, work) => {
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'packages']) await mkdir(join(work, folder), { recursive: true });
  const apt = privateApt(work);
  const updated = await run('apt-get', [...apt, 'update'], { timeoutMs: UPDATE_MS_MAX, env: aptEnvironment() });
  const plan = await planPackages(missing, apt, aptEnvironment(), troubleIn(updated));
  const files = plan.packages.length === 0 ? [] : await download(apt, plan.packages, work);
  for (const file of files) await must(`dpkg -x ${file}`, run('dpkg', ['-x', file, join(into, 'root')], { timeoutMs: UNPACK_MS_MAX }));
  await writeWrappers(await findPrograms(missing, into), into);
  return plan.refused;
};

/**
 * Without root on Debian or Ubuntu: the packages are unpacked below `into` (`root/`, and `bin/` to run them from).
 * Answers with the sentences of what could not be had; an empty object is success.
 */
export const aptUnpack = async (missing, into) => {
  const work = join(into, `work-${process.pid}`);
  try {
    await mkdir(work, { recursive: true });
    return await fetchAndUnpack(missing, into, work);
  } catch (error) {
    const repair = ['EACCES', 'EROFS', 'ENOSPC'].includes(error.code) ? '; name a folder you can write with --into DIR, and put DIR/bin on PATH' : '';
    return Object.fromEntries(missing.map((name) => [name, `${error.message}${repair}`]));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
