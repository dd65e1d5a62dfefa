/** The plan of the house, read from the import lines and the code of every file; each rule is first shown to be able to fail. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { arrows, fileLength, functionLength, language, ownWords, pureDomain, quietApp, vendors, type Check } from './architecture/rules.ts';
import { codeOf, functionsOf, importsOf, type Source } from './architecture/source.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const sources: readonly Source[] = globSync('src/**/*.ts', { cwd: ROOT }).sort().map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }));
const committed: readonly Source[] = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n')
  .filter((path) => path !== '' && path !== 'package-lock.json' && existsSync(`${ROOT}${path}`))
  .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'latin1') }));

const all = (check: Check, files: readonly Source[]): readonly string[] => files.flatMap((source) => check(source));

/** Files that break a limit for a reason; a reason that is needed no longer fails too. */
const LONG_FILES: Readonly<Record<string, string>> = {};
const LONG_FUNCTIONS: Readonly<Record<string, string>> = {
  // each is one closure around the state that its short functions share; cut apart, that state would have to be passed about
  'src/playground/cluster/kubelet/images.ts': 'one image store with its pulls under way',
  'src/playground/cluster/kubelet/kubelet.ts': 'one kubelet with its pods',
  'src/playground/cluster/kubelet/log-store.ts': 'one store of logs with its readers',
  'src/playground/cluster/rbac.ts': 'one authorizer over its roles',
  'src/playground/cluster/store.ts': 'one store of objects with its versions and its watchers',
  'src/playground/slack/transport/connections.ts': 'one set of open sockets',
};
const beyond = (check: Check, reasons: Readonly<Record<string, string>>): readonly string[] => {
  const found = all(check, sources);
  const needless = Object.keys(reasons).filter((path) => !found.some((sentence) => sentence.startsWith(path)));
  return [...found.filter((sentence) => !Object.keys(reasons).some((path) => sentence.startsWith(path))), ...needless.map((path) => `${path} needs no exception`)];
};

describe('there is something to look at', () => {
  it('in every part of the house', () => {
    const parts = ['domain', 'app', 'config', 'ops', 'playground', 'adapters/slack', 'adapters/kubernetes', 'adapters/redis'];
    expect(parts.filter((part) => !sources.some(({ path }) => path.startsWith(`src/${part}/`)))).toEqual([]);
  });
  it('with imports in most of the files', () => {
    expect(sources.filter((source) => importsOf(source).length > 0).length).toBeGreaterThan(sources.length / 2);
  });
  it('and functions in most of them', () => {
    expect(sources.filter((source) => functionsOf(source).length > 0).length).toBeGreaterThan(sources.length / 2);
  });
  it('and committed files', () => { expect(committed.length).toBeGreaterThan(100); });
});

describe('the house', () => {
  test('imports point inward only', () => { expect(all(arrows, sources)).toEqual([]); });
  test('each vendor lives in its own folder', () => { expect(all(vendors, sources)).toEqual([]); });
  test('the domain is pure', () => { expect(all(pureDomain, sources)).toEqual([]); });
  test('the use cases know no world but their ports', () => { expect(all(quietApp, sources)).toEqual([]); });
  test('no any, no non-null !, no enum, no class but errors, no console', () => { expect(all(language, sources)).toEqual([]); });
  test('a file is a page', () => { expect(beyond(fileLength, LONG_FILES)).toEqual([]); });
  test('a function is a sentence', () => { expect(beyond(functionLength, LONG_FUNCTIONS)).toEqual([]); });
  test('no committed file speaks of another place', () => { expect(all(ownWords, committed)).toEqual([]); });
});

const long = (lines: number): string => Array.from({ length: lines }, (_, index) => `  step(${index});`).join('\n');
const importing = (specifier: string): string => `import { one } from '${specifier}';`;

