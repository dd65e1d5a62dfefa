/** What `kdebug config guard` prints: current, valid, and to the letter what kdebug can ask for. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { buildContainer } from '../../../src/adapters/kubernetes/build.ts';
import { stopPath } from '../../../src/adapters/kubernetes/url.ts';
import type { Image } from '../../../src/domain/catalogue.ts';
import { PROFILES, type Profile } from '../../../src/domain/container.ts';
import type { ContainerName, Namespace, PodName, RequestId } from '../../../src/domain/names.ts';
import { decidedBy } from '../../../src/domain/policy/gate.ts';
import { matches } from '../../../src/domain/policy/match.ts';
import type { Policy } from '../../../src/domain/policy/rule.ts';
import { configGuard, guardOptions, type GuardTyped } from '../../../src/policy/guard/command.ts';
import { manifestOf } from '../../../src/policy/guard/manifest.ts';
import { guardPolicies } from '../../../src/policy/guard/policies.ts';
import { settingsOf, yaml } from '../../config/base.ts';
import { problemsOf } from '../../deploy/schema.ts';
import { CATALOGUE, CLUSTERS, knownSubject, NAMESPACES, policy } from '../generated.ts';
import { EXAMPLE, written } from '../typed.ts';
import { guardOf, objectsIn, policyFor } from './admission.ts';

const printed = (file: string, typed: Partial<GuardTyped> = {}): { readonly code: number; readonly text: string } => {
  const parts: string[] = [];
  const code = configGuard({ file, serviceAccount: 'kdebug/kdebug-worker', ...typed }, (part) => parts.push(part), {});
  return { code, text: parts.join('') };
};

const USER = { username: 'system:serviceaccount:kdebug:kdebug-worker', groups: ['system:authenticated'] };
const scopeOf = (namespace: string, container: object): Readonly<Record<string, unknown>> =>
  ({ request: { namespace, userInfo: USER }, oldObject: { spec: {} }, object: { spec: { ephemeralContainers: [JSON.parse(JSON.stringify(container)) as object] } } });
const built = (image: Image, profile: Profile): object =>
  ({ name: 'kdebug-0123456789abcdef', ...buildContainer({ image, profile, argv: ['ss', '-tlnp'], env: [['LANG', 'C']], target: 'app' as ContainerName, timeoutMs: 30_000, marker: 'kd-0123abcd' as RequestId }) });

test('deploy/guard.example.yaml is current (else: npm run kdebug -- config guard deploy/kdebug.example.yaml > it)', () => {
  expect(readFileSync(fileURLToPath(new URL('../../../deploy/guard.example.yaml', import.meta.url)), 'utf8')).toBe(printed(EXAMPLE).text);
});

test('each object is one that Kubernetes knows, each policy is bound, and denies', async () => {
  const objects = objectsIn(printed(EXAMPLE).text);
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ValidatingAdmissionPolicy kdebug-ephemeral-guard', 'ValidatingAdmissionPolicyBinding kdebug-ephemeral-guard',
    'ValidatingAdmissionPolicy kdebug-exec-guard', 'ValidatingAdmissionPolicyBinding kdebug-exec-guard',
  ]);
  for (const object of objects) expect(await problemsOf(object as never)).toEqual([]);
  for (const { spec } of objects.filter(({ kind }) => kind.endsWith('Binding'))) expect(spec.validationActions).toEqual(['Deny']);
  for (const { spec } of objects.filter(({ kind }) => !kind.endsWith('Binding'))) expect(spec).toHaveProperty('failurePolicy', 'Fail');
});

test('every expression to the letter, for one image, one rule and one profile', () => {
  const file = written('guard.yaml', yaml({
    clusters: 'clusters: { main: { cancel: exec } }',
    images: 'images: { box: { ref: "busybox:1.36", shell: true, overlay: { workingDir: /tmp, securityContext: { capabilities: { add: [KILL] } } } } }',
    rules: 'rules: [{ name: all, when: { profiles: [restricted], namespaces: [prod, "prod-*"] }, decide: allow }]',
  }));
  const { text } = printed(file, { group: 'it\'s:users' });
  const { spec } = policyFor(text, 'pods/ephemeralcontainers');
  expect(spec.matchConstraints.resourceRules).toEqual([{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['pods/ephemeralcontainers'] }]);
  expect(spec.matchConditions.map(({ expression }) => expression)).toEqual([
    'request.userInfo.username == \'system:serviceaccount:kdebug:kdebug-worker\' || \'it\\\'s:users\' in request.userInfo.groups',
  ]);
  expect(spec.variables?.map(({ expression }) => expression)).toEqual([
    'oldObject.spec.?ephemeralContainers.orValue([]).map(c, c.name)',
    'object.spec.?ephemeralContainers.orValue([]).filter(c, !(c.name in variables.old))',
  ]);
  const sc = 'c.securityContext';
  expect(spec.validations.map(({ expression }) => expression)).toEqual([
    'variables.added.size() <= 1',
    'object.spec.?ephemeralContainers.orValue([]).size() <= 50',
    'variables.added.all(c, c.name.matches(\'^kdebug-[0-9a-f]{16}$\'))',
    'variables.added.all(c, c.image in [\'busybox:1.36\'])',
    'variables.added.all(c, !has(c.volumeMounts) && !has(c.volumeDevices) && !has(c.envFrom))',
    'variables.added.all(c, (!has(c.stdin) || c.stdin == false) && (!has(c.tty) || c.tty == false))',
    'variables.added.all(c, !has(c.env) || c.env.all(e, !has(e.valueFrom) && (e.name == \'KDEBUG_REQUEST\' || (e.name.matches(\'^[A-Z][A-Z0-9_]{0,63}$\') && !e.name.matches(\'^(KDEBUG_.*|PATH|LD_.*|ENV|BASH_ENV|IFS|SHELLOPTS|PS4)$\')))))',
    'variables.added.all(c, !has(c.workingDir) || (c.image == \'busybox:1.36\' && c.workingDir == \'/tmp\'))',
    `variables.added.all(c, !has(${sc}) || (!has(${sc}.seLinuxOptions) && !has(${sc}.windowsOptions) && !has(${sc}.appArmorProfile) && (!has(${sc}.procMount) || ${sc}.procMount == 'Default')))`,
    `variables.added.all(c, (request.namespace.matches('^(prod|prod-.*)$') && c.image == 'busybox:1.36' && has(${sc}) && has(${sc}.runAsUser) && ${sc}.runAsUser == 65532 && !has(${sc}.runAsGroup) && has(${sc}.runAsNonRoot) && ${sc}.runAsNonRoot == true`
    + ` && has(${sc}.allowPrivilegeEscalation) && ${sc}.allowPrivilegeEscalation == false && !has(${sc}.readOnlyRootFilesystem) && !has(${sc}.privileged) && has(${sc}.capabilities) && has(${sc}.capabilities.add) && ${sc}.capabilities.add == ['KILL']`
    + ` && has(${sc}.capabilities.drop) && ${sc}.capabilities.drop == ['ALL'] && has(${sc}.seccompProfile) && has(${sc}.seccompProfile.type) && ${sc}.seccompProfile.type == 'RuntimeDefault'))`,
  ]);
  const exec = policyFor(text, 'pods/exec').spec;
  expect(exec.matchConstraints.resourceRules).toEqual([{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] }]);
  expect(exec.validations.map(({ expression }) => expression.replace(/command\[2\] == '(?:\\.|[^'\\])*'/, 'command[2] == SCRIPT'))).toEqual([
    'has(object.container) && object.container.matches(\'^kdebug-[0-9a-f]{16}$\')',
    'has(object.command) && object.command.size() == 5 && object.command[0] == \'sh\' && object.command[1] == \'-c\' && object.command[2] == SCRIPT && object.command[3] == \'kdebug-cancel\' && object.command[4].matches(\'^kd-[0-9a-hjkmnp-tv-z]{8}$\')',
    '(!has(object.stdin) || object.stdin == false) && (!has(object.tty) || object.tty == false)',
  ]);
});

describe('exec', () => {
  const config = (cancel: string): string => written(`exec-${cancel}.yaml`, yaml({ clusters: `clusters: { main: { cancel: ${cancel} } }` }));
  const guard = (cancel: string) => guardOf(policyFor(printed(config(cancel)).text, 'pods/exec'));
  /** PodExecOptions as the API server reads them from the very path that kdebug asks for. */
  const asked = (): Readonly<Record<string, unknown>> => {
    const path = stopPath('prod' as Namespace, 'api-7f9' as PodName, 'kdebug-0123456789abcdef' as ContainerName, 'kd-0123abcd' as RequestId);
    const query = new URL(path, 'https://cluster').searchParams;
    return { container: query.get('container'), command: query.getAll('command'), stdout: true, stderr: true };
  };
  const refusal = (changed: object, cancel = 'exec', user: object = USER): string | undefined =>
    guard(cancel).refusal({ request: { namespace: 'prod', userInfo: user }, object: { ...asked(), ...changed } });

  it('lets the kill command pass as kdebug sends it', () => { expect(refusal({})).toBeUndefined(); });
  it('where the cluster has cancel: none, nothing', () => { expect(refusal({}, 'none')).toBe('kdebug runs nothing by exec in this cluster'); });
  it('is not concerned with anybody else', () => { expect(refusal({ command: ['sh'] }, 'exec', { username: 'bob', groups: [] })).toBeUndefined(); });
  const cases: readonly [string, object, string][] = [
    ['another container', { container: 'app' }, 'only into a container of kdebug'],
    ['no container named', { container: undefined }, 'only into a container of kdebug'],
    ['another command', { command: ['sh', '-c', 'id'] }, 'only the command that stops a run'],
    ['one argument more', { command: [...asked()['command'] as string[], 'x'] }, 'only the command that stops a run'],
    ['another marker', { command: (asked()['command'] as string[]).with(4, '$(id)') }, 'only the command that stops a run'],
    ['stdin', { stdin: true }, 'no stdin and no tty'],
    ['a terminal', { tty: true }, 'no stdin and no tty'],
  ];
  it.each(cases)('refuses %s', (_name, changed, message) => {
    const defined = Object.fromEntries(Object.entries({ ...asked(), ...changed }).filter(([, value]) => value !== undefined));
    expect(guard('exec').refusal({ request: { namespace: 'prod', userInfo: USER }, object: defined })).toBe(message);
  });
});

