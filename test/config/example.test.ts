import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonSchema } from '../../src/config/schema/json.ts';
import { settingsOf } from './base.ts';

const text = readFileSync(new URL('../../deploy/kdebug.example.yaml', import.meta.url), 'utf8');
const settings = settingsOf(text);
const [offLimits, privileged, harmless, production, everywhere] = settings.policy.rules;
const ENGINEERS = [{ kind: 'usergroup', id: 'S0ENG' }, { kind: 'user', id: 'U0ALICE' }];
const COMMON = { digestRequired: false, unbounded: false, private: 'refuse', nodeAccess: 'allow' };

test('the cluster people type is the default and reached by its context, without cancelling', () => {
  expect(settings.clusters).toEqual([{ name: 'main', isDefault: true, context: 'main', cancel: 'none' }]);
});

test('images keep their ref verbatim, their shell, profile and overlay', () => {
  expect(settings.catalogue.images).toEqual([
    { name: 'netshoot', isDefault: true, ref: 'nicolaka/netshoot:v0.13', description: 'network tools (ss, dig, curl, tcpdump)', shell: true, profile: 'general' },
    { name: 'busybox', isDefault: false, ref: 'busybox:1.36', shell: true, profile: 'restricted', overlay: { workingDir: '/tmp', securityContext: { runAsUser: 65532 } } },
  ]);
});

test('presets keep their commands, and a parameter its pattern', () => {
  expect(settings.catalogue.presets).toEqual([
    { name: 'sockets', description: 'listening TCP sockets with their processes', image: 'netshoot', profile: 'general', env: [], command: ['ss', '-tlnp'], parameters: [] },
    {
      name: 'dns', description: 'resolve a name from inside the pod', image: 'netshoot', profile: 'restricted', env: [], command: ['dig', '+short', '{name}'],
      parameters: [{ name: 'name', pattern: '^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$', description: 'host name' }],
    },
  ]);
});

test('environments are patterns of clusters and namespaces', () => {
  expect(settings.policy.environments).toEqual([
    { name: 'production', clusters: ['main'], namespaces: ['prod', 'prod-*'] },
    { name: 'staging', clusters: ['*'], namespaces: ['staging', 'staging-*'] },
  ]);
});

test('the first rule refuses system namespaces with a message', () => {
  expect(offLimits).toEqual({
    ...COMMON, name: 'system namespaces are off limits', decide: 'refuse', message: 'Ask the platform team.', when: { namespaces: ['kube-system', 'kube-public', 'kube-node-lease'] },
  });
});

test('privileged tools need two people, a ticket and a digest', () => {
  expect(privileged).toEqual({
    ...COMMON, name: 'privileged tools need two', when: { profiles: ['netadmin', 'sysadmin'] }, decide: 'approve', approvals: 2,
    approvers: [{ kind: 'usergroup', id: 'S0SRE' }, { kind: 'user', id: 'U0BOB' }, { kind: 'user', id: 'U0CAROL' }],
    reason: { required: true, pattern: '(INC|CHG)-[0-9]+' }, digestRequired: true, expiresMs: 900_000, stepUp: false, mention: false,
  });
});

test('harmless presets need nobody', () => {
  expect(harmless).toEqual({
    ...COMMON, name: 'harmless presets need nobody', decide: 'allow', when: { environments: ['production'], presets: ['sockets', 'dns'], requesters: ENGINEERS },
  });
});

test('production needs one other person, whose group is named', () => {
  expect(production).toEqual({
    ...COMMON, name: 'production needs one other person', when: { environments: ['production'] }, decide: 'approve', approvals: 1,
    approvers: [{ kind: 'usergroup', id: 'S0SRE' }, { kind: 'user', id: 'U0BOB' }], expiresMs: 900_000, stepUp: false, mention: true,
  });
});

