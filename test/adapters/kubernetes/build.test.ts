import { array, assert as assertProperty, constantFrom, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import type { ContainerWanted } from '../../../src/app/cluster-port.ts';
import { buildContainer } from '../../../src/adapters/kubernetes/build.ts';
import { WRAPPER } from '../../../src/adapters/kubernetes/wrapper.ts';
import { PROFILES, type Profile, type SecurityContext } from '../../../src/domain/container.ts';
import { API, MARKER, NETSHOOT } from './fixtures.ts';
import { expand } from './kubelet-expansion.ts';

const wanted = (over: Partial<ContainerWanted> = {}): ContainerWanted =>
  ({ image: NETSHOOT, profile: 'baseline', argv: ['ss', '-tlnp'], env: [], target: API, timeoutMs: 30_000, marker: MARKER, ...over });

const CONTEXTS: Readonly<Record<Profile, SecurityContext | undefined>> = {
  restricted: { runAsNonRoot: true, runAsUser: 65_532, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
  baseline: undefined,
  general: { capabilities: { add: ['SYS_PTRACE'] } },
  netadmin: { runAsUser: 0, runAsNonRoot: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
  sysadmin: { runAsUser: 0, runAsNonRoot: false, privileged: true },
};

test.each(PROFILES)('--profile %s is exactly this container', (profile) => {
  expect(buildContainer(wanted({ profile }))).toStrictEqual({
    image: 'nicolaka/netshoot:v0.13',
    command: ['sh', '-c', WRAPPER.replaceAll('$', '$$$$'), 'kdebug', '30', 'ss', '-tlnp'],
    env: [{ name: 'KDEBUG_REQUEST', value: 'kd-0123abcd' }],
    targetContainerName: 'api',
    ...(CONTEXTS[profile] && { securityContext: CONTEXTS[profile] }),
    terminationMessagePolicy: 'File',
  });
});

test('--target none sends no target', () => {
  expect(buildContainer(wanted({ target: null }))).not.toHaveProperty('targetContainerName');
});

test('an image without a shell runs the argv bare', () => {
  expect(buildContainer(wanted({ image: { ...NETSHOOT, shell: false }, argv: ['/probe', '$HOME'] })).command).toStrictEqual(['/probe', '$$HOME']);
});

test.each([[1, '1'], [1_000, '1'], [1_001, '2'], [900_000, '900']])('a timeout of %d ms is %s seconds for timeout(1)', (timeoutMs, seconds) => {
  expect(buildContainer(wanted({ timeoutMs })).command[4]).toBe(seconds);
});

test('the overlay of an image wins field by field, and only its known fields are sent', () => {
  const securityContext = { runAsUser: 7, capabilities: { drop: ['NET_RAW'] }, procMount: 'Unmasked' };
  const image = { ...NETSHOOT, overlay: { workingDir: '/tmp', securityContext, envFrom: [{ secretRef: { name: 'x' } }] } };
  const built = buildContainer(wanted({ image, profile: 'general' }));
  expect(built.securityContext).toStrictEqual({ runAsUser: 7, capabilities: { add: ['SYS_PTRACE'], drop: ['NET_RAW'] } });
  expect(built.workingDir).toBe('/tmp');
  expect(Object.keys(built).sort()).toStrictEqual(['command', 'env', 'image', 'securityContext', 'targetContainerName', 'terminationMessagePolicy', 'workingDir']);
});

test('an env variable given twice is sent once, with its last value', () => {
  expect(buildContainer(wanted({ env: [['A', '1'], ['B', '$(A)'], ['A', '2']] })).env).toStrictEqual([{ name: 'A', value: '2' }, { name: 'B', value: '$$(A)' }, { name: 'KDEBUG_REQUEST', value: MARKER }]);
});

test('the marker is the last word about itself', () => {
  expect(buildContainer(wanted({ env: [['KDEBUG_REQUEST', 'kd-zzzzzzzz']] })).env).toStrictEqual([{ name: 'KDEBUG_REQUEST', value: MARKER }]);
});

test('whatever is typed, the kubelet expands command and env back to it', () => {
  const dollars = string({ unit: constantFrom('$', '(', ')', 'A', '`', '\\', '"', ' ') });
  assertProperty(property(array(dollars, { minLength: 1 }), dollars, (argv, value) => {
    const built = buildContainer(wanted({ argv, env: [['X', value]] }));
    const env = new Map([['A', 'stolen'], ['', 'stolen'], ['date +%s', 'stolen']]);
    expect(built.command.map((one) => expand(one, env))).toStrictEqual(['sh', '-c', WRAPPER, 'kdebug', '30', ...argv]);
    expect(expand(built.env?.[0]?.value ?? '', env)).toBe(value);
  }), { numRuns: 2_000 });
});

test('without the doubling the kubelet would change it (the expansion of this test is the real one)', () => {
  expect(expand('$(A) $$ $(nope) $x $', new Map([['A', 'v']]))).toBe('v $ $(nope) $x $');
});
