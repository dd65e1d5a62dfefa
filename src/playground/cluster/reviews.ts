/** Access reviews: the answers of the very rules that requests are authorized by. */
import { makeUser, type User } from './authn.ts';
import { json, type Answer } from './exchange.ts';
import { requiredField } from './field-error.ts';
import { isObject, objectOf, parseJson, stringOf, stringsOf, withoutAbsent } from './json.ts';
import { mediaTypeOf } from './patch/apply.ts';
import type { JsonObject } from './ports.ts';
import type { Attributes } from './rbac.ts';
import { badRequest, invalid, unsupportedMediaType } from './status.ts';
import type { Call, World } from './world.ts';

const attributesOf = (asked: JsonObject): Attributes => ({
  verb: stringOf(asked['verb']), group: stringOf(asked['group']), resource: stringOf(asked['resource']),
  subresource: stringOf(asked['subresource']), namespace: stringOf(asked['namespace']), name: stringOf(asked['name']),
});

const readReview = (call: Call): JsonObject => {
  if (mediaTypeOf(call) !== 'application/json') throw unsupportedMediaType();
  const body = parseJson(call.body);
  if (!isObject(body)) throw badRequest(`the object provided is unrecognized (must be of type ${call.resource.kind})`);
  return body;
};

const isAllowed = (world: World, user: User, spec: JsonObject): boolean => {
  if (isObject(spec['resourceAttributes'])) return world.authorizer.allows(user, attributesOf(spec['resourceAttributes']));
  const path = objectOf(spec['nonResourceAttributes']);
  return world.authorizer.allowsPath(user, stringOf(path['verb']), stringOf(path['path']));
};

const review = (call: Call, body: JsonObject, status: JsonObject): Answer =>
  json(201, withoutAbsent({ kind: call.resource.kind, apiVersion: `${call.resource.group}/v1`, metadata: {}, spec: body['spec'], status }));

const checkSpec = (kind: string, spec: JsonObject): void => {
  const given = ['resourceAttributes', 'nonResourceAttributes'].filter((field) => isObject(spec[field])).length;
  if (given !== 1) {
    throw invalid(kind, '', [{ reason: 'FieldValueInvalid', field: 'spec.resourceAttributes', message: 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified' }]);
  }
};

export const selfSubjectAccessReview = (world: World, call: Call): Answer => {
  const body = readReview(call);
  const spec = objectOf(body['spec']);
  checkSpec(call.resource.kind, spec);
  return review(call, body, { allowed: isAllowed(world, call.user, spec) });
};

/** The user reviewed has exactly the groups named: unlike in a real login nothing is added. */
const subjectOf = (spec: JsonObject): User => ({
  ...makeUser({ user: stringOf(spec['user']), uid: stringOf(spec['uid']) }), groups: stringsOf(spec['groups']),
});

export const subjectAccessReview = (world: World, call: Call): Answer => {
  const body = readReview(call);
  const spec = objectOf(body['spec']);
  checkSpec(call.resource.kind, spec);
  if (stringOf(spec['user']) === '' && stringsOf(spec['groups']).length === 0) {
    throw invalid(call.resource.kind, '', [{ ...requiredField('spec.user'), message: 'Required value: at least one of user or group must be specified' }]);
  }
  return review(call, body, { allowed: isAllowed(world, subjectOf(spec), spec) });
};

export const selfSubjectReview = (_world: World, call: Call): Answer => {
  readReview(call);
  const { name, uid, groups, extra } = call.user;
  const userInfo = withoutAbsent({ username: name, uid: uid === '' ? undefined : uid, groups, extra: Object.keys(extra).length === 0 ? undefined : { ...extra } });
  return json(201, { kind: call.resource.kind, apiVersion: `${call.resource.group}/v1`, metadata: { creationTimestamp: null }, status: { userInfo } });
};
