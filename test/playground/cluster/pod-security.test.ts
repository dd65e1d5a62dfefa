import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/playground/cluster/ports.ts';
import { podSecurityVerdict } from '../../../src/playground/cluster/security/pod-security.ts';
import { container, messageOf, patch, withCluster } from './support/cluster.ts';

const CLEAN = { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } };
const pod = (spec: object, context: object = {}): JsonObject => ({ spec: { containers: [{ name: 'app', securityContext: { ...CLEAN, ...context } }], ...spec } });
const refusal = (level: string, subject: JsonObject): string | undefined => podSecurityVerdict({ 'pod-security.kubernetes.io/enforce': level }, subject).refusal;

describe('Pod Security', () => {
  it.each([
    ['host namespaces', pod({ hostPID: true, hostNetwork: true }), 'host namespaces (hostNetwork=true, hostPID=true)'],
    ['a host path', pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }), 'hostPath volumes (volume "v")'],
    ['a host port', pod({ containers: [{ name: 'app', ports: [{ hostPort: 80 }] }] }), 'hostPort (container "app" uses hostPort 80)'],
    ['unconfined seccomp', pod({}, { seccompProfile: { type: 'Unconfined' } }), 'seccompProfile (container "app" must not set securityContext.seccompProfile.type to "Unconfined")'],
    ['privileged', pod({}, { privileged: true }), 'privileged (container "app" must not set securityContext.privileged=true)'],
    ['an unmasked proc', pod({}, { procMount: 'Unmasked' }), 'procMount (container "app" must not set securityContext.procMount to "Unmasked")'],
    ['a sysctl', pod({ securityContext: { sysctls: [{ name: 'kernel.msgmax' }] } }), 'forbidden sysctls (kernel.msgmax)'],
  ])('baseline refuses %s', (_case, subject, detail) => {
    expect(refusal('baseline', subject)).toBe(`violates PodSecurity "baseline:latest": ${detail}`);
  });

  it.each([
    ['uid 0', pod({}, { runAsUser: 0 }), 'runAsUser=0 (container "app" must not set runAsUser=0)'],
    ['runAsNonRoot false', pod({ securityContext: { runAsNonRoot: false } }, { runAsNonRoot: false }), 'runAsNonRoot != true (pod and container "app" must not set securityContext.runAsNonRoot=false)'],
    ['a host path', pod({ volumes: [{ name: 'v', hostPath: {} }] }), 'restricted volume types (volume "v" uses restricted volume type "hostPath")'],
  ])('restricted refuses %s', (_case, subject, detail) => {
    expect(refusal('restricted', subject)).toBe(`violates PodSecurity "restricted:latest": ${detail}`);
  });

  it('lets the pod vouch for its containers', () => {
    const subject = { spec: { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }, containers: [{ name: 'app', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }] } };
    expect(refusal('restricted', subject)).toBeUndefined();
  });

  it('does not warn about what it refuses, and says nothing without labels', () => {
    const bad = pod({}, { privileged: true });
    expect(podSecurityVerdict({ 'pod-security.kubernetes.io/enforce': 'baseline', 'pod-security.kubernetes.io/warn': 'restricted' }, bad).warning).toBeUndefined();
    expect(podSecurityVerdict({}, bad)).toEqual({ refusal: undefined, warning: undefined });
  });
});

describe('admission of an ephemeral container', () => {
  const fixture = withCluster();

  it('judges the whole pod: an old violation stops a clean container', async () => {
    fixture.cluster.control.addNamespace('prod', { 'pod-security.kubernetes.io/enforce': 'restricted' });
    const answer = await patch(fixture.admin, [container({ securityContext: CLEAN })]);
    expect([answer.status, messageOf(answer)]).toEqual([403, expect.stringContaining('containers "setup", "app" must set securityContext.allowPrivilegeEscalation=false')]);
  });

  it('asks policies with the user, both pods, and whether it is a dry run', async () => {
    const seen: unknown[] = [];
    fixture.cluster.control.addAdmissionPolicy({ name: 'guard', binding: 'guard-prod', validations: [{ message: 'not now', passes: ({ user, after, dryRun }) => {
      seen.push([user.name, (after['spec'] as { ephemeralContainers: readonly object[] }).ephemeralContainers.length, dryRun]);
      return dryRun;
    } }] });
    expect((await patch(fixture.admin, [container()], { query: '?dryRun=All' })).status).toBe(200);
    const refused = await patch(fixture.admin, [container()]);
    expect([refused.status, refused.json['reason'], messageOf(refused)]).toEqual([422, 'Invalid', `pods "api" is forbidden: ValidatingAdmissionPolicy 'guard' with binding 'guard-prod' denied request: not now`]);
    expect(seen).toEqual([['root', 1, true], ['root', 1, false]]);
    fixture.cluster.control.removeAdmissionPolicy('guard');
    expect((await patch(fixture.admin, [container()])).status).toBe(200);
  });
});
