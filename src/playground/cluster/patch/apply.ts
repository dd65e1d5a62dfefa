/** From a PATCH or PUT body to the pod it asks for: content types, patch kinds, decoding, preconditions. */
import { headerOf } from '../exchange.ts';
import { invalidField } from '../field-error.ts';
import { isObject, objectOf, parseJson, stringOf } from '../json.ts';
import type { StoredObject } from '../objects.ts';
import type { Json, JsonObject } from '../ports.ts';
import { badRequest, conflict, invalid, unsupportedMediaType } from '../status.ts';
import type { Call } from '../world.ts';
import { decodePod, type Decoded } from './decode.ts';
import { goMap } from './go-text.ts';
import { jsonPatch, mergePatch } from './json-patches.ts';
import { strategicMerge } from './strategic-merge.ts';

export interface Asked {
  readonly pod: JsonObject;
  readonly warnings: readonly string[];
}

const STALE = 'the object has been modified; please apply your changes to the latest version and try again';

const objectPatch = (patch: Json): JsonObject => {
  if (isObject(patch)) return patch;
  throw badRequest(`error decoding patch: json: cannot unmarshal ${Array.isArray(patch) ? 'array' : typeof patch} into Go value of type map[string]interface {}`);
};

/** Server-side apply is left out, so it is refused like any type the server does not know. */
const PATCHES: Readonly<Record<string, (current: JsonObject, patch: Json) => Json>> = {
  'application/strategic-merge-patch+json': (current, patch) => strategicMerge(current, objectPatch(patch)),
  'application/merge-patch+json': (current, patch) => mergePatch(current, objectPatch(patch)),
  'application/json-patch+json': jsonPatch,
};

export const mediaTypeOf = (call: Call): string => (headerOf(call.request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

const FIELD_VALIDATIONS = ['', 'Ignore', 'Warn', 'Strict'];

const patchFailure = (patch: Json, why: string): Error => invalid('', '', [{ ...invalidField('patch', '', ''), message: `Invalid value: ${JSON.stringify(goMap(patch))}: ${why}` }]);

/** Unknown fields: refused with fieldValidation=Strict, warned about by default, silent with Ignore. */
const strictness = (call: Call, decoded: Decoded, refuse: (why: string) => Error): readonly string[] => {
  const mode = call.request.query.get('fieldValidation') ?? '';
  if (!FIELD_VALIDATIONS.includes(mode)) {
    throw badRequest(`fieldValidation: Unsupported value: ${JSON.stringify(mode)}: supported values: "Ignore", "Strict", "Warn"`);
  }
  const named = decoded.unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (decoded.mistake !== undefined) throw refuse(decoded.mistake);
  if (mode === 'Strict' && named.length > 0) throw refuse(`strict decoding error: ${named.join(', ')}`);
  return mode === 'Ignore' ? [] : named;
};

const checkIdentity = (current: StoredObject, asked: JsonObject): void => {
  const metadata = objectOf(asked['metadata']);
  const name = stringOf(metadata['name']);
  if (name !== '' && name !== current.metadata.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${current.metadata.name})`);
  }
  const version = stringOf(metadata['resourceVersion']);
  if (version !== '' && version !== current.metadata.resourceVersion) throw conflict('', 'pods', current.metadata.name, STALE);
};

/** @throws 415 for a type that is no patch, 400 for a body that is none, 409 stale, 422 for what does not decode */
export const applyPatch = (call: Call, current: StoredObject): Asked => {
  const apply = PATCHES[mediaTypeOf(call)];
  if (apply === undefined) throw unsupportedMediaType();
  const patch = parseJson(call.body);
  if (patch === undefined) throw badRequest('error decoding patch: invalid character in JSON text');
  const asked = objectOf(apply(current, patch));
  checkIdentity(current, asked);
  const decoded = decodePod(asked);
  return { pod: decoded.object, warnings: strictness(call, decoded, (why) => patchFailure(patch, why)) };
};

/** A PUT: the whole object, which must be JSON and a Pod. */
export const readPut = (call: Call, current: StoredObject): Asked => {
  if (mediaTypeOf(call) !== 'application/json') throw unsupportedMediaType();
  const body = parseJson(call.body);
  if (!isObject(body)) throw badRequest('the object provided is unrecognized (must be of type Pod): couldn\'t get version/kind; json parse error');
  if (body['kind'] !== undefined && body['kind'] !== 'Pod') throw badRequest(`no kind ${JSON.stringify(stringOf(body['kind']))} is registered for the pods resource`);
  checkIdentity(current, body);
  const decoded = decodePod(body);
  return { pod: decoded.object, warnings: strictness(call, decoded, (why) => badRequest(`Pod in version "v1" cannot be handled as a Pod: ${why}`)) };
};

/** Whether the request asks for a dry run. @throws 422 for another value than All */
export const isDryRun = (query: URLSearchParams, kind = 'PatchOptions'): boolean => {
  const values = query.getAll('dryRun').filter((value) => value !== '');
  const wrong = values.find((value) => value !== 'All');
  if (wrong !== undefined) {
    throw invalid(kind, '', [{ reason: 'FieldValueNotSupported', field: 'dryRun', message: `Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"` }]);
  }
  return values.length > 0;
};
