import { expect, test } from 'vitest';
import { settingsOf, yaml } from './base.ts';

const version = (text: string): string => settingsOf(text).policy.version;
const IMAGES = 'images: { a: { ref: "a:1", shell: true }, b: { ref: "b:1" } }';
const PRESETS = 'presets: { p: { image: a, command: [ls] }, q: { image: b, command: [id], env: { A: x, B: y } } }';
const RULES = 'rules: [{ name: one, when: { profiles: [general] }, decide: allow }, { name: two, when: {}, decide: refuse }]';
const ENVIRONMENTS = 'environments: { prod: { clusters: [main], namespaces: [prod] }, dev: { clusters: [main], namespaces: [dev] } }';
const FULL = { images: IMAGES, presets: PRESETS, environments: ENVIRONMENTS, rules: RULES };
const before = version(yaml(FULL));

test('it is a SHA-256 and the same for the same text', () => {
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(version(yaml(FULL))).toBe(before);
});

test.each([
  ['another order of images', { images: 'images: { b: { ref: "b:1" }, a: { shell: true, ref: "a:1" } }' }, ''],
  ['another order of presets and variables', { presets: 'presets: { q: { env: { B: y, A: x }, image: b, command: [id] }, p: { image: a, command: [ls] } }' }, ''],
  ['another order of environments', { environments: 'environments: { dev: { namespaces: [dev], clusters: [main] }, prod: { clusters: [main], namespaces: [prod] } }' }, ''],
  ['another way to write it', { rules: RULES.replace('profiles: [general]', 'profiles: ["general"]') }, ''],
  ['a default written out', {}, 'limits: { timeout_max: 15m, output_days: 7 }'],
  ['the same duration in other units', {}, 'limits: { timeout_default: 1m }'],
  ['other channels', { channels: 'channels: { audit: C0OTHER, incidents: ["inc-*"] }' }, ''],
  ['other clusters', { clusters: 'clusters: { main: { default: true, cancel: exec }, west: {} }' }, ''],
  ['identity, break glass, Redis and redaction', {}, 'identity: { mode: review }\nbreak_glass: { who: ["user:U1"] }\nredis: { durability: none }\nredaction: { patterns: [{ name: x, pattern: x }] }'],
])('it stays with %s', (_, changed, more) => {
  expect(version(yaml({ ...FULL, ...changed }, more))).toBe(before);
});

test.each([
  ['another image ref', { images: IMAGES.replace('a:1', 'a:2') }, ''],
  ['another shell', { images: IMAGES.replace('shell: true', 'shell: false') }, ''],
  ['a new overlay', { images: IMAGES.replace('ref: "b:1"', 'ref: "b:1", overlay: { workingDir: /tmp }') }, ''],
  ['another argument of a preset', { presets: PRESETS.replace('[ls]', '[ls, -l]') }, ''],
  ['another variable of a preset', { presets: PRESETS.replace('B: y', 'B: z') }, ''],
  ['another namespace', { environments: ENVIRONMENTS.replace('[prod]', '["prod-*"]') }, ''],
  ['another order of rules', { rules: 'rules: [{ name: two, when: {}, decide: refuse }, { name: one, when: { profiles: [general] }, decide: allow }]' }, ''],
  ['another condition', { rules: RULES.replace('[general]', '[baseline]') }, ''],
  ['a digest required', { rules: RULES.replace('decide: allow', 'decide: allow, digest: required') }, ''],
  ['another timeout', {}, 'limits: { timeout_max: 14m }'],
  ['another count', {}, 'limits: { replicas_max: 9 }'],
])('it changes with %s', (_, changed, more) => {
  expect(version(yaml({ ...FULL, ...changed }, more))).not.toBe(before);
});
