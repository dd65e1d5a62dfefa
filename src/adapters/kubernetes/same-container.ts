import type { EphemeralContainer } from '../../domain/container.ts';
import type { Json } from './json.ts';

/** What the API server fills in when a field is absent. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  terminationMessagePath: ['/dev/termination-log'],
  imagePullPolicy: ['Always', 'IfNotPresent'],
};

/**
 * Field by field: every field that was sent is there with the same value, and nothing else is there but defaults and
 * empty objects. A webhook that added something made another container than the one that was approved.
 */
export const sameContainer = (sent: EphemeralContainer, live: Json): boolean => {
  if (typeof live !== 'object' || live === null || Array.isArray(live)) return false;
  const [ours, theirs] = [sent, live] as unknown as readonly [Fields, Fields];
  return keysOf(ours, theirs).every((field) =>
    ours[field] === undefined ? isDefault(field, theirs[field]) : same(ours[field], theirs[field]));
};

type Fields = Readonly<Record<string, Json | undefined>>;

const keysOf = (one: Fields, other: Fields): readonly string[] => [...new Set([...Object.keys(one), ...Object.keys(other)])];

const isDefault = (field: string, value: Json | undefined): boolean =>
  isEmpty(value) || (typeof value === 'string' && Object.hasOwn(DEFAULTS, field) && (DEFAULTS[field] ?? []).includes(value));

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

// An env variable with an empty value comes back without it.
const same = (sent: Json | undefined, live: Json | undefined): boolean => {
  if (isEmpty(sent) || sent === '') return isEmpty(live) || live === '';
  if (typeof sent !== 'object' || typeof live !== 'object' || sent === null || live === null) return sent === live;
  if (Array.isArray(sent) !== Array.isArray(live)) return false;
  const [ours, theirs] = [sent as Fields, live as Fields];
  return keysOf(ours, theirs).every((key) => same(ours[key], theirs[key]));
};
