import { array, constantFrom, sample } from 'fast-check';
import { expect, test } from 'vitest';
import * as url from '../../../src/adapters/kubernetes/url.ts';
import type { ContainerName, Namespace, PodName } from '../../../src/domain/names.ts';
import { API, POD, PROD } from './fixtures.ts';

const HOSTILE = ['..', '.', '/', '%2e%2e', '%2F', '?', '#', '&', '=', '\\', '\n', '\r\nHost: x', '\0', ' ', ';', '@', ':', 'kube-system', 'secrets', 'a', 'A', '-', 'é', '\u202e', '\ud800', ''];
const NAMES = 100_000;

/** Everything kdebug can ask, each part with a name that no parser made. */
const PATHS: readonly ((name: string) => string)[] = [
  (name) => url.namespacePath(name as Namespace),
  (name) => url.podPath(PROD, name as PodName),
  (name) => url.podPath(name as Namespace, POD),
  (name) => url.podsPath(name as Namespace, { limit: 1 }),
  (name) => url.ephemeralContainersPath(PROD, name as PodName, true),
  (name) => url.logPath(PROD, name as PodName, API),
  (name) => url.workloadPath('deploy', PROD, name),
  (name) => url.workloadPath('svc', PROD, name),
  (name) => url.replicaSetsPath(name as Namespace, 'a=b', 1),
  (name) => url.watchPath(name as Namespace, POD, '1', 1),
];
/** Parameters are encoded, so any text is fit for them. */
const QUERIES: readonly ((text: string) => string)[] = [
  (text) => url.podsPath(PROD, { limit: 1, labelSelector: text, continue: text }),
  (text) => url.watchPath(PROD, text as PodName, text, 1),
  (text) => url.logPath(PROD, POD, text as ContainerName),
];

const LABELS = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

const built = (path: () => string): string | undefined => {
  try {
    return path();
  } catch (error) {
    expect(error).toBeInstanceOf(url.ApiPathError);
    return undefined;
  }
};

test('of 100,000 hostile names none leaves its place in the path', () => {
  let refused = 0;
  const names = sample(array(constantFrom(...HOSTILE), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')), { numRuns: NAMES, seed: 1 });
  for (const [index, name] of names.entries()) {
    const path = built(() => PATHS[index % PATHS.length]!(name));
    if (path === undefined) {
      refused += 1;
      continue;
    }
    // Read by a real URL parser: nothing was normalised away, and the name is one whole segment.
    const parsed = new URL(path, 'https://cluster');
    expect(parsed.pathname + parsed.search).toBe(path);
    expect(parsed.pathname.split('/')).toContain(name);
    expect(name).toMatch(LABELS);
  }
  expect(refused).toBeGreaterThan(NAMES / 2);
  expect(refused).toBeLessThan(NAMES);
});

test('of 10,000 hostile texts none leaves its parameter', () => {
  const texts = sample(array(constantFrom(...HOSTILE.filter((one) => one !== '\ud800'), '\'', '(', ')', '*', '!'), { maxLength: 6 }).map((parts) => parts.join('')), { numRuns: 10_000, seed: 2 });
  texts.forEach((text, index) => {
    const parsed = new URL(QUERIES[index % QUERIES.length]!(text), 'https://cluster');
    expect(parsed.pathname).toMatch(/^\/api\/v1\/namespaces\/prod\/pods(\/api-6c9d84c9d6-2r6zw\/log)?$/);
    expect([...parsed.searchParams.values()].some((value) => value === text || value === `metadata.name=${text}`)).toBe(true);
  });
});

test.each([
  '/api/v1/namespaces/prod/secrets/x', '/api/v1/namespaces/prod/pods/p/exec', '/api/v1/pods', '/api/v1/namespaces/prod/pods/p/log/', '/apis/apps/v1/namespaces/prod/deployments',
  '/api/v1/namespaces/prod/pods?watch=true&watch', '/api/v1/namespaces/prod/pods?previous=true', '/version?x=%zz', 'https://elsewhere/version', '//elsewhere/version', '/version\n',
])('%j is never asked', (path) => {
  expect(() => url.assertApiPath(path)).toThrow(url.ApiPathError);
});

test('the paths are the API server\'s', () => {
  expect(url.ephemeralContainersPath(PROD, POD, true)).toBe('/api/v1/namespaces/prod/pods/api-6c9d84c9d6-2r6zw/ephemeralcontainers?fieldManager=kdebug&fieldValidation=Strict&dryRun=All');
  expect(url.ephemeralContainersPath(PROD, POD, false)).toBe('/api/v1/namespaces/prod/pods/api-6c9d84c9d6-2r6zw/ephemeralcontainers?fieldManager=kdebug&fieldValidation=Strict');
  expect(url.watchPath(PROD, POD, '100', 290)).toBe('/api/v1/namespaces/prod/pods?watch=true&fieldSelector=metadata.name%3Dapi-6c9d84c9d6-2r6zw&resourceVersion=100&allowWatchBookmarks=true&timeoutSeconds=290');
});
