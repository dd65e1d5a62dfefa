import type { Json, JsonObject } from './ports.ts';

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object, or an empty one: absent and malformed read the same where the double only looks. */
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

export const objectsOf = (value: Json | undefined): readonly JsonObject[] => listOf(value).filter(isObject);

export const stringOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

export const stringsOf = (value: Json | undefined): readonly string[] =>
  listOf(value).filter((entry): entry is string => typeof entry === 'string');

/** Deep equality that does not care for the order of keys and treats `undefined` as absent. */
export const sameJson = (one: Json | undefined, other: Json | undefined): boolean => {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((entry, at) => sameJson(entry, other[at]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => sameJson(one[key], other[key]));
};

/** The value, or `undefined` when the text is no JSON. */
export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** A copy without keys whose value is `undefined`. */
export const withoutAbsent = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
