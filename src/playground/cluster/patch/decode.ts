/** Decoding a patched pod: unknown fields are dropped and named, wrong types refused, as the real server's converter does. */
import type { Json, JsonObject } from '../ports.ts';
import { isObject } from '../json.ts';
import { POD, type Field } from './schema.ts';

export interface Decoded {
  readonly object: JsonObject;
  readonly unknown: readonly string[];
  /** The first type mistake, in words; the object is not to be used then. */
  readonly mistake: string | undefined;
}

interface Findings {
  readonly unknown: string[];
  mistake: string | undefined;
}

const goKind = (value: Json): string => {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'object') return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
};

const mistaken = (found: Findings, sentence: string): undefined => {
  found.mistake ??= sentence;
  return undefined;
};

const decodeObject = (value: JsonObject, fields: Readonly<Record<string, Field>>, path: string, found: Findings): JsonObject => {
  const known: Record<string, Json | undefined> = {};
  for (const [name, entry] of Object.entries(value)) {
    const field = fields[name];
    const at = path === '' ? name : `${path}.${name}`;
    if (field === undefined) found.unknown.push(at);
    else if (entry !== undefined && entry !== null) known[name] = decodeField(entry, field, at, found);
  }
  return known;
};

const decodePlain = (value: Json, field: 'string' | 'boolean' | 'integer', found: Findings): Json | undefined => {
  const fits = field === 'integer' ? Number.isInteger(value) : typeof value === field;
  const target = { string: 'string', boolean: 'bool', integer: 'int64' }[field];
  return fits ? value : mistaken(found, `cannot convert ${goKind(value)} to ${target}`);
};

function decodeField(value: Json, field: Field, path: string, found: Findings): Json | undefined {
  if (field === 'any') return value;
  if (typeof field === 'string') return decodePlain(value, field, found);
  if ('list' in field) {
    if (!Array.isArray(value)) return mistaken(found, `cannot restore slice from ${goKind(value)}`);
    return value.map((entry, at) => decodeField(entry as Json, field.list, `${path}[${String(at)}]`, found) ?? null);
  }
  if (!isObject(value)) return mistaken(found, `cannot restore ${'map' in field ? 'map' : 'struct'} from: ${goKind(value)}`);
  if ('object' in field) return decodeObject(value, field.object, path, found);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, decodeField(entry ?? null, field.map, `${path}.${key}`, found)]));
}

export const decodePod = (value: JsonObject): Decoded => {
  const found: Findings = { unknown: [], mistake: undefined };
  const object = decodeField(value, POD, '', found);
  return { object: isObject(object) ? object : {}, unknown: found.unknown, mistake: found.mistake };
};
