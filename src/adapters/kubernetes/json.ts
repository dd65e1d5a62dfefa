/** JSON as a server sent it: nothing in it is trusted to be there or to be of the right type. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** The member at a path of keys; undefined when any step is missing or no object. Inherited members do not count. */
export const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || Array.isArray(here) || !Object.hasOwn(here, key)) return undefined;
    here = (here as { readonly [key: string]: Json | undefined })[key];
  }
  return here;
};

export const textAt = (value: Json | undefined, ...path: readonly string[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
};

export const numberAt = (value: Json | undefined, ...path: readonly string[]): number | undefined => {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
};

export const listAt = (value: Json | undefined, ...path: readonly string[]): readonly Json[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
};

/** The string members of an object: labels, annotations, match labels. */
export const textsAt = (value: Json | undefined, ...path: readonly string[]): Readonly<Record<string, string>> => {
  const found = at(value, ...path);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return {};
  return Object.fromEntries(Object.entries(found).filter((member): member is [string, string] => typeof member[1] === 'string'));
};

export const named = (list: readonly Json[], name: string): Json | undefined => list.find((one) => textAt(one, 'name') === name);

export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};