describe('each rule can fail', () => {
  const bad: readonly [string, Check, string, string][] = [
    ['the domain imports a use case', arrows, 'src/domain/a.ts', importing('../app/b.ts')],
    ['a use case imports an adapter', arrows, 'src/app/a.ts', importing('../adapters/redis/b.ts')],
    ['a use case imports a type of an adapter', arrows, 'src/app/a.ts', "import type { One } from '../adapters/redis/b.ts';"],
    ['a use case imports over several lines', arrows, 'src/app/a.ts', "import {\n  one,\n  two,\n} from '../adapters/redis/b.ts';"],
    ['a use case loads an adapter later', arrows, 'src/app/a.ts', "const one = await import('../adapters/redis/b.ts');"],
    ['a use case hands an adapter on', arrows, 'src/app/a.ts', "export { one } from '../adapters/redis/b.ts';"],
    ['a use case imports for the effect', arrows, 'src/app/a.ts', "import '../adapters/redis/b.ts';"],
    ['an adapter imports another', arrows, 'src/adapters/slack/a.ts', importing('../redis/b.ts')],
    ['an adapter imports the configuration', arrows, 'src/adapters/slack/a.ts', importing('../../config/b.ts')],
    ['an adapter imports the playground', arrows, 'src/adapters/slack/a.ts', importing('../../playground/b.ts')],
    ['the configuration imports a use case', arrows, 'src/config/a.ts', importing('../app/b.ts')],
    ['ops imports an adapter', arrows, 'src/ops/a.ts', importing('../adapters/redis/b.ts')],
    ['the playground imports the Slack it doubles', arrows, 'src/playground/slack/a.ts', importing('../../adapters/slack/b.ts')],
    ['the playground imports the cluster it doubles', arrows, 'src/playground/cluster/a.ts', importing('../../adapters/kubernetes/b.ts')],
    ['the playground starts processes outside of its composition', arrows, 'src/playground/slack/a.ts', importing('../../processes/b.ts')],
    ['anybody imports a test', arrows, 'src/processes/a.ts', importing('../../test/b.ts')],
    ['the playground uses Bolt', vendors, 'src/playground/slack/a.ts', importing('@slack/bolt')],
    ['the playground uses the official client', vendors, 'src/playground/cluster/a.ts', importing('@kubernetes/client-node/dist/x.js')],
    ['BullMQ outside of adapters/redis', vendors, 'src/processes/a.ts', importing('bullmq')],
    ['ioredis outside of adapters/redis', vendors, 'src/ops/a.ts', importing('ioredis')],
    ['Slack in the Kubernetes adapter', vendors, 'src/adapters/kubernetes/a.ts', importing('@slack/types')],
    ['zod in the Redis adapter', vendors, 'src/adapters/redis/a.ts', importing('zod')],
    ['yaml outside of config', vendors, 'src/adapters/slack/a.ts', importing('yaml')],
    ['re2js in the Slack adapter', vendors, 'src/adapters/slack/a.ts', importing('re2js')],
    ['pino in a process', vendors, 'src/processes/a.ts', importing('pino')],
    ['commander in ops', vendors, 'src/ops/a.ts', importing('commander')],
    ['a package without a home', vendors, 'src/ops/a.ts', importing('left-pad')],
    ['a package named like a property of every object', vendors, 'src/ops/a.ts', importing('constructor')],
    ['an npm package in the domain', pureDomain, 'src/domain/a.ts', importing('zod')],
    ['randomness of node:crypto in the domain', pureDomain, 'src/domain/a.ts', "import { createHash, randomUUID } from 'node:crypto';"],
    ['files in the domain', pureDomain, 'src/domain/a.ts', "import { readFileSync } from 'node:fs';"],
    ['Date.now in the domain', pureDomain, 'src/domain/a.ts', 'const now = Date.now();'],
    ['new Date in the domain', pureDomain, 'src/domain/a.ts', 'const now = new Date(0);'],
    ['Math.random in the domain', pureDomain, 'src/domain/a.ts', 'const one = `${Math.random()}`;'],
    ['process in the domain', pureDomain, 'src/domain/a.ts', 'const one = process.env;'],
    ['async in the domain', pureDomain, 'src/domain/a.ts', 'const one = async () => 1;'],
    ['await in the domain', pureDomain, 'src/domain/a.ts', 'await one;'],
    ['a promise in the domain', pureDomain, 'src/domain/a.ts', 'type One = Promise<1>;'],
    ['an npm package in a use case', quietApp, 'src/app/a.ts', importing('zod')],
    ['files in a use case', quietApp, 'src/app/a.ts', importing('node:fs')],
    ['the clock in a use case', quietApp, 'src/app/a.ts', 'const now = Date.now();'],
    ['randomness in a use case', quietApp, 'src/app/a.ts', 'const one = Math.random();'],
    ['any as a type', language, 'src/ops/a.ts', 'const one: any = 1;'],
    ['as any', language, 'src/ops/a.ts', 'one(two as any);'],
    ['a list of any', language, 'src/ops/a.ts', 'type One = Array<any>;'],
    ['any inside of another type', language, 'src/ops/a.ts', 'const one = new Map<string, any>();'],
    ['a non-null !', language, 'src/ops/a.ts', 'one[0]!.two();'],
    ['a non-null ! at the end', language, 'src/ops/a.ts', 'const one = two!;'],
    ['an enum', language, 'src/ops/a.ts', 'export enum One { A }'],
    ['a class', language, 'src/ops/a.ts', 'export class One {}'],
    ['a class of another base', language, 'src/ops/a.ts', 'export class One extends Two {}'],
    ['console', language, 'src/ops/a.ts', 'console.log(1);'],
    ['a file of 201 lines', fileLength, 'src/ops/a.ts', long(201)],
    ['an arrow function of 41 lines', functionLength, 'src/ops/a.ts', `const one = () => {\n${long(39)}\n};`],
    ['a named function of 41 lines', functionLength, 'src/ops/a.ts', `function one() {\n${long(39)}\n}`],
    ['a method of 41 lines', functionLength, 'src/ops/a.ts', `const one = {\n  two(x: number): void {\n${long(39)}\n  },\n};`],
    ['one long expression', functionLength, 'src/ops/a.ts', `const one = () => [\n${'  1,\n'.repeat(39)}];`],
    ['a path of a machine', ownWords, 'docs/a.md', ['see ', 'work', 'main'].join('/')],
    ['a neighbour folder', ownWords, 'docs/a.md', ['see ..', 'shared', 'x'].join('/')],
    ['a note of somebody', ownWords, 'docs/a.md', ['see facts', 'queue.md'].join('/')],
  ];
  it.each(bad)('%s', (_name, check, path, text) => { expect(check({ path, text })).not.toEqual([]); });

  const good: readonly [string, Check, string, string][] = [
    ['the composition of the demo starts processes', arrows, 'src/playground/demo.ts', importing('../processes/b.ts')],
    ['an adapter imports a port', arrows, 'src/adapters/redis/a.ts', importing('../../app/ports.ts')],
    ['a comment that names a vendor', vendors, 'src/app/a.ts', "// import { Queue } from 'bullmq';"],
    ['a text that names the clock', pureDomain, 'src/domain/a.ts', "const one = 'Date.now() is async';"],
    ['a pattern with quotes', pureDomain, 'src/domain/a.ts', "const one = /['\"`]/; const two = 'await';"],
    ['createHash', pureDomain, 'src/domain/a.ts', "import { createHash } from 'node:crypto';"],
    ['an error', language, 'src/ops/a.ts', 'export class OneError extends Error {}'],
    ['a negation', language, 'src/ops/a.ts', 'if (!one || two !== three) return (!four);'],
    ['something that is called any', language, 'src/ops/a.ts', 'one(two, any, four ? five : any);'],
    ['the word any in a sentence', language, 'src/ops/a.ts', "// any of them\nconst one = 'any';"],
    ['a function of 40 lines', functionLength, 'src/ops/a.ts', `const one = () => {\n${long(38)}\n};`],
    ['a file of 200 lines', fileLength, 'src/ops/a.ts', long(200)],
  ];
  it.each(good)('and leaves alone: %s', (_name, check, path, text) => { expect(check({ path, text })).toEqual([]); });
});

describe('the scanner', () => {
  it('keeps every character in its place', () => {
    for (const { text } of sources) expect(codeOf(text)).toHaveLength(text.length);
  });
  it('sees code inside of a template and no code around it', () => {
    expect(codeOf('`await ${one({ a: `x${b}` })} await`')).toBe('`      ${one({ a: ` ${b}` })}      `');
  });
  it('sees code after a division and none in a pattern', () => {
    expect(codeOf("a / b; 'c'; /'/.test(d)")).toBe("a / b; ' '; / /.test(d)");
  });
});
