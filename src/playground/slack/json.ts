/** JSON as it travels to and from the fake Slack, and the few questions every part asks of it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

export const textIn = (value: Json | undefined, key: string): string | undefined => {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
};

/** The `type` that Slack's objects are told apart by; empty when there is none. */
export const typeOf = (value: Json | undefined): string => textIn(value, 'type') ?? '';

export const objectIn = (value: Json | undefined, key: string): JsonObject | undefined => {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : undefined;
};

export const objectsIn = (value: Json | undefined, key: string): readonly JsonObject[] => {
  const found = isObject(value) ? value[key] : undefined;
  return isList(found) ? found.filter(isObject) : [];
};

/** The parsed text, or undefined when it is not JSON. */
export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** Every object below `value`, itself included, each with its JSON pointer below `at`. */
export function* objectsBelow(value: Json | undefined, at = ''): Generator<readonly [JsonObject, string]> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) yield* objectsBelow(item, `${at}/${index}`);
  } else if (isObject(value)) {
    yield [value, at];
    for (const [key, item] of Object.entries(value)) yield* objectsBelow(item, `${at}/${key}`);
  }
}
