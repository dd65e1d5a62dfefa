/**
 * What a request is about, read from its path as k8s.io/apiserver/pkg/endpoints/request does: authorization, journal
 * and handlers all go by it.
 */
import type { ReceivedRequest } from './exchange.ts';
import { findResource, type Resource } from './resources.ts';
import { requiredName } from './selectors.ts';

export type RequestInfo =
  | { readonly kind: 'resource'; readonly verb: string; readonly group: string; readonly plural: string; readonly subresource: string;
      readonly namespace: string; readonly name: string; readonly resource: Resource | undefined }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

export const isTrue = (query: URLSearchParams, name: string): boolean => ['true', '1'].includes(query.get(name) ?? '');

const readVerb = (query: URLSearchParams, name: string): string => {
  if (isTrue(query, 'watch')) return 'watch';
  return name === '' ? 'list' : 'get';
};

const verbOf = (request: ReceivedRequest, name: string): string => {
  if (request.method === 'GET' || request.method === 'HEAD') return readVerb(request.query, name);
  if (request.method === 'DELETE' && name === '') return 'deletecollection';
  return VERBS[request.method] ?? request.method.toLowerCase();
};

/** Splits off group and version: `/api/v1/…` or `/apis/GROUP/VERSION/…`. */
const groupOf = (parts: readonly string[]): { group: string; version: string; rest: readonly string[] } | undefined => {
  const [root, ...more] = parts;
  if (root === 'api' && more.length >= 2) return { group: '', version: more[0] ?? '', rest: more.slice(1) };
  if (root === 'apis' && more.length >= 3) return { group: more[0] ?? '', version: more[1] ?? '', rest: more.slice(2) };
  return undefined;
};

const placed = (rest: readonly string[]): { namespace: string; plural: string; name: string; subresource: string } => {
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2;
  const [plural = '', name = '', ...sub] = inNamespace ? rest.slice(2) : rest;
  return { namespace: inNamespace ? (rest[1] ?? '') : '', plural, name, subresource: sub.join('/') };
};

/** Decodes each path segment; a segment that does not decode is left as it stands and matches nothing. */
const segmentsOf = (path: string): readonly string[] =>
  path.split('/').filter((part) => part !== '').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });

export const readRequestInfo = (request: ReceivedRequest): RequestInfo => {
  const grouped = groupOf(segmentsOf(request.path));
  if (grouped === undefined) return { kind: 'path', verb: request.method.toLowerCase(), path: request.path };
  const place = placed(grouped.rest);
  const verb = verbOf(request, place.name);
  // A list or watch of one name is authorized for that name, so that resourceNames of RBAC rules work.
  const selected = verb === 'list' || verb === 'watch' ? requiredName(request.query.get('fieldSelector') ?? '') : undefined;
  return {
    kind: 'resource', verb, group: grouped.group, ...place, name: place.name === '' ? (selected ?? '') : place.name,
    resource: findResource(grouped.group, grouped.version, place.plural),
  };
};
