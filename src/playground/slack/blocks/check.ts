import { isList, isObject, type Json } from '../json.ts';

/**
 * A tiny vocabulary to write Block Kit down as tables. A check adds one line for each mistake, in the words and with the
 * JSON pointer of Slack's own `response_metadata.messages`.
 */
export type Check = (value: Json | undefined, at: string, problems: string[]) => void;

const problem = (what: string, at: string): string => `[ERROR] ${what} [json-pointer:${at === '' ? '/' : at}]`;

const codePoints = (text: string): number => Array.from(text).length;

/** A string of `min` to `max` code points. */
export const string = (max: number, min = 1): Check => (value, at, problems) => {
  if (typeof value !== 'string') problems.push(problem('must be a string', at));
  else if (value.length < min) problems.push(problem(`must be more than ${min - 1} characters`, at));
  else if (value.length > max && codePoints(value) > max) problems.push(problem(`must be less than ${max + 1} characters`, at));
};

export const flag: Check = (value, at, problems) => {
  if (typeof value !== 'boolean') problems.push(problem('must be a boolean', at));
};

export const integer = (min: number, max: number): Check => (value, at, problems) => {
  if (typeof value !== 'number' || !Number.isInteger(value)) problems.push(problem('must be an integer', at));
  else if (value < min || value > max) problems.push(problem(`must be between ${min} and ${max}`, at));
};

export const matching = (pattern: RegExp, what: string): Check => (value, at, problems) => {
  if (typeof value !== 'string' || !pattern.test(value)) problems.push(problem(`must be ${what}`, at));
};

export const oneOf = (...allowed: readonly string[]): Check => (value, at, problems) => {
  if (typeof value !== 'string' || !allowed.includes(value)) problems.push(problem(`must be one of: ${allowed.join(', ')}`, at));
};

export const list = (item: Check, max: number, min = 1): Check => (value, at, problems) => {
  if (!isList(value)) {
    problems.push(problem('must be an array', at));
    return;
  }
  if (value.length < min) problems.push(problem(`no less than ${min} items allowed`, at));
  if (value.length > max) problems.push(problem(`no more than ${max} items allowed`, at));
  for (const [index, each] of value.entries()) item(each, `${at}/${index}`, problems);
};

export const object = (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value, at, problems) => {
    if (!isObject(value)) {
      problems.push(problem('must be an object', at));
      return;
    }
    for (const key of Object.keys(required)) {
      if (value[key] === undefined) problems.push(problem(`missing required field: ${key}`, at));
    }
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(required, key) ? required[key] : Object.hasOwn(optional, key) ? optional[key] : undefined;
      if (check === undefined) problems.push(problem(`invalid additional property: ${key}`, at));
      else if (item !== undefined) check(item, `${at}/${key}`, problems);
    }
  };

/** A union told apart by `type`; each member's own table need not repeat it. */
export const byType = (members: Readonly<Record<string, Check>>): Check => (value, at, problems) => {
  if (!isObject(value)) {
    problems.push(problem('must be an object', at));
    return;
  }
  const { type, ...rest } = value;
  const member = typeof type === 'string' && Object.hasOwn(members, type) ? members[type] : undefined;
  if (member === undefined) problems.push(problem(`unsupported type: ${JSON.stringify(type)}`, `${at}/type`));
  else member(rest, at, problems);
};

/** Both must hold. */
export const both = (first: Check, second: Check): Check => (value, at, problems) => {
  first(value, at, problems);
  second(value, at, problems);
};

/** At least one of these keys must be there. */
export const someOf = (...keys: readonly string[]): Check => (value, at, problems) => {
  if (isObject(value) && !keys.some((key) => value[key] !== undefined)) problems.push(problem(`missing required field: ${keys.join(' or ')}`, at));
};

/** At most one of these keys may be there. */
export const notBoth = (...keys: readonly string[]): Check => (value, at, problems) => {
  if (isObject(value) && keys.filter((key) => value[key] !== undefined).length > 1) problems.push(problem(`only one of: ${keys.join(', ')}`, at));
};

/** No two of the strings found under `key` in the list's objects are the same. */
export const unique = (key: string): Check => (value, at, problems) => {
  const seen = new Set<string>();
  for (const [index, item] of (isList(value) ? value : []).entries()) {
    const id = isObject(item) ? item[key] : undefined;
    if (typeof id !== 'string') continue;
    if (seen.has(id)) problems.push(problem(`${key} already used: ${id}`, `${at}/${index}/${key}`));
    seen.add(id);
  }
};

/** All mistakes of `value`, none for a good one. */
export const problemsOf = (check: Check, value: Json | undefined, at = ''): readonly string[] => {
  const problems: string[] = [];
  check(value, at, problems);
  return problems;
};
