import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AS_NPM_STARTS_IT } from '../../src/playground/local/process.ts';
import { readYaml, REPOSITORY } from './manifests.ts';

const read = (file: string): string => readFileSync(join(REPOSITORY, file), 'utf8');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Comments gone, continued lines joined: one entry for each instruction. */
const instructions: readonly Instruction[] = read('deploy/Dockerfile').split('\n').filter((line) => !line.startsWith('#')).join('\n')
  .replaceAll(/\\\n/g, ' ').split('\n').filter((line) => line.trim() !== '')
  .map((line) => ({ name: line.split(/\s+/)[0] ?? '', rest: line.replace(/^\S+\s+/, '').replaceAll(/\s+/g, ' ') }));

const of = (name: string): readonly string[] => instructions.filter((each) => each.name === name).map(({ rest }) => rest);
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
const inLastStage = (name: string): readonly string[] => lastStage.filter((each) => each.name === name).map(({ rest }) => rest);

test('two stages build on node, the image itself has neither shell nor package manager', () => {
  const bases = of('FROM').map((rest) => rest.replace(/@sha256:[0-9a-f]{64}/, ''));
  expect(bases).toEqual(['node:24-trixie-slim AS build', 'node:24-trixie-slim AS dependencies', 'gcr.io/distroless/nodejs24-debian13:nonroot']);
});

test('a base is named by a version, never by latest or by nothing', () => {
  for (const rest of of('FROM')) expect(rest).toMatch(/^[a-z0-9./-]+:(?!latest)[a-z0-9.-]+(@sha256:[0-9a-f]{64})?( AS [a-z]+)?$/);
});

test('the image: user, signal, entry point, default command', () => {
  expect(inLastStage('USER')).toEqual(['65532:65532']);
  expect(inLastStage('STOPSIGNAL')).toEqual(['SIGTERM']);
  expect(inLastStage('ENTRYPOINT').map((rest) => JSON.parse(rest) as unknown)).toEqual([['/nodejs/bin/node', ...AS_NPM_STARTS_IT.nodeArguments, 'dist/main.js']]);
  expect(inLastStage('CMD').map((rest) => JSON.parse(rest) as unknown)).toEqual([['start']]);
  expect(inLastStage('RUN')).toEqual([]);
});

test('its labels are OCI\'s, its version the package\'s', () => {
  const { version, license } = JSON.parse(read('package.json')) as { readonly version: string; readonly license: string };
  const labels = inLastStage('LABEL').join(' ');
  for (const key of ['title', 'description', 'licenses', 'version', 'revision']) expect(labels).toContain(`org.opencontainers.image.${key}=`);
  expect(labels).toContain(`licenses="${license}"`);
  expect(of('ARG')).toContain(`VERSION=${version}`);
  const { images } = readYaml(join(REPOSITORY, 'deploy/kustomize/base/kustomization.yaml'))[0] as { readonly images: readonly unknown[] };
  expect(images).toEqual([{ name: 'kdebug', newName: 'registry.example.com/kdebug', newTag: version }]);
});

test('no install script runs, and the image gets the dependencies of production only', () => {
  const installs = of('RUN').filter((rest) => rest.startsWith('npm'));
  expect(installs.map((rest) => rest.split(' && ')[0])).toEqual(['npm ci --ignore-scripts', 'npm ci --ignore-scripts --omit=dev']);
  expect(of('RUN').join('\n')).toContain('tsc -p tsconfig.build.json');
  expect(inLastStage('COPY')[0]).toBe('--from=dependencies /app/node_modules ./node_modules');
});

const sourcesOf = (rest: string): readonly string[] => rest.split(' ').filter((word) => !word.startsWith('--')).slice(0, -1);

test('what is copied from the repository exists and passes .dockerignore; what is copied from a stage is built there', () => {
  const allowed = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const fromContext = of('COPY').filter((rest) => !rest.includes('--from=')).flatMap(sourcesOf);
  expect(fromContext.filter((source) => !existsSync(join(REPOSITORY, source)))).toEqual([]);
  expect([...new Set(fromContext)].sort()).toEqual(allowed.sort());
  const fromStages = of('COPY').filter((rest) => rest.includes('--from=')).flatMap(sourcesOf);
  expect(fromStages).toEqual(['/app/node_modules', '/app/dist', '/state']);
  expect(JSON.parse(read('tsconfig.build.json'))).toMatchObject({ compilerOptions: { outDir: 'dist' } });
});

test('.dockerignore keeps everything else out, secrets first of all', () => {
  expect(read('.dockerignore').split('\n').filter((line) => line !== '' && !line.startsWith('#'))[0]).toBe('*');
  expect(read('.dockerignore')).not.toMatch(/^!\.env/m);
});

interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly healthcheck: { readonly test: readonly string[]; readonly timeout: string };
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly [field: string]: unknown;
}

const compose = readYaml(join(REPOSITORY, 'deploy/compose.yaml'))[0] as {
  readonly services: Readonly<Record<string, Service>>; readonly networks: Readonly<Record<string, unknown>>; readonly volumes: Readonly<Record<string, unknown>>;
};

test('compose: Valkey keeps every acknowledged write, evicts nothing, and is reached by kdebug alone', () => {
  const { valkey } = compose.services;
  expect(valkey?.command.join(' ')).toContain('--appendonly yes --appendfsync always --maxmemory-policy noeviction');
  expect(valkey?.ports).toBeUndefined();
  expect(valkey?.networks).toEqual(['queue']);
  expect(compose.networks['queue']).toEqual({ internal: true });
});

test('compose: kdebug is built by the Dockerfile, reads .env, and starts when Valkey answers', () => {
  const { kdebug } = compose.services;
  expect(existsSync(join(REPOSITORY, 'deploy', kdebug!.build!.context, kdebug!.build!.dockerfile))).toBe(true);
  expect(kdebug).toMatchObject({
    command: ['start'], env_file: ['../.env'],
    environment: { REDIS_URL: 'redis://valkey:6379' }, depends_on: { valkey: { condition: 'service_healthy' } },
  });
  expect(kdebug?.ports?.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
});

test('compose: each service has a health check, no capability, a root file system that nobody can write', () => {
  expect(Object.keys(compose.services)).toEqual(['valkey', 'kdebug']);
  for (const service of Object.values(compose.services)) {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.healthcheck.test.length).toBeGreaterThan(1);
    expect(service['cap_add']).toBeUndefined();
  }
});

test('compose: kdebug\'s health check runs on the image\'s own node, which has no shell beside it', () => {
  const [kind, program, flag, script = ''] = compose.services['kdebug']!.healthcheck.test;
  expect([kind, program, flag]).toEqual(['CMD', '/nodejs/bin/node', '-e']);
  expect(script).toContain('http://127.0.0.1:9090/readyz');
});