describe('options', () => {
  const cases: readonly [string, string, Partial<GuardTyped>, RegExp][] = [
    ['a cluster that is not there', yaml(), { cluster: 'mian' }, /^--cluster "mian" is not in clusters:; did you mean main\?$/],
    ['no service account', yaml(), { serviceAccount: 'kdebug-worker' }, /^--service-account "kdebug-worker" is not one/],
    ['impersonation without a group', yaml({}, 'identity: { mode: impersonate }'), {}, /^identity.mode is impersonate, so the API server sees each person/],
    ['a file with mistakes', yaml({ channels: 'channels: {}' }), {}, /channels.audit: is missing/],
  ];
  it.each(cases)('%s: told, and answers 1', (_name, text, typed, says) => {
    const answer = printed(written('options.yaml', text), typed);
    expect(answer.text.trim()).toMatch(says);
    expect(answer.code).toBe(1);
  });
  it('impersonation with a group', () => { expect(printed(written('options.yaml', yaml({}, 'identity: { mode: impersonate }')), { group: 'kdebug:users' }).code).toBe(0); });
});

/** Whether some rule lets it through, by the domain's own matcher, if everything a guard cannot see is as it should be. */
const isPossible = (rules: Policy, who: Parameters<typeof matches>[2], image: Image): boolean => {
  const deciding = rules.rules.find((rule) => matches(rule.when, rules.environments, who) === 'yes');
  if (!deciding) return false;
  const gate = decidedBy(deciding, { reason: 'INC-1', isPrivate: false, env: [], image: image.name, hasShell: image.shell, pinned: image.ref.includes('@sha256:'), stepUp: 'available', nodeAccess: [] });
  return gate.gate !== 'closed';
};

