import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { loadSettings } from '../../src/config/commands.ts';
import { KUSTOMIZE, nameOf, objectsIn, readYaml, yamlFiles } from './manifests.ts';
import type { KubernetesObject } from './manifests.ts';
import { problemsOf } from './schema.ts';

const files = yamlFiles(KUSTOMIZE);
const objects = objectsIn('.');

test('there is something to look at', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(objects.length).toBeGreaterThan(20);
});

test.each(files.map((file) => [nameOf(file), file]))('%s parses as kubectl would read it', (_name, file) => {
  expect(readYaml(file)).not.toEqual([]);
});

describe('every object is one that Kubernetes knows, field by field', () => {
  test.each(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object] as const))('%s', async (_name, object) => {
    expect(await problemsOf(object)).toEqual([]);
  });

  test('and a wrong one would be found: a misspelt field, a wrong type, an unknown kind', async () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'x' } };
    expect(await problemsOf({ ...account, metadata: { name: 'x', lables: {} } } as KubernetesObject)).toEqual(['metadata/lables is not a field of ServiceAccount']);
    expect(await problemsOf({ ...account, automountServiceAccountToken: 'no' } as KubernetesObject)).toEqual([expect.stringContaining('must be boolean')]);
    await expect(problemsOf({ ...account, kind: 'ServiceAcount' })).rejects.toThrow(/ServiceAcount/);
  });
});

interface Kustomization {
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly patches?: readonly { readonly path: string; readonly target: { readonly kind: string; readonly name: string } }[];
  readonly configMapGenerator?: readonly { readonly files: readonly string[] }[];
}

const kustomizations = files.filter((file) => file.endsWith('/kustomization.yaml'));
const kustomizationIn = (file: string): Kustomization => readYaml(file)[0] as Kustomization;

/** Files must be files; folders must hold a kustomization. */
const isThere = (folder: string, name: string): boolean => {
  const path = join(folder, name);
  return existsSync(path) && (!statSync(path).isDirectory() || existsSync(join(path, 'kustomization.yaml')));
};

test.each(kustomizations.map((file) => [nameOf(file), file]))('%s names what exists', (_name, file) => {
  const { resources = [], components = [], patches = [], configMapGenerator = [] } = kustomizationIn(file);
  const named = [...resources, ...components, ...patches.map(({ path }) => path), ...configMapGenerator.flatMap((each) => each.files)];
  expect(named.filter((name) => !isThere(dirname(file), name))).toEqual([]);
  expect(named.length).toBeGreaterThan(0);
});

test('every patch has a target that exists', () => {
  const targets = kustomizations.flatMap((file) => kustomizationIn(file).patches ?? []).map(({ target }) => target);
  expect(targets.length).toBe(4);
  expect(targets.filter(({ kind, name }) => !objects.some((object) => object.kind === kind && object.metadata.name === name))).toEqual([]);
});

test('no file is left out: each is named by the kustomization beside it', () => {
  const orphans = files.filter((file) => !file.endsWith('/kustomization.yaml')).filter((file) => {
    const { resources = [], patches = [], configMapGenerator = [] } = kustomizationIn(join(dirname(file), 'kustomization.yaml'));
    return ![...resources, ...patches.map(({ path }) => path), ...configMapGenerator.flatMap((each) => each.files)].includes(file.slice(dirname(file).length + 1));
  });
  expect(orphans.map(nameOf)).toEqual([]);
});

test('the configuration to start from is one that kdebug accepts', () => {
  const loaded = loadSettings(join(KUSTOMIZE, 'base/kdebug.yaml'));
  expect(loaded.ok ? [] : loaded.problems).toEqual([]);
});

test('the admission guard allows exactly the images of that configuration', () => {
  const loaded = loadSettings(join(KUSTOMIZE, 'base/kdebug.yaml'));
  const refs = loaded.ok ? loaded.settings.catalogue.images.map(({ ref }) => String(ref)) : [];
  const guard = JSON.stringify(objectsIn('components/admission-example'));
  const allowed = /c\.image in \[([^\]]+)\]/.exec(guard)?.[1]?.split(', ').map((quoted) => quoted.slice(1, -1));
  expect(allowed?.sort()).toEqual(refs.sort());
});

test('nothing in the repository is a secret: the example holds placeholders', () => {
  const secrets = objects.filter(({ kind }) => kind === 'Secret') as (KubernetesObject & { readonly stringData: Record<string, string> })[];
  expect(secrets.map(({ metadata }) => metadata.name).sort()).toEqual(['kdebug-keys', 'kdebug-redis', 'kdebug-signing', 'kdebug-slack', 'kdebug-worker-keys']);
  for (const { stringData, ...rest } of secrets) {
    expect(rest).not.toHaveProperty('data');
    for (const value of Object.values(stringData)) expect(value).toContain('REPLACE-ME');
  }
  for (const overlay of ['socket-mode', 'http']) {
    expect(kustomizationIn(join(KUSTOMIZE, 'overlays', overlay, 'kustomization.yaml')).components).not.toContain('../../components/secrets-example');
  }
});

const hasKustomize = spawnSync('kustomize', ['version']).status === 0;

describe.skipIf(!hasKustomize)('kustomize itself (on PATH) builds', () => {
  test.each(['socket-mode', 'http'])('overlay %s', (overlay) => {
    const built = execFileSync('kustomize', ['build', join(KUSTOMIZE, 'overlays', overlay)], { encoding: 'utf8' });
    const names = parseAllDocuments(built).map((document) => (document.toJS() as KubernetesObject).metadata.name);
    expect(names).toEqual(expect.arrayContaining(['kdebug-serve', 'kdebug-worker', 'valkey']));
  });
});
