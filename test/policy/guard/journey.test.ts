/** A cluster with the guard of the example in front: kdebug's own patches pass, and each clause refuses what it is there for. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { buildContainer } from '../../../src/adapters/kubernetes/build.ts';
import type { Profile } from '../../../src/domain/container.ts';
import type { ContainerName, RequestId } from '../../../src/domain/names.ts';
import type { AdmissionPolicy, AdmissionReview } from '../../../src/playground/cluster/admission.ts';
import { settingsOf } from '../../config/base.ts';
import { SMP, type Answered } from '../../playground/cluster/support/client.ts';
import { messageOf, withCluster } from '../../playground/cluster/support/cluster.ts';
import { EXAMPLE } from '../typed.ts';
import { guardOf, policyFor } from './admission.ts';

const policy = policyFor(readFileSync(fileURLToPath(new URL('../../../deploy/guard.example.yaml', import.meta.url)), 'utf8'), 'pods/ephemeralcontainers');
const guard = guardOf(policy);
const { images } = settingsOf(readFileSync(EXAMPLE, 'utf8')).catalogue;

const scopeOf = ({ user, namespace, before, after }: AdmissionReview): Readonly<Record<string, unknown>> =>
  ({ request: { namespace: namespace?.metadata.name, userInfo: { username: user.name, groups: user.groups } }, oldObject: before, object: after });

/** The table of predicates that the simulated cluster asks, made of the expressions in the file. */
const asPredicates: AdmissionPolicy = {
  name: policy.metadata.name,
  matches: (review) => guard.matches(scopeOf(review)),
  validations: guard.validations.map(({ message, passes }) => ({ message, passes: (review) => passes(scopeOf(review)) })),
};

const fixture = withCluster();
const WORKER = 'worker-token';
beforeEach(() => {
  const { control } = fixture.cluster;
  control.addToken(WORKER, { user: 'system:serviceaccount:kdebug:kdebug-worker', groups: ['system:masters'] });
  control.addNamespace('kube-system');
  control.addPod({ namespace: 'kube-system', name: 'api', containers: [{ name: 'app', image: 'api:1' }] });
  control.addPod({ namespace: 'prod', name: 'api', containers: [{ name: 'app', image: 'api:1' }], volumes: [{ name: 'secrets', secret: { secretName: 'db' } }] });
  control.addAdmissionPolicy(asPredicates);
});

const nameOf = (index: number): string => `kdebug-${index.toString(16).padStart(16, '0')}`;
const built = (profile: Profile = 'restricted', image = images[0], name = nameOf(1)): object => {
  if (!image) throw new Error('no image');
  return { name, ...buildContainer({ image, profile, argv: ['ss', '-tlnp'], env: [['LANG', 'C']], target: 'app' as ContainerName, timeoutMs: 30_000, marker: 'kd-0123abcd' as RequestId }) };
};
const send = (containers: readonly object[], { token = WORKER, namespace = 'prod', query = '' } = {}): Promise<Answered> => fixture.admin.ask({
  method: 'PATCH', path: `/api/v1/namespaces/${namespace}/pods/api/ephemeralcontainers${query}`, contentType: SMP, token, body: { spec: { ephemeralContainers: containers } },
});
const refusedWith = (message: string): string => `ValidatingAdmissionPolicy 'kdebug-ephemeral-guard' with binding 'kdebug-ephemeral-guard' denied request: ${message}`;

test('what kdebug sends passes: every image with every profile that the rules can reach, one after the other in one pod', async () => {
  const wanted = images.flatMap((image) => (['restricted', 'baseline', 'general'] as const).map((profile) => ({ image, profile })));
  for (const [index, { image, profile }] of wanted.entries()) {
    const container = built(profile, image, nameOf(index));
    const dryRun = await send([container], { query: '?dryRun=All&fieldValidation=Strict' });
    expect([dryRun.status, messageOf(dryRun)]).toEqual([200, '']);
    expect((await send([container])).status).toBe(200);
    expect((await send([container])).status, 'the same again').toBe(200);
  }
  expect(wanted).toHaveLength(6);
});

