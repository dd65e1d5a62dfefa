import { describe, expect, it } from 'vitest';
import { EPHEMERAL_CONTAINERS_MAX, EPHEMERAL_CONTAINERS_WARN } from '../../src/domain/limits.ts';
import type { ContainerName, Namespace, PodName, PodUid } from '../../src/domain/names.ts';
import { nodeAccessOf, podNotices, targetContainer, whyNotThisPod, type PodContainer, type PodFacts } from '../../src/domain/pod.ts';

const name = (text: string): ContainerName => text as ContainerName;
const container = (text: string, kind: PodContainer['kind'] = 'app', running = true): PodContainer => ({ name: name(text), kind, running });
const pod = (changed: Partial<PodFacts> = {}): PodFacts => ({
  namespace: 'prod' as Namespace, name: 'api-0' as PodName, uid: 'u' as PodUid, phase: 'Running', terminating: false, node: 'eu-3', mirror: false, hostPid: false, hostNetwork: false,
  shareProcessNamespace: false, containers: [container('proxy', 'sidecar'), container('api'), container('log')], ephemeralContainers: 0, labels: {}, ...changed,
});
const nowhere = (): PodFacts => {
  const { node: _node, ...rest } = pod();
  return rest;
};

describe('why not this pod', () => {
  const cases: readonly [string, PodFacts, string | undefined][] = [
    ['a running pod', pod(), undefined],
    ['a pending pod on its node', pod({ phase: 'Pending' }), undefined],
    ['a Linux pod', pod({ os: 'linux' }), undefined],
    ['a mirror pod', pod({ mirror: true }), 'mirror_pod'],
    ['a pod that succeeded', pod({ phase: 'Succeeded' }), 'pod_finished'],
    ['a pod that failed', pod({ phase: 'Failed' }), 'pod_finished'],
    ['a pod that is going', pod({ terminating: true }), 'pod_terminating'],
    ['a pod without a node', nowhere(), 'pod_not_scheduled'],
    ['a Windows pod', pod({ os: 'windows' }), 'windows_pod'],
    ['one debug container below the most', pod({ ephemeralContainers: EPHEMERAL_CONTAINERS_MAX - 1 }), undefined],
    ['the most debug containers', pod({ ephemeralContainers: EPHEMERAL_CONTAINERS_MAX }), 'too_many_containers'],
    ['several reasons: the first of the list is told', pod({ mirror: true, phase: 'Failed', os: 'windows' }), 'mirror_pod'],
  ];
  it.each(cases)('%s', (_name, facts, code) => { expect(whyNotThisPod(facts)?.code).toBe(code); });
  it('what reaches the node is told; whether it is refused is for the rules', () => { expect(whyNotThisPod(pod({ hostPid: true, hostNetwork: true }))).toBeUndefined(); });
});

it.each<readonly [string, Partial<PodFacts>, readonly string[]]>([
  ['nothing', {}, []], ['processes', { hostPid: true }, ["the node's processes"]], ['the network', { hostNetwork: true }, ["the node's network"]], ['IPC', { hostIpc: true }, ["the node's IPC namespace"]],
  ['a privileged container', { privileged: true }, ['a privileged container']], ['a namespace shared within the pod is none', { shareProcessNamespace: true }, []],
  ['all of it', { hostPid: true, hostNetwork: true, hostIpc: true, privileged: true }, ["the node's processes", "the node's network", "the node's IPC namespace", 'a privileged container']],
])('a pod reaches its node by %s', (_what, facts, access) => {
  expect(nodeAccessOf(pod(facts))).toEqual(access);
});

