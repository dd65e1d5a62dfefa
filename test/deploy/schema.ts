import type { KubernetesObject } from './manifests.ts';

type Path = readonly string[];

/**
 * Wraps a value so that every key that is read is noted. The compiled schemas read each key they know and skip the rest,
 * so a key that nobody asked for is one that Kubernetes does not have: a typing mistake that they let pass.
 */
const watched = (value: unknown, path: Path, seen: Set<string>): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get: (target, key, receiver) => {
      const child: unknown = Reflect.get(target, key, receiver);
      if (typeof key !== 'string' || !Object.hasOwn(target, key)) return child;
      seen.add([...path, key].join('/'));
      return watched(child, [...path, key], seen);
    },
  });
};

const pathsIn = (value: unknown, path: Path = []): readonly string[] =>
  typeof value !== 'object' || value === null ? []
    : Object.entries(value).flatMap(([key, child]) => [[...path, key].join('/'), ...pathsIn(child, [...path, key])]);

type Kind = new (object: unknown) => { validate(): void };

/** What is wrong with an object: the schema's own words, or the fields that Kubernetes does not know. */
export const problemsOf = async (object: KubernetesObject): Promise<readonly string[]> => {
  const models = (await import(/* @vite-ignore */ `kubernetes-models/${object.apiVersion}/${object.kind}`)) as Record<string, Kind | undefined>;
  const Known = models[object.kind];
  if (Known === undefined) return [`${object.apiVersion} has no ${object.kind}`];
  const seen = new Set<string>();
  try {
    (watched(new Known(object), [], seen) as InstanceType<Kind>).validate();
  } catch (error) {
    return [(error as Error).message];
  }
  const unknown = pathsIn(object).filter((path) => !seen.has(path));
  return unknown.map((path) => `${path} is not a field of ${object.kind}`);
};
