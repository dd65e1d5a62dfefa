/** Paths that are about no resource: version, health, and what clients discover the API by. */
import { json, text, type Answer, type ReceivedRequest } from './exchange.ts';
import type { JsonObject } from './ports.ts';
import { apiVersionOf, SERVED, type Resource } from './resources.ts';
import { methodNotAllowed } from './status.ts';

const VERSION: JsonObject = {
  major: '1', minor: '36', emulationMajor: '1', emulationMinor: '36', minCompatibilityMajor: '1', minCompatibilityMinor: '35',
  gitVersion: 'v1.36.2', gitCommit: '8e16b12fda5b1dccc41a6de48b3e356cc7d5048b', gitTreeState: 'clean', buildDate: '2026-08-21T11:29:11Z',
  goVersion: 'go1.26.11', compiler: 'gc', platform: 'linux/amd64',
};

const GROUPS = [...new Set(SERVED.map((resource) => resource.group))].filter((group) => group !== '');

const versionOf = (group: string): JsonObject => ({ groupVersion: `${group}/v1`, version: 'v1' });

const groupOf = (group: string): JsonObject => ({ name: group, versions: [versionOf(group)], preferredVersion: versionOf(group) });

const entriesOf = (resource: Resource): readonly JsonObject[] => [
  {
    name: resource.plural, singularName: resource.singular, namespaced: resource.namespaced, kind: resource.kind, verbs: resource.verbs,
    ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
  },
  ...resource.subresources.map((sub) => ({
    name: `${resource.plural}/${sub.name}`, singularName: '', namespaced: resource.namespaced, kind: sub.kind, verbs: sub.verbs,
  })),
];

const resourceList = (groupVersion: string): JsonObject | undefined => {
  const resources = SERVED.filter((resource) => apiVersionOf(resource) === groupVersion).flatMap(entriesOf);
  return resources.length === 0 ? undefined : { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
};

const FIXED: Readonly<Record<string, () => Answer>> = {
  '/version': () => json(200, VERSION),
  '/readyz': () => text(200, 'ok'),
  '/livez': () => text(200, 'ok'),
  '/healthz': () => text(200, 'ok'),
  '/api': () => json(200, { kind: 'APIVersions', versions: ['v1'] }),
  '/apis': () => json(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPS.map(groupOf) }),
};

const discovered = (path: string): Answer | undefined => {
  const [root, group = '', version, ...rest] = path.split('/').filter((part) => part !== '');
  if (rest.length > 0) return undefined;
  if (root === 'apis' && version === undefined && GROUPS.includes(group)) return json(200, { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) });
  const list = resourceList(root === 'api' && version === undefined ? group : `${group}/${version ?? ''}`);
  return list === undefined ? undefined : json(200, list);
};

export const answerPath = (request: ReceivedRequest): Answer => {
  const answer = FIXED[request.path]?.() ?? discovered(request.path);
  if (answer === undefined) return text(404, '404 page not found\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  return answer;
};