test('the guard never refuses what the rules let through, whatever they are', () => {
  const settings = settingsOf(yaml());
  const seen = { passed: 0, refused: 0 };
  fc.assert(fc.property(policy, fc.array(knownSubject, { minLength: 5, maxLength: 15 }), (rules, subjects) => {
    for (const cluster of CLUSTERS) {
      const options = guardOptions({ serviceAccount: 'kdebug/kdebug-worker', cluster: { name: cluster, isDefault: true, cancel: 'none' } });
      const guard = guardOf(policyFor(manifestOf(guardPolicies({ ...settings, catalogue: CATALOGUE, policy: rules }, options), []), 'pods/ephemeralcontainers'));
      for (const who of subjects.filter((one) => one.cluster === cluster)) {
        const image = CATALOGUE.images.find(({ name }) => name === who.image);
        const profile = who.profiles[0];
        if (!image || !profile || !isPossible(rules, who, image)) continue;
        seen.passed += 1;
        expect(guard.refusal(scopeOf(who.namespace, built(image, profile)))).toBeUndefined();
      }
      for (const namespace of NAMESPACES) for (const image of CATALOGUE.images) seen.refused += Number(guard.refusal(scopeOf(namespace, built(image, 'sysadmin'))) !== undefined);
    }
  }), { numRuns: 25 });
  expect(seen.passed).toBeGreaterThan(5);
  expect(seen.refused).toBeGreaterThan(5);
});

test('of the example: every profile that its rules can reach, where they can, and no other', () => {
  const { catalogue } = settingsOf(readFileSync(EXAMPLE, 'utf8'));
  const guard = guardOf(policyFor(printed(EXAMPLE).text, 'pods/ephemeralcontainers'));
  const allowed = ['prod', 'staging', 'anything', 'kube-system'].flatMap((namespace) => catalogue.images.flatMap((image) =>
    PROFILES.filter((profile) => guard.refusal(scopeOf(namespace, built(image, profile))) === undefined).map((profile) => `${namespace} ${image.name} ${profile}`)));
  const three = (namespace: string): readonly string[] => ['netshoot', 'busybox'].flatMap((image) => ['restricted', 'baseline', 'general'].map((profile) => `${namespace} ${image} ${profile}`));
  expect(allowed).toEqual([...three('prod'), ...three('staging'), ...three('anything')]);
});

test('an image pinned by digest may have the profiles that demand one', () => {
  const pinned = readFileSync(EXAMPLE, 'utf8').replace('nicolaka/netshoot:v0.13  ', `nicolaka/netshoot@sha256:${'0'.repeat(64)} `);
  const { catalogue } = settingsOf(pinned);
  const guard = guardOf(policyFor(printed(written('pinned.yaml', pinned)).text, 'pods/ephemeralcontainers'));
  const [netshoot] = catalogue.images;
  if (!netshoot) throw new Error('no image');
  expect(PROFILES.filter((profile) => guard.refusal(scopeOf('prod', built(netshoot, profile))) === undefined)).toEqual([...PROFILES]);
});

