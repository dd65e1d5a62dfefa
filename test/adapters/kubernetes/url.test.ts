import { array, constantFrom, sample } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STOP_SCRIPT } from '../../../src/adapters/kubernetes/stop-script.ts';
import * as url from '../../../src/adapters/kubernetes/url.ts';
import type { ContainerName, Namespace, PodName } from '../../../src/domain/names.ts';
import { API, MARKER, POD, PROD } from './fixtures.ts';

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
  (name) => url.eventsPath(name as Namespace),
  (name) => url.stopPath(PROD, name as PodName, API, MARKER),
  (name) => url.stopPath(name as Namespace, POD, API, MARKER),
];
/** Parameters are encoded, so any text is fit for them. */
const QUERIES: readonly ((text: string) => string)[] = [
  (text) => url.podsPath(PROD, { limit: 1, labelSelector: text, continue: text }),
  (text) => url.watchPath(PROD, text as PodName, text, 1),
  (text) => url.logPath(PROD, POD, text as ContainerName),
  (text) => url.logPath(PROD, POD, API, { sinceTime: text }),
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

describe('of all commands, exec runs the kill command only', () => {
  const allowed = url.stopPath(PROD, POD, API, MARKER);

  test('word for word', () => {
    const parsed = new URL(allowed, 'https://cluster');
    expect(parsed.pathname).toBe('/api/v1/namespaces/prod/pods/api-6c9d84c9d6-2r6zw/exec');
    expect(parsed.searchParams.getAll('command')).toStrictEqual(['sh', '-c', STOP_SCRIPT, 'kdebug-cancel', 'kd-0123abcd']);
    expect(parsed.searchParams.get('stdin')).toBeNull();
  });

  test.each<readonly [string, (path: string) => string]>([
    ['another command', (path) => path.replace(/command=.*$/, 'command=id')],
    ['one word more', (path) => `${path}&command=x`],
    ['one word before', (path) => path.replace('command=sh', 'command=env&command=sh')],
    ['another script', (path) => path.replace('kill', 'cat')],
    ['a script with one letter more', (path) => path.replace('&command=kdebug-cancel', '%20&command=kdebug-cancel')],
    ['a marker that is no request', (path) => path.replace('kd-0123abcd', '%24(id)')],
    ['no marker', (path) => path.replace('&command=kd-0123abcd', '')],
    ['a container twice', (path) => `${path}&container=app`],
    ['stdin', (path) => `${path}&stdin=true`],
    ['a terminal', (path) => `${path}&tty=true`],
    ['another pod in the path', (path) => path.replace('/exec', '/../other/exec')],
  ])('%s is never asked', (_what, changed) => {
    expect(changed(allowed)).not.toBe(allowed);
    expect(() => url.assertApiPath(changed(allowed))).toThrow(url.ApiPathError);
  });
});

test('the paths are the API server\'s', () => {
  expect(url.ephemeralContainersPath(PROD, POD, true)).toBe('/api/v1/namespaces/prod/pods/api-6c9d84c9d6-2r6zw/ephemeralcontainers?fieldManager=kdebug&fieldValidation=Strict&dryRun=All');
  expect(url.ephemeralContainersPath(PROD, POD, false)).toBe('/api/v1/namespaces/prod/pods/api-6c9d84c9d6-2r6zw/ephemeralcontainers?fieldManager=kdebug&fieldValidation=Strict');
  expect(url.watchPath(PROD, POD, '100', 290)).toBe('/api/v1/namespaces/prod/pods?watch=true&fieldSelector=metadata.name%3Dapi-6c9d84c9d6-2r6zw&resourceVersion=100&allowWatchBookmarks=true&timeoutSeconds=290');
});
