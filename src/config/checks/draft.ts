/**
 * Checks across sections read the plain values of the file, whatever their shape, so that a mistake in one place hides
 * none in another. What has the wrong shape counts as absent here: the schema has reported it.
 */

export type Mapping = Readonly<Record<string, unknown>>;

export const isMapping = (value: unknown): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value);

export const at = (value: unknown, ...steps: readonly string[]): unknown =>
  steps.reduce<unknown>((here, step) => (isMapping(here) && Object.hasOwn(here, step) ? here[step] : undefined), value);

export const entriesAt = (value: unknown, ...steps: readonly string[]): readonly (readonly [string, unknown])[] => {
  const found = at(value, ...steps);
  return isMapping(found) ? Object.entries(found) : [];
};

/** The keys of a mapping; `undefined` when there is no mapping to ask. */
export const keysAt = (value: unknown, ...steps: readonly string[]): readonly string[] | undefined => {
  const found = at(value, ...steps);
  return isMapping(found) ? Object.keys(found) : undefined;
};

export const itemsAt = (value: unknown, ...steps: readonly string[]): readonly unknown[] => {
  const found = at(value, ...steps);
  return Array.isArray(found) ? (found as unknown[]) : [];
};

export const textsAt = (value: unknown, ...steps: readonly string[]): readonly (readonly [number, string])[] =>
  [...itemsAt(value, ...steps).entries()].filter((entry): entry is [number, string] => typeof entry[1] === 'string');

export const textAt = (value: unknown, ...steps: readonly string[]): string | undefined => {
  const found = at(value, ...steps);
  return typeof found === 'string' ? found : undefined;
};

/** The rules that are mappings, with their place in the list. */
export const rulesOf = (file: unknown): readonly (readonly [number, Mapping])[] =>
  [...itemsAt(file, 'rules').entries()].filter((entry): entry is [number, Mapping] => isMapping(entry[1]));
