import { parseContainerName, parseNamespace, parsePodName, parsePodUid } from '../../domain/names.ts';
import type { PodContainer, PodFacts } from '../../domain/pod.ts';
import { at, listAt, named, numberAt, textAt, textsAt, type Json } from './json.ts';
import { sentence } from './sentence.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** What a plan needs of a pod; undefined when the answer is no pod (no uid, a name that cannot be one). */
export const podFacts = (pod: Json): PodFacts | undefined => {
  const [namespace, name, uid] = [parseNamespace(at(pod, 'metadata', 'namespace')), parsePodName(at(pod, 'metadata', 'name')), parsePodUid(at(pod, 'metadata', 'uid'))];
  if (namespace === undefined || name === undefined || uid === undefined) return undefined;
  const annotations = textsAt(pod, 'metadata', 'annotations');
  const containers = containersOf(pod);
  return {
    namespace, name, uid,
    phase: textAt(pod, 'status', 'phase') ?? 'Unknown',
    terminating: at(pod, 'metadata', 'deletionTimestamp') !== undefined,
    mirror: Object.hasOwn(annotations, MIRROR),
    hostPid: at(pod, 'spec', 'hostPID') === true,
    hostNetwork: at(pod, 'spec', 'hostNetwork') === true,
    shareProcessNamespace: at(pod, 'spec', 'shareProcessNamespace') === true,
    containers,
    ephemeralContainers: listAt(pod, 'spec', 'ephemeralContainers').length,
    labels: textsAt(pod, 'metadata', 'labels'),
    ...present({
      node: textAt(pod, 'spec', 'nodeName'), os: textAt(pod, 'spec', 'os', 'name'),
      serviceAccount: textAt(pod, 'spec', 'serviceAccountName'), owner: ownerOf(pod),
      defaultContainer: containers.find((one) => one.name === annotations[DEFAULT_CONTAINER])?.name,
      jobOwned: ownerOf(pod)?.startsWith('Job/') || undefined, terminationGraceSeconds: numberAt(pod, 'spec', 'terminationGracePeriodSeconds'),
      qosClass: textAt(pod, 'status', 'qosClass'), runAsUser: numberAt(pod, 'spec', 'securityContext', 'runAsUser'),
      runAsNonRoot: at(pod, 'spec', 'securityContext', 'runAsNonRoot') === true || undefined,
      hostIpc: at(pod, 'spec', 'hostIPC') === true || undefined, privileged: isPrivileged(pod) || undefined,
    }),
  };
};

type Optional = Partial<Pick<
  PodFacts, 'node' | 'os' | 'serviceAccount' | 'owner' | 'defaultContainer' | 'jobOwned' | 'terminationGraceSeconds' | 'qosClass' | 'runAsUser' | 'runAsNonRoot' | 'hostIpc' | 'privileged'
>>;

const present = (fields: { readonly [Key in keyof Optional]: Optional[Key] | undefined }): Optional =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));

/** What ended before the others began reaches nothing any more. */
const hasEnded = (pod: Json, init: Json): boolean =>
  at(named(listAt(pod, 'status', 'initContainerStatuses'), textAt(init, 'name') ?? ''), 'state', 'terminated') !== undefined;

const isPrivileged = (pod: Json): boolean =>
  [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers').filter((one) => !hasEnded(pod, one))].some((one) => at(one, 'securityContext', 'privileged') === true);

const containersOf = (pod: Json): readonly PodContainer[] => [
  ...listAt(pod, 'spec', 'containers').flatMap((one) => containerOf(one, 'app', listAt(pod, 'status', 'containerStatuses'))),
  // An init container that restarts is a sidecar: it runs beside the others.
  ...listAt(pod, 'spec', 'initContainers').flatMap((one) =>
    containerOf(one, textAt(one, 'restartPolicy') === 'Always' ? 'sidecar' : 'init', listAt(pod, 'status', 'initContainerStatuses'))),
];

const containerOf = (spec: Json, kind: PodContainer['kind'], statuses: readonly Json[]): readonly PodContainer[] => {
  const name = parseContainerName(at(spec, 'name'));
  if (name === undefined) return [];
  const memoryLimit = textAt(spec, 'resources', 'limits', 'memory');
  return [{ name, kind, running: at(named(statuses, name), 'state', 'running') !== undefined, ...(memoryLimit !== undefined && { memoryLimit: sentence(memoryLimit) }) }];
};

const ownerOf = (pod: Json): string | undefined => {
  const owner = listAt(pod, 'metadata', 'ownerReferences').find((one) => at(one, 'controller') === true);
  const [kind, name] = [textAt(owner, 'kind'), textAt(owner, 'name')];
  return kind === undefined || name === undefined ? undefined : `${kind}/${name}`;
};
