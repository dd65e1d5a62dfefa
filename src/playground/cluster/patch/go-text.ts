/** How Go prints what the real server's messages show: `%v` of maps, and the diff of two containers. */
import type { Json, JsonObject } from '../ports.ts';
import { isObject } from '../json.ts';
import { EPHEMERAL_CONTAINER_FIELDS } from './schema.ts';

/** `map[name:x command:[id]]` with sorted keys. */
export const goMap = (value: Json | undefined): string => {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`;
  if (isObject(value)) return `map[${Object.keys(value).sort().map((key) => `${key}:${goMap(value[key])}`).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const goName = (name: string): string => (name === 'tty' ? 'TTY' : name.charAt(0).toUpperCase() + name.slice(1));

const goValue = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(goValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [goName(key), goValue(entry ?? null)]));
};

const EMPTY_STRINGS = new Set(['name', 'image', 'workingDir', 'terminationMessagePath', 'terminationMessagePolicy', 'imagePullPolicy', 'targetContainerName']);
const EMPTY_FLAGS = new Set(['stdin', 'stdinOnce', 'tty']);

const emptyOf = (name: string): Json => {
  if (EMPTY_FLAGS.has(name)) return false;
  return EMPTY_STRINGS.has(name) ? '' : null;
};

/** A container as the server's internal type prints: every field, in order, with Go's zero values. */
const goContainer = (container: JsonObject): readonly string[] => {
  const shown = Object.fromEntries(Object.keys(EPHEMERAL_CONTAINER_FIELDS).map((name) => {
    if (name === 'resources') return ['Resources', { Limits: null, Requests: null, Claims: null, ...goValue(container[name] ?? {}) as JsonObject }];
    return [goName(name), goValue(container[name] ?? emptyOf(name))];
  }));
  return JSON.stringify(shown, undefined, 1).split('\n');
};

const DIFF_CONTEXT_LINES = 3;

/** One hunk from the first to the last differing line; containers are small, one hunk reads as well as several. */
const hunk = (before: readonly string[], after: readonly string[]): string => {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const from = Math.max(0, start - DIFF_CONTEXT_LINES);
  const tail = Math.min(end, DIFF_CONTEXT_LINES);
  const removed = before.slice(start, before.length - end);
  const added = after.slice(start, after.length - end);
  const counts = (lines: number): string => `${String(from + 1)},${String(start - from + lines + tail)}`;
  return [
    `@@ -${counts(removed.length)} +${counts(added.length)} @@`,
    ...before.slice(from, start).map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...before.slice(before.length - end, before.length - end + tail).map((line) => ` ${line}`),
    '',
  ].join('\n');
};

export const containerDiff = (before: JsonObject, after: JsonObject): string => hunk(goContainer(before), goContainer(after));

const goLines = (value: JsonObject): readonly string[] => JSON.stringify(goValue(value), undefined, 1).split('\n');

export const specDiff = (before: JsonObject, after: JsonObject): string => hunk(goLines(before), goLines(after));
