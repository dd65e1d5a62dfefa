import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GRACE_MS, TIMEOUT_DEFAULT_MS } from '../../src/domain/limits.ts';
import { objectsIn, patchIn, REPOSITORY, workload, workloadsIn } from './manifests.ts';
import type { KubernetesObject } from './manifests.ts';

const workloads = workloadsIn('.');

test('there are three workloads', () => {
  expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual(['kdebug-serve', 'kdebug-worker', 'valkey']);
});

test('the namespace enforces the restricted Pod Security level', () => {
  const namespaces = objectsIn('.').filter(({ kind }) => kind === 'Namespace');
  expect(namespaces.map(({ metadata }) => metadata.labels?.['pod-security.kubernetes.io/enforce'])).toEqual(['restricted']);
});

describe.each(workloads.map((each) => [each.metadata.name, each.spec.template.spec] as const))('%s', (_name, pod) => {
  test('runs as a user that is not root, under the runtime\'s seccomp profile', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.securityContext?.['runAsUser']).toBeGreaterThan(0);
    expect([pod['hostNetwork'], pod['hostPID'], pod['hostIPC']]).toEqual([undefined, undefined, undefined]);
  });

  test('each container: no privilege, no capability, a root file system that nobody can write', () => {
    for (const container of [...pod.containers, ...((pod['initContainers'] ?? []) as typeof pod.containers)]) {
      expect(container['securityContext']).toEqual({
        allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true,
        capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  });

  test('each container: three probes, requests and a memory limit, no tag that moves by itself', () => {
    for (const container of pod.containers) {
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) expect(container).toHaveProperty(probe);
      expect(container['resources']).toMatchObject({ requests: { cpu: expect.any(String), memory: expect.any(String) }, limits: { memory: expect.any(String) } });
      expect(container.image).toMatch(/^(kdebug|[a-z/]+:\d+\.\d+.*)$/);
    }
  });

  test('volumes are only those that the restricted level knows', () => {
    const kinds = (pod.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name'));
    expect(kinds.filter((kind) => !['configMap', 'secret', 'projected', 'emptyDir'].includes(kind))).toEqual([]);
  });

  test('each mount has its volume', () => {
    const mounted = pod.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    const claimed = JSON.stringify(workloads).includes('"volumeClaimTemplates"') ? ['data'] : [];
    expect(mounted.filter((name) => ![...(pod.volumes ?? []).map((volume) => volume.name), ...claimed].includes(name))).toEqual([]);
  });
});

describe.each(['kdebug-serve', 'kdebug-worker'])('%s', (name) => {
  const { spec } = workload(name);
  const pod = spec.template.spec;

  test('two replicas on two nodes where possible, one of which no drain takes away', () => {
    expect(spec.replicas).toBe(2);
    expect(pod.topologySpreadConstraints).toEqual([expect.objectContaining({ topologyKey: 'kubernetes.io/hostname', labelSelector: spec.selector })]);
    const budget = objectsIn('base').find((object) => object.kind === 'PodDisruptionBudget' && object.metadata.name === name);
    expect(budget?.spec).toEqual({ minAvailable: 1, selector: spec.selector });
  });

  test('health is asked on the ops port, and no Service can overwrite that port', () => {
    const [container] = pod.containers;
    expect(container?.['ports']).toEqual([{ name: 'ops', containerPort: 9_090 }]);
    expect(container?.env).toContainEqual({ name: 'KDEBUG_OPS_PORT', value: '9090' });
    expect(container).toMatchObject({
      startupProbe: { httpGet: { path: '/healthz', port: 'ops' } },
      livenessProbe: { httpGet: { path: '/healthz', port: 'ops' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'ops' } },
    });
    expect(pod.enableServiceLinks).toBe(false);
  });

  test('every variable it sets is one that .env.example lists', () => {
    const known = new Set(readFileSync(join(REPOSITORY, '.env.example'), 'utf8').match(/^(# )?[A-Z_]+(?==)/gm)?.map((line) => line.replace('# ', '')));
    expect((pod.containers[0]?.env ?? []).map((variable) => variable.name).filter((variable) => !known.has(variable))).toEqual([]);
  });
});

test('a worker that is asked to end has the time of a default run', () => {
  const { terminationGracePeriodSeconds = 0 } = workload('kdebug-worker').spec.template.spec;
  expect(terminationGracePeriodSeconds * 1_000).toBeGreaterThanOrEqual(TIMEOUT_DEFAULT_MS + GRACE_MS);
});

test.each([
  ['overlays/socket-mode/app-token.yaml', [{ name: 'SLACK_APP_TOKEN_FILE', value: '/run/secrets/slack/app-token' }]],
  ['overlays/http/signing-secret.yaml', [
    { name: 'SLACK_SIGNING_SECRET_FILE', value: '/run/secrets/slack/signing-secret' }, { name: 'PORT', value: '3000' }, { name: 'slack', containerPort: 3_000 },
  ]],
])('%s adds its way into Slack and no more', (file, values) => {
  expect(patchIn(file).map(({ value }) => value)).toEqual(values);
});

test('Valkey keeps every acknowledged write and throws nothing away', () => {
  const args = workload('valkey').spec.template.spec.containers[0]?.args?.join(' ');
  expect(args).toContain('--appendonly yes --appendfsync always --maxmemory-policy noeviction');
});

interface NetworkPolicy extends KubernetesObject {
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly { readonly ports: readonly { readonly port: number }[] }[];
    readonly egress?: readonly { readonly ports: readonly { readonly port: number }[] }[];
  };
}

const ports = (component: string, direction: 'ingress' | 'egress'): readonly number[] => {
  const policies = objectsIn('.').filter((object): object is NetworkPolicy => object.kind === 'NetworkPolicy');
  const applying = policies.filter(({ spec: { podSelector: { matchLabels = {} } } }) =>
    matchLabels['app.kubernetes.io/name'] === 'kdebug' && [undefined, component].includes(matchLabels['app.kubernetes.io/component']));
  const open = applying.flatMap(({ spec }) => spec[direction] ?? []).flatMap((rule) => rule.ports.map(({ port }) => port));
  return [...new Set(open)].sort((a, b) => a - b);
};

test('the network: everything is closed, then exactly this is opened', () => {
  const closed = objectsIn('base').find(({ metadata }) => metadata.name === 'default-deny');
  expect(closed?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  expect({ serve: ports('serve', 'egress'), worker: ports('worker', 'egress') }).toEqual({ serve: [53, 443, 6_379], worker: [53, 443, 6_379, 6_443] });
  expect({ serve: ports('serve', 'ingress'), worker: ports('worker', 'ingress') }).toEqual({ serve: [3_000, 9_090], worker: [9_090] });
});
