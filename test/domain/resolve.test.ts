import { describe, expect, it } from 'vitest';
import type { Catalogue, Image, Preset } from '../../src/domain/catalogue.ts';
import type { RunCommand } from '../../src/domain/command/command.ts';
import type { ContainerName, ImageName, ImageRef, PresetName } from '../../src/domain/names.ts';
import { resolve, type Resolved } from '../../src/domain/resolve.ts';
import { runCommand } from '../fixtures/requests.ts';

const image = (name: string, changed: Partial<Image> = {}): Image => ({ name: name as ImageName, ref: `${name}:1` as ImageRef, isDefault: false, shell: true, ...changed });
const preset = (name: string, changed: Partial<Preset> = {}): Preset =>
  ({ name: name as PresetName, image: 'netshoot' as ImageName, env: [], command: ['ss', '-tlnp'], parameters: [], ...changed });

const HOST = { name: 'host', pattern: '[a-z0-9.-]+|any' };
const catalogue: Catalogue = {
  images: [image('busybox'), image('netshoot', { isDefault: true, profile: 'general' }), image('tcpdump', { profile: 'netadmin' }), image('jdk', { profile: 'baseline' })],
  presets: [
    preset('sockets', { profile: 'restricted' }), preset('lowers', { image: 'jdk' as ImageName }),
    preset('dig', { command: ['dig', '{host}', '@{server}', '{type}'], parameters: [HOST, { name: 'type', pattern: 'A|AAAA' }], env: [['HOME', '/tmp']], target: 'api' as ContainerName }),
    preset('lost', { image: 'gone' as ImageName }),
  ],
};
const resolved = (text: string, from: Catalogue = catalogue): Resolved => {
  const answer = resolve(runCommand(text), from);
  if (!answer.ok) throw new Error(JSON.stringify(answer.failure));
  return answer.resolved;
};
const failure = (command: RunCommand, from: Catalogue = catalogue): unknown => {
  const answer = resolve(command, from);
  return answer.ok ? undefined : answer.failure;
};
/** A preset is typed with its values; the parser keeps the pairs as they are. */
const withValues = (name: string, ...set: readonly (readonly [string, string])[]): RunCommand => {
  const command = runCommand(`prod api --preset ${name}`);
  return { ...command, options: { ...command.options, set } };
};

describe('the image', () => {
  it.each([['prod api -- ss', 'netshoot'], ['prod api --image busybox -- ss', 'busybox']])('of %s is %s', (text, name) => { expect(resolved(text).image.name).toBe(name); });
  it('is the only one where none is the default', () => { expect(resolved('prod api -- ss', { ...catalogue, images: [image('only')] }).image.name).toBe('only'); });
  it('is unknown where there are several and none is the default', () => {
    expect(failure(runCommand('prod api -- ss'), { ...catalogue, images: [image('a'), image('b')] })).toEqual({ code: 'image_unknown', image: '', images: ['a', 'b'] });
  });
  it('is unknown by another name, also one that every object has', () => {
    expect(failure(runCommand('prod api --image debian -- ss'))).toEqual({ code: 'image_unknown', image: 'debian', images: ['busybox', 'netshoot', 'tcpdump', 'jdk'] });
    expect(failure(runCommand('prod api --image constructor -- ss'))).toMatchObject({ code: 'image_unknown' });
  });
});

describe('the profiles, in the order to try', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ['auto of an image without one is restricted', 'prod api --image busybox -- ss', ['restricted']],
    ['auto begins at the image\'s own and goes down', 'prod api -- ss', ['general', 'baseline', 'restricted']],
    ['auto written out is the same', 'prod api --profile auto -- ss', ['general', 'baseline', 'restricted']],
    ['auto never goes up', 'prod api --image jdk -- ss', ['baseline', 'restricted']],
    ['auto of a privileged image never passes another privileged one', 'prod api --image tcpdump -- tcpdump', ['netadmin', 'general', 'baseline', 'restricted']],
    ['one asked for is tried alone', 'prod api --profile sysadmin -- ss', ['sysadmin']],
    ['a preset\'s own is tried alone', 'prod api --preset sockets', ['restricted']],
    ['a preset without one has its image\'s', 'prod api --preset lowers', ['baseline', 'restricted']],
  ];
  it.each(cases)('%s', (_name, text, profiles) => { expect(resolved(text).profiles).toEqual(profiles); });
});

describe('a preset', () => {
  it('fixes image, target, env and command', () => {
    const answer = resolve(withValues('dig', ['host', 'example.org'], ['type', 'AAAA']), catalogue);
    expect(answer).toMatchObject({ ok: true, resolved: { image: { name: 'netshoot' }, preset: 'dig', target: 'api', env: [['HOME', '/tmp']], argv: ['dig', 'example.org', '@{server}', 'AAAA'] } });
  });
  const refused: readonly [string, readonly (readonly [string, string])[], string][] = [
    ['a value is missing', [['host', 'a']], 'it needs --set type=…'],
    ['a value of no parameter', [['host', 'a'], ['type', 'A'], ['server', 'b']], 'it has no parameter server'],
    ['a value named like a property of every object', [['__proto__', 'a']], 'it has no parameter __proto__'],
    ['a value that matches only in part', [['host', 'a b'], ['type', 'A']], 'the value of host must match [a-z0-9.-]+|any'],
    ['a value that an open alternative would let in', [['host', 'a'], ['type', 'AX']], 'the value of type must match A|AAAA'],
    ['a value that begins like an option', [['host', '-x'], ['type', 'A']], 'the value of host must match [a-z0-9.-]+|any'],
    ['an empty value', [['host', ''], ['type', 'A']], 'the value of host must match [a-z0-9.-]+|any'],
    ['a value with a line break behind', [['host', 'a\n'], ['type', 'A']], 'the value of host must match [a-z0-9.-]+|any'],
    ['a value of 254 characters', [['host', 'a'.repeat(254)], ['type', 'A']], 'the value of host must match [a-z0-9.-]+|any'],
  ];
  it.each(refused)('%s', (_name, set, detail) => { expect(failure(withValues('dig', ...set))).toEqual({ code: 'parameter', preset: 'dig', detail }); });

  it('a value is one argument, whatever is in it', () => {
    const open: Catalogue = { ...catalogue, presets: [preset('echo', { command: ['echo', '{text}', '{text}'], parameters: [{ name: 'text', pattern: '.*' }] })] };
    const answer = resolve(withValues('echo', ['text', '$(id); {text} a']), open);
    expect(answer).toMatchObject({ resolved: { argv: ['echo', '$(id); {text} a', '$(id); {text} a'] } });
  });
  it('of 253 characters is taken', () => { expect(failure(withValues('dig', ['host', 'a'.repeat(253)], ['type', 'A']))).toBeUndefined(); });
  it('that is not there, or whose image is not', () => {
    expect(failure(withValues('nothing'))).toEqual({ code: 'preset_unknown', preset: 'nothing', presets: ['sockets', 'lowers', 'dig', 'lost'] });
    expect(failure(withValues('lost'))).toMatchObject({ code: 'image_unknown', image: 'gone' });
  });
});

describe('without a preset', () => {
  it('command, env and target are as typed', () => {
    expect(resolved('prod api --target log --env A=b --env C=d -- sh -c "a b"')).toMatchObject({ preset: null, target: 'log', env: [['A', 'b'], ['C', 'd']], argv: ['sh', '-c', 'a b'] });
    expect(resolved('prod api -- ss')).toMatchObject({ target: undefined, env: [] });
  });
});
