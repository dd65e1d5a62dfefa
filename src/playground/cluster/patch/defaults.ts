/** Defaults the server fills in, so that what is stored is what a real cluster would answer with. */
import type { Json, JsonObject } from '../ports.ts';
import { stringOf } from '../json.ts';
import { EPHEMERAL_CONTAINER_FIELDS } from './schema.ts';

/** Untagged and `:latest` images are pulled each time, others only when absent. */
export const defaultPullPolicy = (image: string): string => {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
};

const orDefault = (value: Json | undefined, otherwise: string): string => (stringOf(value) === '' ? otherwise : stringOf(value));

/** The container with defaults, its fields in the order in which Go writes them. */
export const defaultContainer = (container: JsonObject): JsonObject => {
  const full: JsonObject = {
    ...container,
    resources: container['resources'] ?? {},
    terminationMessagePath: orDefault(container['terminationMessagePath'], '/dev/termination-log'),
    terminationMessagePolicy: orDefault(container['terminationMessagePolicy'], 'File'),
    imagePullPolicy: orDefault(container['imagePullPolicy'], defaultPullPolicy(stringOf(container['image']))),
  };
  const ordered = Object.keys(EPHEMERAL_CONTAINER_FIELDS).filter((field) => full[field] !== undefined && full[field] !== false && full[field] !== '');
  return Object.fromEntries(ordered.map((field) => [field, full[field]]));
};
