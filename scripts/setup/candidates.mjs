import { isAtLeast, PROGRAMS, versionIn } from './programs.mjs';
import { reasonOf, run } from './run.mjs';

const POLICY_MS_MAX = 30_000;

/** What `apt-cache policy` would install: package name → version. Packages without a candidate are absent. */
export const candidatesIn = (policy) => {
  const blocks = policy.split(/^(?=\S)/m);
  const pairs = blocks.map((block) => [/^(\S+):$/m.exec(block)?.[1], /^ +Candidate: (\S+)$/m.exec(block)?.[1]]);
  return Object.fromEntries(pairs.filter(([name, version]) => name && version && version !== '(none)'));
};

/** The names in `Inst libjemalloc2 (5.3.0-1 …)` lines: what an installation would add to this machine. */
export const additionsIn = (simulation) => [...simulation.matchAll(/^Inst (\S+) /gm)].map(([, name]) => name);

/** The packages for one program: the first alternative that is offered and new enough, or why there is none. */
export const choosePackages = (name, candidates) => {
  const { packages, least } = PROGRAMS[name];
  const offered = packages.filter(([first]) => candidates[first] !== undefined);
  const chosen = offered.find(([first]) => least === undefined || isAtLeast(versionIn(candidates[first]), least));
  if (chosen) return { packages: chosen.filter((name_) => candidates[name_] !== undefined) };
  const seen = offered.map(([first]) => `${first} ${candidates[first]}`).join(', ');
  return { why: seen === '' ? `apt offers no ${packages.map(([first]) => first).join(' or ')}` : `apt offers only ${seen}, too old` };
};

/** What an `apt-get update` that counts as successful could not fetch, as the end of a sentence. */
export const troubleIn = ({ code, stderr }) => {
  const trouble = /^[EW]: ((?:Failed to fetch|Some index files|The repository).*)$/m.exec(stderr)?.[1];
  return trouble ?? (code === 0 ? undefined : reasonOf({ code, stderr, stdout: '' }));
};

/**
 * For every missing program the packages that bring it, by apt's lists as `options` point at them; `trouble` is what
 * their last update met, and ends the sentence about a package that is not offered.
 */
export const planPackages = async (missing, options, env, trouble) => {
  const names = [...new Set(missing.flatMap((name) => PROGRAMS[name].packages.flat()))];
  const policy = await run('apt-cache', [...options, 'policy', ...names], { timeoutMs: POLICY_MS_MAX, env });
  const candidates = candidatesIn(policy.stdout);
  const choices = missing.map((name) => [name, choosePackages(name, candidates)]);
  const after = trouble === undefined ? '' : ` (apt-get update: ${trouble})`;
  return {
    packages: [...new Set(choices.flatMap(([, choice]) => choice.packages ?? []))],
    refused: Object.fromEntries(choices.flatMap(([name, choice]) => (choice.why ? [[name, `${choice.why}${after}`]] : []))),
  };
};
