import { isList, isObject, parseJson, type Json, type JsonObject } from '../json.ts';
import type { Meter } from '../metering.ts';
import { SlackError } from '../slackError.ts';

/** One call of the Web API, its arguments read from a form or from JSON. */
export interface Call {
  readonly method: string;
  readonly args: JsonObject;
  readonly scopes: readonly string[];
}

export interface Method {
  /** The scope of the bot token it needs, if any; `app` methods need the app-level token instead. */
  readonly scope?: string | ((call: Call) => string | undefined);
  readonly token?: 'app';
  readonly meter: Meter;
  /** The answer beside `ok: true`. Throws SlackError. */
  readonly run: (call: Call) => JsonObject;
}

export type MethodTable = Readonly<Record<string, Method>>;

/** A string argument; a number or boolean of a JSON body counts as its text. Empty is absent, as for Slack. */
export const textArg = (args: JsonObject, key: string): string | undefined => {
  const value = args[key];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export const requiredArg = (args: JsonObject, key: string, refusal = 'invalid_arguments'): string => {
  const value = textArg(args, key);
  if (value === undefined) throw new SlackError(refusal, { response_metadata: { messages: [`[ERROR] missing required field: ${key}`] } });
  return value;
};

export const flagArg = (args: JsonObject, key: string): boolean => {
  const value = args[key];
  return value === true || value === 'true' || value === '1';
};

/** An argument that is JSON, or JSON in a form field. Throws `refusal` when the field is not JSON. */
export const jsonArg = (args: JsonObject, key: string, refusal: string): Json | undefined => {
  const value = args[key];
  if (typeof value !== 'string') return value;
  if (value === '') return undefined;
  const parsed = parseJson(value);
  if (parsed === undefined) throw new SlackError(refusal);
  return parsed;
};

export const objectArg = (args: JsonObject, key: string, refusal: string): JsonObject | undefined => {
  const value = jsonArg(args, key, refusal);
  if (value !== undefined && !isObject(value)) throw new SlackError(refusal);
  return value;
};

export const listArg = (args: JsonObject, key: string, refusal: string): readonly Json[] | undefined => {
  const value = jsonArg(args, key, refusal);
  if (value !== undefined && !isList(value)) throw new SlackError(refusal);
  return value;
};

const PAGE_MAX = 1_000;

/** A page of a list as Slack cuts it: `limit`, and `cursor` for the next. */
export const page = <Item>(args: JsonObject, items: readonly Item[]): { readonly items: readonly Item[]; readonly more: boolean; readonly next: JsonObject } => {
  const from = Number(textArg(args, 'cursor') ?? '0');
  const limit = Math.min(Number(textArg(args, 'limit') ?? '100'), PAGE_MAX);
  if (!Number.isSafeInteger(from) || from < 0) throw new SlackError('invalid_cursor');
  if (!Number.isSafeInteger(limit) || limit < 1) throw new SlackError('invalid_limit');
  const more = from + limit < items.length;
  return { items: items.slice(from, from + limit), more, next: { response_metadata: { next_cursor: more ? String(from + limit) : '' } } };
};
