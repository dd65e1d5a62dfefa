/** Rules, subjects and conditions over few names, so that matching, failing and not knowing all come often. */
import * as fc from 'fast-check';
import type { Catalogue } from '../../src/domain/catalogue.ts';
import type { ChannelId, ClusterName, ImageName, ImageRef, Instant, Namespace, PresetName, Sha256 } from '../../src/domain/names.ts';
import type { Conditions } from '../../src/domain/policy/gate.ts';
import type { Subject } from '../../src/domain/policy/match.ts';
import type { Environment, Hours, Policy, Rule, When } from '../../src/domain/policy/rule.ts';
import { allow, approve, group, person, refuse, user } from '../domain/policy/subjects.ts';

export const CLUSTERS = ['main', 'eu-1'] as const as readonly unknown[] as readonly ClusterName[];
export const ENVIRONMENTS: readonly Environment[] = [
  { name: 'production', clusters: ['main'], namespaces: ['prod', 'prod-*'] },
  { name: 'staging', clusters: ['*'], namespaces: ['*-staging', 'dev'] },
  { name: 'europe', clusters: ['eu-*'], namespaces: ['*'] },
];
const image = (name: string, more: Partial<Catalogue['images'][number]> = {}): Catalogue['images'][number] =>
  ({ name: name as ImageName, ref: `${name}:1` as ImageRef, isDefault: false, shell: true, ...more });
export const CATALOGUE: Catalogue = {
  images: [
    image('netshoot', { isDefault: true, profile: 'general' }),
    image('busybox', { overlay: { workingDir: '/tmp', securityContext: { runAsUser: 65_532 } } }),
    image('bare', { shell: false, ref: `bare@sha256:${'0'.repeat(64)}` as ImageRef }),
  ],
  presets: [
    { name: 'sockets' as PresetName, image: 'netshoot' as ImageName, profile: 'general', env: [], command: ['ss'], parameters: [] },
    { name: 'plain' as PresetName, image: 'busybox' as ImageName, env: [], command: ['id'], parameters: [] },
  ],
};

const some = <Name>(...names: readonly string[]): fc.Arbitrary<readonly Name[]> => fc.subarray(names as readonly unknown[] as Name[], { minLength: 1 });
const PROFILES = ['restricted', 'baseline', 'general', 'netadmin', 'sysadmin'] as const;

const hours: fc.Arbitrary<Hours> = fc.record({
  days: fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const, { minLength: 1 }),
  fromMinute: fc.constantFrom(0, 420, 1_200), toMinute: fc.constantFrom(360, 1_200, 1_440), zone: fc.constantFrom('UTC', 'Europe/Berlin'),
});

const keys = {
  clusters: some<ClusterName>('main', 'eu-1'),
  environments: some<string>('production', 'staging', 'europe'),
  namespaces: some<string>('prod', 'prod-*', 'dev', '*', '*-staging'),
  labels: fc.constantFrom({ app: 'api' }, { app: 'db' }, { app: 'api', team: 'x' }),
  requesters: fc.subarray([user('U0ALICE'), user('U0BOB'), group('S0SRE')], { minLength: 1 }),
  channels: some<ChannelId>('C0OPS', 'C0DEV'),
  images: some<ImageName>('netshoot', 'busybox', 'bare'),
  presets: some<PresetName>('sockets', 'plain'),
  profiles: fc.subarray([...PROFILES], { minLength: 1 }),
  argv: fc.subarray([{ program: 'ss', arguments: [] }, { program: 'curl', arguments: ['[a-z]+'] }], { minLength: 1 }),
  hours,
} satisfies { readonly [Key in keyof When]-?: fc.Arbitrary<When[Key]> };

/** Zero to three keys of all that there are: more would hardly ever match. */
export const when: fc.Arbitrary<When> = fc.subarray(Object.keys(keys) as (keyof When)[], { maxLength: 3 })
  .chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, keys[key]]))) as fc.Arbitrary<unknown> as fc.Arbitrary<When>);

