import { expect, test } from 'vitest';
import { WORKER_RULES, WORKER_USER } from '../../src/playground/local/rights.ts';
import { PROD, type Stage } from './stage.ts';

const RIGHTS = WORKER_RULES.flatMap(({ apiGroups = [], resources = [], verbs }) =>
  apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => ({ verb, resource: group === '' ? resource : `${resource}.${group}` })))));
/** What would make the worker more than it says it is. */
const MORE = [
  ['get', 'secrets'], ['create', 'pods'], ['delete', 'pods'], ['create', 'pods/exec'], ['create', 'pods/attach'], ['update', 'pods/ephemeralcontainers'],
  ['patch', 'pods'], ['create', 'pods/eviction'], ['list', 'services'], ['list', 'namespaces'], ['list', 'deployments.apps'], ['get', 'configmaps'],
] as const;
/** Each an optional component of deploy/, asked for only by `stop` and `record`; without it the answer is 403, and that is all. */
const OPTIONAL = new Set(['get pods/exec', 'create pods/exec', 'create events.events.k8s.io']);
/** Of no rule of ours: every authenticated user may ask for the version, and who they are. */
const FREE = ['get /version', 'create selfsubjectreviews.authentication.k8s.io'];

export const rightsContract = (stage: () => Stage): void => {
  test("the user has all of the worker's rights", async () => {
    const answers = await Promise.all(RIGHTS.map(async ({ verb, resource }) => [`${verb} ${resource}`, await stage().world.rest.may(verb, resource, PROD)] as const));
    expect(answers.filter(([, may]) => !may).map(([right]) => right)).toEqual([]);
  });

  test('one cheap call tells that the cluster answers', async () => {
    expect(await stage().world.cluster.ping()).toBeUndefined();
  });

  test('the worker has no other rights, and no call of the adapter needed one', async (context) => {
    const control = stage().world.double?.cluster.control ?? context.skip('only the simulated cluster tells which requests it got');
    const answers = await Promise.all(MORE.map(async ([verb, resource]) => [`${verb} ${resource}`, await stage().world.rest.may(verb, resource, PROD)] as const));
    expect(answers.filter(([, may]) => may).map(([right]) => right)).toEqual([]);

    const requests = control.requests().filter(({ userAgent }) => userAgent.startsWith('kdebug-contract/'));
    const allowed = new Set([...RIGHTS.map(({ verb, resource }) => `${verb} ${resource}`), ...FREE, ...OPTIONAL]);
    expect(requests.length).toBeGreaterThan(100);
    expect(requests.filter(({ verb, resource }) => !allowed.has(`${verb} ${resource}`)).map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    expect(new Set(requests.map(({ user }) => user))).toEqual(new Set([WORKER_USER]));
    // Pod Security refuses with the same status; only dry runs in `locked` are meant to meet it.
    const forbidden = requests.filter(({ verb, resource }) => !OPTIONAL.has(`${verb} ${resource}`)).filter(({ status, namespace, query }) => status === 403 && !(namespace === 'locked' && query.get('dryRun') === 'All'));
    expect(forbidden.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
};
