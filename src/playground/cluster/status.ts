/**
 * The `Status` object a Kubernetes API server answers failures with, in the words of the real one
 * (k8s.io/apimachinery/pkg/api/errors).
 */
import type { JsonObject } from './ports.ts';
import { withoutAbsent } from './json.ts';

export interface Cause {
  /** `FieldValueForbidden`, …; a cause of an admission policy has none. */
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface Failure {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: JsonObject;
  readonly retryAfterSeconds?: number;
}

/** Thrown by a handler to answer with this failure; caught in one place, where requests are answered. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export const statusObject = (failure: Failure): JsonObject =>
  withoutAbsent({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: failure.message,
    reason: failure.reason,
    details: failure.details,
    code: failure.code,
  });

export const successObject = (code: number): JsonObject => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code });

/** `pods`, or `deployments.apps` outside the core group: how messages name a resource. */
export const qualified = (group: string, resource: string): string => (group === '' ? resource : `${resource}.${group}`);

const kindDetails = (group: string, kind: string, name?: string): JsonObject =>
  withoutAbsent({ name: name === '' ? undefined : name, group: group === '' ? undefined : group, kind });

export const unauthorized = (): StatusError => new StatusError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });

export const badRequest = (message: string): StatusError => new StatusError({ code: 400, reason: 'BadRequest', message });

export const notFound = (group: string, resource: string, name: string): StatusError =>
  new StatusError({
    code: 404, reason: 'NotFound', message: `${qualified(group, resource)} "${name}" not found`,
    details: kindDetails(group, resource, name),
  });

export const forbidden = (group: string, resource: string, name: string, why: string): StatusError =>
  new StatusError({
    code: 403, reason: 'Forbidden',
    message: `${qualified(group, resource)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`,
    details: kindDetails(group, resource, name),
  });

export const conflict = (group: string, resource: string, name: string, why: string): StatusError =>
  new StatusError({
    code: 409, reason: 'Conflict', message: `Operation cannot be fulfilled on ${qualified(group, resource)} "${name}": ${why}`,
    details: kindDetails(group, resource, name),
  });

export const alreadyExists = (group: string, resource: string, name: string): StatusError =>
  new StatusError({
    code: 409, reason: 'AlreadyExists', message: `${qualified(group, resource)} "${name}" already exists`,
    details: kindDetails(group, resource, name),
  });

const aggregate = (causes: readonly Cause[]): string => {
  const messages = [...new Set(causes.map((cause) => `${cause.field ?? ''}: ${cause.message}`))];
  return messages.length === 1 ? (messages[0] ?? '') : `[${messages.join(', ')}]`;
};

/** 422 with every field error: the message names each once, the causes hold them all, as the real server does. */
export const invalid = (kind: string, name: string, causes: readonly Cause[]): StatusError =>
  new StatusError({
    code: 422, reason: 'Invalid', message: `${kind} "${name}" is invalid: ${aggregate(causes)}`,
    details: withoutAbsent({
      name: name === '' ? undefined : name,
      kind: kind.trim() === '' ? undefined : kind,
      causes: causes.map((cause) => withoutAbsent({ ...cause })),
    }),
  });

export const methodNotAllowed = (): StatusError =>
  new StatusError({
    code: 405, reason: 'MethodNotAllowed', message: 'the server does not allow this method on the requested resource', details: {},
  });

export const unsupportedMediaType = (): StatusError =>
  new StatusError({ code: 415, reason: 'UnsupportedMediaType', message: '415: Unsupported Media Type', details: {} });

export const notAcceptable = (): StatusError =>
  new StatusError({
    code: 406, reason: 'NotAcceptable', message: 'only the following media types are accepted: application/json', details: {},
  });

export const expired = (message: string, continueToken?: string): Failure => ({
  code: 410, reason: 'Expired', message,
  ...(continueToken === undefined ? {} : { details: { continue: continueToken } }),
});

export const tooManyRequests = (message: string, causes: readonly Cause[]): StatusError =>
  new StatusError({
    code: 429, reason: 'TooManyRequests', message,
    details: { causes: causes.map((cause) => withoutAbsent({ ...cause })) },
  });