const more = fc.record({
  reason: fc.constantFrom({ required: true }, { required: false, pattern: 'INC-[0-9]+' }),
  digestRequired: fc.boolean(), unbounded: fc.boolean(), private: fc.constantFrom('allow' as const, 'refuse' as const),
}, { requiredKeys: [] });

const rule = (index: number): fc.Arbitrary<Rule> => fc.oneof(
  when.map((keysOfRule) => refuse(`rule ${index}`, keysOfRule, 'Ask us.')),
  fc.tuple(when, more).map(([keysOfRule, rest]) => allow(`rule ${index}`, keysOfRule, rest)),
  fc.tuple(when, more, fc.boolean()).map(([keysOfRule, rest, stepUp]) => approve(`rule ${index}`, keysOfRule, { ...rest, stepUp, approvers: [group('S0SRE'), user('U0BOB')] })),
);

export const policy: fc.Arbitrary<Policy> = fc.integer({ min: 0, max: 5 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => rule(index))))
  .map((rules) => ({ version: 'a'.repeat(64) as Sha256, environments: ENVIRONMENTS, rules }));

const WEEK_MS = 7 * 86_400_000;
export const NAMESPACES = ['prod', 'prod-eu', 'product', 'dev', 'eu-staging', 'kube-system'] as const;

/** Everything known: what a plan is judged by. */
export const knownSubject: fc.Arbitrary<Subject> = fc.record({
  cluster: fc.constantFrom(...CLUSTERS),
  namespace: fc.constantFrom(...NAMESPACES) as fc.Arbitrary<unknown> as fc.Arbitrary<Namespace>,
  channel: fc.constantFrom('C0OPS', 'C0DEV') as fc.Arbitrary<unknown> as fc.Arbitrary<ChannelId>,
  is: fc.tuple(fc.constantFrom('U0ALICE', 'U0BOB', 'U0DAVE'), fc.boolean()).map(([id, isSre]) => person(id, ...(isSre ? ['S0SRE'] : []))),
  image: fc.constantFrom('netshoot', 'busybox', 'bare') as fc.Arbitrary<unknown> as fc.Arbitrary<ImageName>,
  preset: fc.constantFrom('sockets', 'plain', null) as fc.Arbitrary<unknown> as fc.Arbitrary<PresetName | null>,
  argv: fc.constantFrom(['ss'], ['curl', 'x'], ['id']),
  profiles: fc.constantFrom(...PROFILES).map((profile) => [profile]),
  labels: fc.constantFrom({ app: 'api' }, { app: 'db' }, {}, { app: 'api', team: 'x' }),
  now: fc.integer({ min: 1_780_000_000_000, max: 1_780_000_000_000 + WEEK_MS }) as fc.Arbitrary<unknown> as fc.Arbitrary<Instant>,
}).map((subject) => consistent(subject));

/** A preset fixes its image, and may fix its profile: no other subject is ever judged. */
const consistent = (subject: Subject): Subject => {
  const preset = CATALOGUE.presets.find(({ name }) => name === subject.preset);
  if (!preset) return subject;
  const profiles = preset.profile === undefined ? ['restricted' as const] : [preset.profile];
  return { ...subject, image: preset.image, argv: preset.command, profiles };
};

/** The same, or as the door sees it. */
export const subject: fc.Arbitrary<Subject> = fc.tuple(knownSubject, fc.boolean(), fc.subarray(['restricted', 'baseline', 'general'] as const))
  .map(([known, isAtDoor, others]) => (isAtDoor ? { ...known, labels: undefined, profiles: [...new Set([...known.profiles, ...others])] } : known));

export const conditions: fc.Arbitrary<Conditions> = fc.record({
  reason: fc.constantFrom(undefined, 'INC-42', 'curious', ' '), isPrivate: fc.boolean(), env: fc.constantFrom([], ['TZ'], ['TAR_OPTIONS']), image: fc.constant('netshoot'), hasShell: fc.boolean(), pinned: fc.boolean(), stepUp: fc.constantFrom('available' as const, 'unavailable' as const), nodeAccess: fc.constant([]),
});
