// `npm run setup`: makes sure that the programs exist which kdebug and its playground run, and says where they are.
//
//   node scripts/setup.mjs [--into DIR] [--without-root] [redis|ss|ip|ps|busybox …]
//
// Already there → says so, in a fraction of a second. As root on Debian or Ubuntu → apt-get install, no service started.
// Else → the same packages unpacked below node_modules/.cache/kdebug/debian (or DIR). On macOS → brew.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { aptInstall } from './setup/apt-install.mjs';
import { aptUnpack } from './setup/apt-unpack.mjs';
import { brewInstall } from './setup/brew.mjs';
import { findPrograms } from './setup/find.mjs';
import { PROGRAMS } from './setup/programs.mjs';

/** Where packages are unpacked; the embedded launcher and the simulated kubelet look there too. */
export const UNPACK_FOLDER = resolve(import.meta.dirname, '../node_modules/.cache/kdebug/debian');

/** Some programs could not be had: `found` holds the others, `missing` a reason for each. */
export class ProgramsMissingError extends Error {
  constructor(found, missing) {
    super(Object.entries(missing).map(([name, why]) => `${name} is missing: ${why}`).join('; '));
    this.name = 'ProgramsMissingError';
    this.found = found;
    this.missing = missing;
  }
}

const hasApt = () => existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg');

const elsewhere = (missing) => Object.fromEntries(missing.map((name) => [
  name, `this system has neither apt-get nor brew: install ${PROGRAMS[name].binaries.join(' or ')} with its package manager`,
]));

/** Tries the roads that this machine has, in order, until nothing is missing; answers with what the last one said. */
const install = async (missing, { into, withoutRoot }) => {
  if (process.platform === 'darwin') return brewInstall(missing);
  if (!hasApt()) return elsewhere(missing);
  if (withoutRoot || process.getuid?.() !== 0) return aptUnpack(missing, into);
  const why = await aptInstall(missing);
  const found = await findPrograms(missing, into);
  const still = missing.filter((name) => found[name] === undefined);
  return still.length === 0 ? {} : { ...why, ...(await aptUnpack(still, into)) };
};

/**
 * Finds or brings the programs named in `wanted` and answers with where each is and the environment it needs.
 * Throws ProgramsMissingError when some cannot be had. Bounded: at most about 15 minutes on the slowest road.
 */
export const ensurePrograms = async (wanted, { into = UNPACK_FOLDER, withoutRoot = false } = {}) => {
  const unknown = wanted.find((name) => !Object.hasOwn(PROGRAMS, name));
  if (unknown !== undefined) throw new Error(`${unknown} is not one of the programs: ${Object.keys(PROGRAMS).join(', ')}`);
  const before = await findPrograms(wanted, into);
  const missing = wanted.filter((name) => before[name] === undefined);
  if (missing.length === 0) return before;
  const why = await install(missing, { into, withoutRoot });
  const found = await findPrograms(wanted, into);
  const still = wanted.filter((name) => found[name] === undefined);
  if (still.length === 0) return found;
  throw new ProgramsMissingError(found, Object.fromEntries(still.map((name) => [name, why[name] ?? 'it was installed, but does not start here'])));
};

export { findPrograms };

const line = (name, found, missing) => (found[name] ? `${name}: ${found[name].path}` : `${name}: missing (${missing[name]})`);

const main = async (args) => {
  const options = { into: { type: 'string' }, 'without-root': { type: 'boolean' } };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const wanted = positionals.length > 0 ? positionals : Object.keys(PROGRAMS);
  const into = values.into === undefined ? UNPACK_FOLDER : resolve(values.into);
  const result = await ensurePrograms(wanted, { into, withoutRoot: values['without-root'] ?? false })
    .then((found) => ({ found, missing: {} }), (error) => {
      if (!(error instanceof ProgramsMissingError)) throw error;
      return error;
    });
  process.stdout.write(`${wanted.map((name) => line(name, result.found, result.missing)).join('\n')}\n`);
  return Object.keys(result.missing).length === 0 ? 0 : 1;
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`setup: ${error.message}\n`);
    return 1;
  });
}
