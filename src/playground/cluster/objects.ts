import type { JsonObject } from './ports.ts';
import { objectOf, stringOf } from './json.ts';

/** Anything the store keeps: `kind` and `apiVersion` first, so that its JSON text can lose them in lists by a cut. */
export interface StoredObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: JsonObject & { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly [key: string]: JsonObject[string];
}

export const namespaceOf = (object: StoredObject): string => stringOf(object.metadata['namespace']);

export const labelsOf = (object: { readonly metadata: JsonObject }): JsonObject => objectOf(object.metadata['labels']);

/** `prod/api-7f9`: what watchers of one object are indexed by. */
export const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

const TEXTS = new WeakMap<object, string>();

/** The JSON of an object, made once however many readers and watchers it has: stored objects never change. */
export const jsonTextOf = (object: JsonObject): string => {
  const known = TEXTS.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  TEXTS.set(object, text);
  return text;
};

/** The JSON of an object as it stands in a list: there the real server leaves `kind` and `apiVersion` out. */
export const itemTextOf = (object: StoredObject): string => {
  const prefix = `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},`;
  return `{${jsonTextOf(object).slice(prefix.length)}`;
};

/** Time as Kubernetes writes it: whole seconds, UTC. */
export const timeOf = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