describe('one refusal for each clause', () => {
  const [, busybox] = images;
  const cases: readonly [string, string, () => readonly object[], string?][] = [
    ['two at once', 'at most one container per request', () => [built(), built('restricted', busybox, nameOf(2))]],
    ['a name of another kind', 'name must carry the plan digest', () => [{ ...built(), name: 'debugger' }]],
    ['a name that only begins alike', 'name must carry the plan digest', () => [{ ...built(), name: `${nameOf(1)}-x` }]],
    ['another image', 'image not in the catalogue', () => [{ ...built(), image: 'nicolaka/netshoot:v0.14' }]],
    ['a volume of the pod', 'no volumes and no envFrom', () => [{ ...built(), volumeMounts: [{ name: 'secrets', mountPath: '/s' }] }]],
    ['all of a Secret', 'no volumes and no envFrom', () => [{ ...built(), envFrom: [{ secretRef: { name: 'db' } }] }]],
    ['a terminal', 'no stdin and no tty', () => [{ ...built(), stdin: true, tty: true }]],
    ['one key of a Secret', 'only plain variables that kdebug may set', () => [{ ...built(), env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }] }]],
    ['a variable of the loader', 'only plain variables that kdebug may set', () => [{ ...built(), env: [{ name: 'LD_PRELOAD', value: '/x.so' }] }]],
    ['another variable of ours', 'only plain variables that kdebug may set', () => [{ ...built(), env: [{ name: 'KDEBUG_OTHER', value: 'x' }] }]],
    ['another working directory', 'working directory not of the image\'s overlay', () => [{ ...built(), workingDir: '/proc/1/root' }]],
    ['an SELinux label', 'no seLinuxOptions, windowsOptions, appArmorProfile or procMount', () => [{ ...built(), securityContext: { seLinuxOptions: { type: 'spc_t' } } }]],
    ['a privileged container', 'no rule lets this image have this security context in this namespace', () => [built('sysadmin')]],
    ['NET_ADMIN', 'no rule lets this image have this security context in this namespace', () => [built('netadmin')]],
    ['a capability more', 'no rule lets this image have this security context in this namespace', () => [{ ...built('general'), securityContext: { capabilities: { add: ['SYS_PTRACE', 'SYS_ADMIN'] } } }]],
    ['root where the overlay sets a user', 'no rule lets this image have this security context in this namespace', () => [{ ...built('general', busybox), securityContext: { runAsUser: 0, capabilities: { add: ['SYS_PTRACE'] } } }]],
    ['a namespace that the rules close to everybody', 'no rule lets this image have this security context in this namespace', () => [built()], 'kube-system'],
  ];
  const FULL = 'at most 50 debug containers in a pod';

  it.each(cases)('%s: %s', async (_name, message, containers, namespace = 'prod') => {
    const answer = await send(containers(), { namespace });
    expect(messageOf(answer)).toContain(refusedWith(message));
    expect(answer.status).toBe(422);
  });
  it(`a full pod: ${FULL}`, async () => {
    const others = Array.from({ length: 49 }, (_, index) => ({ name: `other-${index}`, image: 'x:1', terminationMessagePolicy: 'File' }));
    expect((await send(others, { token: 'admin' })).status).toBe(200);
    expect((await send([built()])).status, 'the fiftieth').toBe(200);
    const answer = await send([built('restricted', busybox, nameOf(2))]);
    expect(messageOf(answer)).toContain(refusedWith(FULL));
  });
  it('no clause is left out', () => {
    expect(new Set([...cases.map(([, message]) => message), FULL])).toEqual(new Set(policy.spec.validations.map(({ message }) => message)));
  });
});

test('nobody else is concerned: what a person does with kubectl is for other policies', async () => {
  expect((await send([{ ...built('sysadmin'), name: 'debugger', stdin: true }], { token: 'admin' })).status).toBe(200);
});
