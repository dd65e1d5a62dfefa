/** `limit` and `continue`: the token carries the version and the last key, the pages come from one snapshot. */
import { LIST_SNAPSHOTS_MAX } from './limits.ts';
import { keyOf, namespaceOf, type StoredObject } from './objects.ts';
import { parseJson, isObject, stringOf } from './json.ts';
import { badRequest, expired, StatusError } from './status.ts';

export interface Page {
  readonly items: readonly StoredObject[];
  readonly version: number;
  readonly continueToken: string | undefined;
  readonly remaining: number | undefined;
}

interface Token {
  readonly version: number;
  readonly start: string;
}

const EXPIRED = 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

const encode = (token: Token): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.version, start: token.start })).toString('base64url');

const decode = (text: string): Token => {
  const token = parseJson(Buffer.from(text, 'base64url').toString());
  if (!isObject(token) || token['v'] !== 'meta.k8s.io/v1' || typeof token['rv'] !== 'number') throw badRequest('continue key is not valid: the token does not decode');
  return { version: token['rv'], start: stringOf(token['start']) };
};

/** @throws 400 in the real server's words */
export const readLimit = (query: URLSearchParams): number => {
  const text = query.get('limit') ?? '';
  if (text === '') return 0;
  if (!/^-?[0-9]+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Math.max(0, Number(text));
};

const after = (items: readonly StoredObject[], start: string): readonly StoredObject[] =>
  items.filter((object) => keyOf(namespaceOf(object), object.metadata.name) > start);

/** Keeps the lists that somebody is paging through; beyond LIST_SNAPSHOTS_MAX the oldest token expires. */
export const createSnapshots = () => {
  const kept = new Map<string, readonly StoredObject[]>();
  const keep = (key: string, items: readonly StoredObject[]): void => {
    kept.delete(key);
    kept.set(key, items);
    for (const oldest of kept.keys()) {
      if (kept.size <= LIST_SNAPSHOTS_MAX) break;
      kept.delete(oldest);
    }
  };

  /** A token that is too old is answered with one that continues in the list as it is now. */
  const gone = (token: Token): StatusError => new StatusError(expired(EXPIRED, encode({ version: -1, start: token.start })));

  const startOf = (scope: string, now: readonly StoredObject[], version: number, text: string): { items: readonly StoredObject[]; version: number } => {
    if (text === '') return { items: now, version };
    const token = decode(text);
    if (token.version === -1) return { items: after(now, token.start), version };
    const snapshot = kept.get(`${scope} ${String(token.version)}`);
    if (snapshot === undefined) throw gone(token);
    return { items: after(snapshot, token.start), version: token.version };
  };

  return {
    /** @param scope what is listed, so that a token of one list is none for another */
    page: (scope: string, now: readonly StoredObject[], version: number, query: URLSearchParams): Page => {
      const limit = readLimit(query);
      const from = startOf(scope, now, version, query.get('continue') ?? '');
      const items = limit === 0 ? from.items : from.items.slice(0, limit);
      const last = items.at(-1);
      if (last === undefined || items.length === from.items.length) return { items, version: from.version, continueToken: undefined, remaining: undefined };
      if (!kept.has(`${scope} ${String(from.version)}`)) keep(`${scope} ${String(from.version)}`, from.items);
      return {
        items, version: from.version, remaining: from.items.length - items.length,
        continueToken: encode({ version: from.version, start: keyOf(namespaceOf(last), last.metadata.name) }),
      };
    },
    expire: (): void => kept.clear(),
  };
};

export type Snapshots = ReturnType<typeof createSnapshots>;
