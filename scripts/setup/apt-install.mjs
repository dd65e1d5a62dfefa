import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { planPackages, troubleIn } from './candidates.mjs';
import { PROGRAMS } from './programs.mjs';
import { reasonOf, run } from './run.mjs';

const UPDATE_MS_MAX = 120_000;
const INSTALL_MS_MAX = 300_000;
const SERVICE_MS_MAX = 20_000;

export const APT_BOUNDS = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::https::Timeout=20'];
const INSTALL = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=60', '-o', 'Dpkg::Use-Pty=0'];

export const aptEnvironment = () => ({ ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' });

const POLICY_FILE = '/usr/sbin/policy-rc.d';
// Debian asks this file before it starts a service that was just installed; 101 means no. Only ours are refused, so
// that a file left behind by a power cut does no harm to anything else.
const POLICY = `#!/bin/sh
# written by kdebug's setup for the time of one installation; safe to remove
case "$1" in redis*|valkey*) exit 101 ;; esac
exit 0
`;

const isOurs = () => existsSync(POLICY_FILE) && readFileSync(POLICY_FILE, 'utf8') === POLICY;

/** Installing redis on Debian starts it on port 6379 at once; a developer asked for a program, not for a service. */
const withoutServices = async (install) => {
  if (existsSync(POLICY_FILE) && !isOurs()) return install();
  const remove = () => rmSync(POLICY_FILE, { force: true });
  const leave = () => { remove(); process.exit(130); };
  writeFileSync(POLICY_FILE, POLICY, { mode: 0o755 });
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    return await install();
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    remove();
  }
};

const keepOffAtBoot = async (missing, packages) => {
  if (!existsSync('/run/systemd/system')) return;
  const units = missing.flatMap((name) => PROGRAMS[name].units ?? []).filter((unit) => packages.includes(unit));
  for (const unit of units) await run('systemctl', ['disable', '--now', unit], { timeoutMs: SERVICE_MS_MAX });
};

const update = () => run('apt-get', [...APT_BOUNDS, 'update'], { timeoutMs: UPDATE_MS_MAX, env: aptEnvironment() });

const install = (packages) => withoutServices(() =>
  run('apt-get', [...APT_BOUNDS, ...INSTALL, ...packages], { timeoutMs: INSTALL_MS_MAX, env: aptEnvironment() }));

/** As root on Debian or Ubuntu. Answers with the sentences of what could not be installed; an empty object is success. */
export const aptInstall = async (missing) => {
  let plan = await planPackages(missing, [], aptEnvironment());
  let updated = false;
  const refresh = async () => {
    const trouble = troubleIn(await update());
    updated = true;
    plan = await planPackages(missing, [], aptEnvironment(), trouble);
  };
  if (Object.keys(plan.refused).length > 0) await refresh();
  if (plan.packages.length === 0) return plan.refused;
  let answer = await install(plan.packages);
  if (answer.code !== 0 && !updated) {
    // Lists that are some weeks old name files which the mirrors have since replaced.
    await refresh();
    answer = await install(plan.packages);
  }
  if (answer.code === 0) await keepOffAtBoot(missing, plan.packages);
  const why = answer.code === 0 ? {} : Object.fromEntries(missing.map((name) => [name, `apt-get install: ${reasonOf(answer)}`]));
  return { ...why, ...plan.refused };
};
