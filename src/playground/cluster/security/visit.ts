/** What every Pod Security check needs: the containers of a pod and the words for several of them. */
import type { JsonObject } from '../ports.ts';
import { objectOf, objectsOf, stringOf } from '../json.ts';

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** `undefined` when the pod passes. */
export type Check = (pod: JsonObject) => Violation | undefined;

/** In the order of the real visitor: init, regular, ephemeral. */
export const containersOf = (pod: JsonObject): readonly JsonObject[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) => objectsOf(objectOf(pod['spec'])[field]));

export const contextOf = (holder: JsonObject): JsonObject => objectOf(holder['securityContext']);

export const namesWhere = (pod: JsonObject, test: (container: JsonObject) => boolean): readonly string[] =>
  containersOf(pod).filter(test).map((container) => stringOf(container['name']));

export const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');

export const sortedUnique = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

/** `container "a"` or `containers "a", "b"`. */
export const containers = (names: readonly string[]): string => `${names.length === 1 ? 'container' : 'containers'} ${quoted(names)}`;

/** `pod and containers "a"`: who sets a bad value explicitly. */
export const setters = (podIsBad: boolean, names: readonly string[]): string =>
  [...(podIsBad ? ['pod'] : []), ...(names.length > 0 ? [containers(names)] : [])].join(' and ');
