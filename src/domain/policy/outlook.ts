/** What the rules say of one person, place by place, before anything was asked: for `whoami` and the Home tab. */
import { parseNamespace, type ClusterName, type Namespace } from '../names.ts';
import { inEnvironment, matchesName } from './match.ts';
import { matchKnown, openKeys, type Known } from './reach.ts';
import type { Environment, Policy, Rule, When } from './rule.ts';

/** One rule that may decide there, and what a request must be for it to do so. */
export interface OutlookPath {
  readonly rule: Rule;
  /** Keys of the rule that only the request can answer; none: it decides whatever is asked. */
  readonly open: readonly (keyof When)[];
}

export interface Outlook {
  /** Name of the environment; null: everywhere else. */
  readonly environment: string | null;
  /** In the order of the rules, up to the first that decides whatever is asked; empty: refused. */
  readonly paths: readonly OutlookPath[];
}

/** A namespace that the pattern stands for. */
const standIn = (pattern: string): Namespace | undefined => parseNamespace(pattern.replaceAll('*', 'x').replaceAll(/^-+|-+$/g, ''));

const sampleOf = ({ clusters: patterns, namespaces }: Environment, clusters: readonly ClusterName[]): Pick<Known, 'cluster' | 'namespace'> | undefined => {
  const cluster = clusters.find((name) => patterns.some((pattern) => matchesName(pattern, name)));
  const [namespace] = [...namespaces.filter((pattern) => !pattern.includes('*')), ...namespaces].flatMap((pattern) => standIn(pattern) ?? []);
  return cluster === undefined || namespace === undefined ? undefined : { cluster, namespace };
};

const ELSEWHERE = ['elsewhere', 'x-elsewhere-x'] as const;

const elsewhereOf = (policy: Policy, [cluster]: readonly ClusterName[]): Pick<Known, 'cluster' | 'namespace'> | undefined => {
  if (cluster === undefined) return undefined;
  const names = policy.environments.map(({ name }) => name);
  const namespace = ELSEWHERE.flatMap((name) => parseNamespace(name) ?? []).find((name) => !inEnvironment(names, policy.environments, { cluster, namespace: name }));
  return namespace === undefined ? undefined : { cluster, namespace };
};

const pathsOf = (policy: Policy, known: Known): readonly OutlookPath[] => {
  const paths: OutlookPath[] = [];
  for (const rule of policy.rules) {
    const match = matchKnown(rule.when, policy, known);
    if (match !== 'no') paths.push({ rule, open: openKeys(rule.when, known) });
    if (match === 'yes') break;
  }
  return paths;
};

/** Each environment once, then everywhere else; the default cluster comes first in `clusters`. */
export const outlooksOf = (policy: Policy, clusters: readonly ClusterName[], known: Known): readonly Outlook[] => [
  ...policy.environments.map((environment) => ({ environment: environment.name, sample: sampleOf(environment, clusters) })),
  { environment: null, sample: elsewhereOf(policy, clusters) },
].flatMap(({ environment, sample }) => (sample === undefined ? [] : [{ environment, paths: pathsOf(policy, { ...known, ...sample }) }]));