describe('the target container', () => {
  const cases: readonly [string, PodFacts, string | undefined, unknown][] = [
    ['the first app container by default', pod(), undefined, { container: 'api' }],
    ['kubectl\'s default where the pod names one', pod({ defaultContainer: name('log') }), undefined, { container: 'log' }],
    ['the one asked for', pod({ defaultContainer: name('log') }), 'proxy', { container: 'proxy' }],
    ['none, when asked for', pod(), 'none', { container: null }],
    ['one that is not there', pod(), 'db', { failure: { code: 'container_not_found', pod: 'api-0', container: 'db', containers: ['proxy', 'api', 'log'] } }],
    ['one asked for that does not run', pod({ containers: [container('api', 'app', false)] }), 'api', { failure: { code: 'target_not_running', pod: 'api-0', container: 'api' } }],
    ['the default does not run: none, and no other in its place', pod({ containers: [container('api', 'app', false), container('log')] }), undefined, { container: null }],
    ['no app container at all', pod({ containers: [container('init', 'init')] }), undefined, { container: null }],
    ['no container at all', pod({ containers: [] }), undefined, { container: null }],
    ['a name like a property of every object', pod(), 'constructor', { failure: { code: 'container_not_found', pod: 'api-0', container: 'constructor', containers: ['proxy', 'api', 'log'] } }],
  ];
  it.each(cases)('%s', (_name, facts, wanted, expected) => { expect(targetContainer(facts, wanted)).toEqual(expected); });
});

describe('what the card says of the pod', () => {
  const cases: readonly [string, PodFacts, ContainerName | null, RegExp | undefined][] = [
    ['nothing of an ordinary one', pod(), name('api'), undefined],
    ['one process namespace for all', pod({ shareProcessNamespace: true }), name('api'), /every process is visible/],
    ['the processes of the node', pod({ hostPid: true }), name('api'), /every process of the node/],
    ['the network of the node', pod({ hostNetwork: true }), name('api'), /network of its node/],
    ['the IPC namespace of the node', pod({ hostIpc: true }), name('api'), /IPC namespace of its node/],
    ['a privileged container', pod({ privileged: true }), name('api'), /privileged: it can do on the node/],
    ['no target', pod(), null, /no target/],
    ['many debug containers', pod({ ephemeralContainers: EPHEMERAL_CONTAINERS_WARN }), name('api'), /^20 debug containers/],
    ['one less is not many', pod({ ephemeralContainers: EPHEMERAL_CONTAINERS_WARN - 1 }), name('api'), undefined],
  ];
  it.each(cases)('%s', (_name, facts, target, sentence) => {
    const notices = podNotices(facts, target);
    expect(notices).toHaveLength(sentence ? 1 : 0);
    expect(notices.join('\n')).toMatch(sentence ?? /^$/);
  });

  const said: readonly [string, Partial<PodFacts>, Parameters<typeof podNotices>[2], RegExp | undefined][] = [
    ['a pod of a Job', { jobOwned: true, terminationGraceSeconds: 45 }, 'restricted', /^this pod belongs to a Job: .* up to 45 s later$/],
    ['a pod of a Job that says no grace', { jobOwned: true }, 'restricted', /up to 30 s later$/],
    ['a pod of something else with a grace', { terminationGraceSeconds: 45 }, 'restricted', undefined],
    ['guaranteed memory', { qosClass: 'Guaranteed' }, 'restricted', /^this pod has guaranteed memory: .* get the app killed$/],
    ['guaranteed memory with a limit', { qosClass: 'Guaranteed', containers: [{ ...container('api'), memoryLimit: '512Mi' }] }, 'restricted', /memory \(limit of api: 512Mi\)/],
    ['burstable memory with a limit', { qosClass: 'Burstable', containers: [{ ...container('api'), memoryLimit: '512Mi' }] }, 'restricted', undefined],
    ['general in a pod of another user', { runAsUser: 1_000 }, 'general', /SYS_PTRACE\) may not work$/],
    ['general in a pod that must not be root', { runAsNonRoot: true }, 'general', /may not work$/],
    ['general in a pod of root', { runAsUser: 0 }, 'general', undefined],
    ['general in a pod that says nothing', {}, 'general', undefined],
    ['netadmin in a pod of another user', { runAsUser: 1_000 }, 'netadmin', /with netadmin the command runs in it as root$/],
    ['sysadmin in a pod that must not be root', { runAsNonRoot: true }, 'sysadmin', /with sysadmin the command runs in it as root$/],
    ['restricted in a pod of another user', { runAsUser: 1_000 }, 'restricted', undefined],
    ['a profile that is not known yet', { runAsUser: 1_000 }, undefined, undefined],
  ];
  it.each(said)('%s', (_what, changed, profile, sentence) => {
    const notices = podNotices(pod(changed), name('api'), profile);
    expect(notices).toHaveLength(sentence ? 1 : 0);
    expect(notices.join('\n')).toMatch(sentence ?? /^$/);
  });
});
