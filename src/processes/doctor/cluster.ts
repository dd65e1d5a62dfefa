import { NEEDED_RIGHTS, openClusterCheck, type ClusterCheck, type Right } from '../../adapters/kubernetes/check.ts';
import type { Settings } from '../../config/settings.ts';
import type { ClusterName, Namespace } from '../../domain/names.ts';
import { parseNamespace } from '../../domain/names.ts';
import { failureInShort } from '../../domain/outcome.ts';
import { about, type About, type Finding } from '../../ops/findings.ts';

export interface ClusterAsked {
  readonly name: ClusterName;
  readonly version: string;
  readonly kubeconfig: string | undefined;
}

export const checkCluster = async ({ name, version, kubeconfig }: ClusterAsked, settings: Settings, asked: readonly Namespace[]): Promise<readonly Finding[]> => {
  const cluster = about(`cluster ${name}`);
  const context = settings.clusters.find((one) => one.name === name)?.context;
  try {
    const check = openClusterCheck({ name, userAgent: `kdebug/${version}`, ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) });
    try {
      return await look(check, cluster, settings, name, asked);
    } finally {
      await check.close();
    }
  } catch (error) {
    return [cluster.fail(error instanceof Error ? error.message : String(error))];
  }
};

const look = async (check: ClusterCheck, cluster: About, settings: Settings, name: ClusterName, asked: readonly Namespace[]): Promise<readonly Finding[]> => {
  const version = await check.version();
  if (typeof version !== 'string') return [cluster.fail(`it does not answer (${failureInShort(version)}): look at the kubeconfig and the network.`)];
  const namespaces = asked.length > 0 ? asked : namespacesNamed(settings, name);
  if (namespaces.length === 0) return [cluster.ok(`Kubernetes ${version} answers.`), cluster.notVerified('what kdebug may do there: name a namespace with --namespace.')];
  const found: Finding[] = [cluster.ok(`Kubernetes ${version} answers.`)];
  for (const namespace of namespaces) found.push(await rightsIn(check, cluster, rightsFor(settings, name), namespace), ...await guardIn(check, cluster, namespace));
  return found;
};

/** Those that the rules name without a pattern; a pattern may match any. */
const namespacesNamed = ({ policy }: Settings, name: ClusterName): readonly Namespace[] => {
  const here = policy.environments.filter(({ clusters }) => clusters.includes(name) || clusters.includes('*'));
  const texts = [...here.flatMap(({ namespaces }) => namespaces), ...policy.rules.flatMap((rule) => (rule.decide === 'refuse' ? [] : rule.when.namespaces ?? []))];
  return [...new Set(texts.flatMap((text) => parseNamespace(text) ?? []))];
};

const rightsFor = ({ clusters, identity }: Settings, name: ClusterName): readonly Right[] => [
  ...NEEDED_RIGHTS,
  ...(clusters.find((one) => one.name === name)?.cancel === 'exec' ? ['get', 'create'].map((verb) => ({ verb, resource: 'pods/exec', without: 'a run cannot be stopped, though kdebug.yaml says cancel: exec' })) : []),
  ...(identity.mode === 'review' ? [{ verb: 'create', resource: 'subjectaccessreviews.authorization.k8s.io', without: 'every run is refused, for identity.mode is review', isClusterWide: true } as const] : []),
];

const rightsIn = async (check: ClusterCheck, cluster: About, rights: readonly Right[], namespace: Namespace): Promise<Finding> => {
  const missing = await check.missing(namespace, rights);
  if ('code' in missing) return cluster.notVerified(`what kdebug may do in ${namespace} (${failureInShort(missing)}).`);
  if (missing.length === 0) return cluster.ok(`kdebug may do in ${namespace} what it is for.`);
  const words = missing.map(({ verb, resource, without }) => `${verb} ${resource} (${without})`);
  return cluster.fail(`kdebug may not do in ${namespace}: ${words.join(', ')}; bind the Role of deploy/ there.`);
};

const guardIn = async (check: ClusterCheck, cluster: About, namespace: Namespace): Promise<readonly Finding[]> => {
  const guarded = await check.guarded(namespace);
  switch (guarded) {
    case 'yes': return [cluster.ok(`admission in ${namespace} refuses an image that is in no catalogue.`)];
    case 'no': return [cluster.advice(`no admission policy in ${namespace} holds kdebug to its catalogue: apply what kdebug config guard prints.`)];
    case 'no pod': return [cluster.notVerified(`whether a guard stands before ${namespace}: there is no pod to try it on.`)];
    default: return [cluster.notVerified(`whether a guard stands before ${namespace} (${failureInShort(guarded)}).`)];
  }
};
