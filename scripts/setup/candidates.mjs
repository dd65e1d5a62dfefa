import { isAtLeast, PROGRAMS, versionIn } from './programs.mjs';
import { run } from './run.mjs';

const POLICY_MS_MAX = 30_000;

/** What `apt-cache policy` would install: package name → version. Packages without a candidate are absent. */
export const candidatesIn = (policy) => {
  const blocks = policy.split(/^(?=\S)/m);
  const pairs = blocks.map((block) => [/^(\S+):$/m.exec(block)?.[1], /^ +Candidate: (\S+)$/m.exec(block)?.[1]]);
  return Object.fromEntries(pairs.filter(([name, version]) => name && version && version !== '(none)'));
};

/** The packages for one program: the first alternative that is offered and new enough, or why there is none. */
export const choosePackages = (name, candidates) => {
  const { packages, least } = PROGRAMS[name];
  const offered = packages.filter(([first]) => candidates[first] !== undefined);
  const chosen = offered.find(([first]) => least === undefined || isAtLeast(versionIn(candidates[first]), least));
  if (chosen) return { packages: chosen.filter((name_) => candidates[name_] !== undefined) };
  const seen = offered.map(([first]) => `${first} ${candidates[first]}`).join(', ');
  return { why: seen === '' ? `apt offers no ${packages.map(([first]) => first).join(' or ')}` : `apt offers only ${seen}, too old` };
};

/** For every missing program the packages that bring it, by apt's lists as `options` point at them. */
export const planPackages = async (missing, options, env) => {
  const names = [...new Set(missing.flatMap((name) => PROGRAMS[name].packages.flat()))];
  const policy = await run('apt-cache', [...options, 'policy', ...names], { timeoutMs: POLICY_MS_MAX, env });
  const candidates = candidatesIn(policy.stdout);
  const choices = missing.map((name) => [name, choosePackages(name, candidates)]);
  return {
    packages: [...new Set(choices.flatMap(([, choice]) => choice.packages ?? []))],
    refused: Object.fromEntries(choices.flatMap(([name, choice]) => (choice.why ? [[name, choice.why]] : []))),
  };
};
