/** get, list and watch of every resource, as JSON or as a Table. */
import { eventAs } from './events.ts';
import { headerOf, json, jsonText, type Answer, type Outlet } from './exchange.ts';
import { withoutAbsent } from './json.ts';
import { WATCH_TIMEOUT_SECONDS } from './limits.ts';
import { itemTextOf, type StoredObject } from './objects.ts';
import { isTrue } from './request-info.ts';
import { apiVersionOf } from './resources.ts';
import { fieldSelector, labelSelector, requiredName, type Match } from './selectors.ts';
import { badRequest, invalid, notAcceptable, notFound } from './status.ts';
import { tableOf } from './table.ts';
import type { Call, World } from './world.ts';

type Form = 'json' | 'table';

/** The first acceptable of the Accept header's forms; a list of them is a preference. @throws 406 */
const formOf = (call: Call): Form => {
  const accepted = (headerOf(call.request, 'accept') ?? '*/*').split(',').map((entry) => entry.replaceAll(' ', ''));
  for (const entry of accepted) {
    const [type, ...parameters] = entry.split(';');
    const as = parameters.find((parameter) => parameter.startsWith('as='));
    const plain = ['application/json', 'application/*', '*/*', ''].includes(type ?? '');
    if (plain && as === undefined) return 'json';
    if (type === 'application/json' && as === 'as=Table' && parameters.includes('v=v1') && parameters.includes('g=meta.k8s.io')) return 'table';
  }
  throw notAcceptable();
};

const matchOf = (call: Call): Match => {
  const byLabel = labelSelector(call.request.query.get('labelSelector') ?? '');
  const byField = fieldSelector(call.resource.store, call.request.query.get('fieldSelector') ?? '');
  return (object) => byLabel(object) && byField(object);
};

const shownFor = (call: Call): ((object: StoredObject) => StoredObject) =>
  call.resource.store === 'events' ? (object) => eventAs(call.resource.group, object) : (object) => object;

export const readOne = (world: World, call: Call): Answer => {
  const { resource, info } = call;
  const found = world.store.get(resource.store, resource.namespaced ? info.namespace : '', info.name);
  if (found === undefined) throw notFound(resource.group, resource.plural, info.name);
  const shown = shownFor(call)(found);
  if (formOf(call) === 'json') return json(200, shown);
  return json(200, tableOf(resource.kind, [shown], { resourceVersion: shown.metadata.resourceVersion }, call.request.query, world.now()));
};

const isSelective = (query: URLSearchParams): boolean => (query.get('labelSelector') ?? '') !== '' || (query.get('fieldSelector') ?? '') !== '';

export const readList = (world: World, call: Call): Answer => {
  const { resource, info, request: { query } } = call;
  const form = formOf(call);
  const namespace = info.namespace === '' ? undefined : info.namespace;
  const matching = world.store.list(resource.store, namespace).filter(matchOf(call));
  const scope = [resource.store, info.namespace, query.get('labelSelector'), query.get('fieldSelector')].join('|');
  const page = world.snapshots.page(scope, matching, world.store.version(), query);
  const metadata = withoutAbsent({
    resourceVersion: String(page.version), continue: page.continueToken,
    // Like the real server: with a selector the rest is not counted.
    remainingItemCount: isSelective(query) ? undefined : page.remaining,
  });
  const items = page.items.map(shownFor(call));
  if (form === 'table') return json(200, tableOf(resource.kind, items, metadata, query, world.now()));
  const head = JSON.stringify({ kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata });
  return jsonText(200, `${head.slice(0, -1)},"items":[${items.map(itemTextOf).join(',')}]}`);
};

/** The version to start from; 0 begins with what exists. @throws 400 for something that is no number */
const startVersion = (query: URLSearchParams): number => {
  const text = query.get('resourceVersion') ?? '';
  if (text === '' || isTrue(query, 'sendInitialEvents')) return 0;
  if (!/^[0-9]+$/.test(text)) throw badRequest(`Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
};

const timeoutSeconds = (query: URLSearchParams): number => {
  const asked = Number(query.get('timeoutSeconds') ?? '');
  return Number.isFinite(asked) && asked > 0 ? asked : WATCH_TIMEOUT_SECONDS;
};

const checkInitialEvents = (query: URLSearchParams): void => {
  if (!isTrue(query, 'sendInitialEvents') || query.get('resourceVersionMatch') === 'NotOlderThan') return;
  throw invalid('ListOptions', '', [{ reason: 'FieldValueForbidden', field: 'resourceVersionMatch', message: 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan' }]);
};

const endAfter = (out: Outlet, seconds: number): void => {
  const timer = setTimeout(() => out.end(), seconds * 1000);
  out.onClose(() => clearTimeout(timer));
};

export const readWatch = (world: World, call: Call): Answer => {
  const { resource, info, request: { query } } = call;
  if (formOf(call) === 'table') throw notAcceptable();
  checkInitialEvents(query);
  const asked = {
    store: resource.store, kind: resource.kind, apiVersion: apiVersionOf(resource), namespace: info.namespace,
    name: requiredName(query.get('fieldSelector') ?? ''), matches: matchOf(call), shown: shownFor(call),
    bookmarks: isTrue(query, 'allowWatchBookmarks'),
  };
  const from = startVersion(query);
  const seconds = timeoutSeconds(query);
  return {
    kind: 'stream', status: 200, headers: { 'content-type': 'application/json' },
    start: (out) => {
      endAfter(out, seconds);
      world.watches.open(asked, from, isTrue(query, 'sendInitialEvents') && asked.bookmarks, out);
    },
  };
};