test('everywhere else is open to the engineers', () => {
  expect(everywhere).toEqual({ ...COMMON, name: 'everywhere else is open to the engineers', decide: 'allow', when: { requesters: ENGINEERS, images: ['netshoot', 'busybox'] } });
  expect(settings.policy.rules).toHaveLength(5);
});

test('the keys that the example shows in comments mean what they say', () => {
  const uncommented = text.replace('      # channels: [C0OPS]   labels: { team: payments }   argv: ', '      channels: [C0OPS]\n      labels: { team: payments }\n      argv: ').replace('      # hours:', '      hours:');
  expect(settingsOf(uncommented).policy.rules[4]?.when).toEqual({
    requesters: ENGINEERS, images: ['netshoot', 'busybox'], channels: ['C0OPS'], labels: { team: 'payments' },
    argv: [{ program: 'curl', arguments: ['-sS', '^https://[a-z.-]+/$'] }],
    hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], fromMinute: 420, toMinute: 1_200, zone: 'Europe/Berlin' },
  });
});

test('channels, identity, break glass, Redis, limits and redaction', () => {
  expect(settings.channels).toEqual({ audit: 'C0AUDIT', approvals: 'C0APPROVALS', incidents: ['inc-*'] });
  expect(settings.identity).toEqual({
    mode: 'off', from: 'email', map: new Map([['U0ALICE', { user: 'alice@example.org', groups: ['dev'] }]]), review: { verb: 'debug', resource: 'pods' },
  });
  expect(settings.breakGlass).toEqual({ who: [{ kind: 'usergroup', id: 'S0ONCALL' }], profiles: ['restricted', 'baseline', 'general'], reviewWithinMs: 86_400_000 });
  expect(settings.redis).toEqual({ durability: 'required' });
  expect(settings.limits).toEqual({
    timeoutDefaultMs: 60_000, timeoutMaxMs: 900_000, startWithinMs: 600_000, outputKeptBytes: 1_048_576, outputStoreBytes: 268_435_456,
    outputDays: 7, requestDays: 90, pendingPerPerson: 3, runsPerCluster: 20, replicasMax: 10,
    commandsPerPerson: 300, commandsPerChannel: 3_000, commandsTotal: 12_000, waitingPerCluster: 5_000,
  });
  expect(settings.redaction).toEqual({ patterns: [{ name: 'internal token', pattern: 'acme_[a-z0-9]{32}' }] });
});

test('the example begins with the line that gives editors the schema beside it', () => {
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=schema/kdebug.schema.json');
});

test('deploy/schema/kdebug.schema.json is current (else: npm run kdebug -- config schema > it)', () => {
  expect(readFileSync(new URL('../../deploy/schema/kdebug.schema.json', import.meta.url), 'utf8')).toBe(jsonSchema());
});

interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

const nodes = (node: SchemaNode): readonly SchemaNode[] => [
  node,
  ...Object.values(node.properties ?? {}).flatMap(nodes),
  ...(typeof node.additionalProperties === 'object' ? nodes(node.additionalProperties) : []),
  ...(node.items === undefined ? [] : nodes(node.items)),
];

test('the schema is draft 7, closes every mapping, and tells defaults and examples as one writes them', () => {
  const schema = JSON.parse(jsonSchema()) as SchemaNode & { readonly $schema: string };
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  const mappings = nodes(schema).filter(({ type }) => type === 'object');
  expect(mappings.length).toBeGreaterThan(20);
  expect(mappings.filter((node) => node.additionalProperties !== false && typeof node.additionalProperties !== 'object')).toEqual([]);
  expect(schema.properties?.['limits']?.properties?.['timeout_default']).toMatchObject({ type: 'string', default: '1m' });
  expect(schema.properties?.['channels']?.properties?.['audit']).toMatchObject({ type: 'string', examples: ['C0AUDIT'], description: 'Every event is mirrored here' });
  const leaves = nodes(schema).filter(({ type }) => type !== 'object' && type !== 'array');
  expect(leaves.filter(({ description }) => description === undefined)).toEqual([]);
});
