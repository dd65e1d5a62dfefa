import type { Failure } from '../../domain/outcome.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import type { ContainerName, PodName } from '../../domain/names.ts';
import { at, listAt, textAt, type Json } from './json.ts';
import { sentence } from './sentence.ts';
import { PersonRefusedError } from './transport.ts';

/** An answer that is no success: the HTTP status and, when there was one, the Kubernetes `Status` object. */
export interface Refused {
  readonly status: number;
  readonly body: Json | undefined;
}

/** The one place where an API server's refusal becomes a failure. `pod` is what was asked about, when it was one pod. */
export const failureOf = (refused: Refused, pod?: PodName): Failure => {
  const detail = detailOf(refused);
  switch (refused.status) {
    case 401:
      return { code: 'unauthorized', detail };
    case 403:
      return forbidden(refused, detail);
    case 404:
      return pod !== undefined ? { code: 'pod_gone', pod } : { code: 'unexpected_answer', detail };
    case 413:
    case 422:
      return isAdmission(refused) ? { code: 'admission', detail } : { code: 'invalid', detail };
    case 429:
    case 503:
      return { code: 'overloaded', detail };
    default:
      return isWebhook(refused) ? { code: 'admission', detail } : { code: 'unexpected_answer', detail };
  }
};

/** A refused patch: which of the things that were sent did the server object to? Read from `details.causes`, not the text. */
export const patchFailure = (refused: Refused, target: PlanTarget, container: ContainerName): Failure => {
  const field = (name: string): boolean => refused.status === 422 && causes(refused).some((cause) => textAt(cause, 'field') === name);
  if (field('metadata.uid')) return { code: 'pod_replaced', pod: target.pod };
  if (field('spec.ephemeralContainers')) return { code: 'name_taken', container };
  // Only a pod that is refused as a whole has a cause without a field name.
  if (field('[]')) return { code: 'mirror_pod', pod: target.pod };
  if (field('spec.ephemeralContainers[0].targetContainerName') && target.container !== null) {
    return { code: 'container_not_found', pod: target.pod, container: target.container, containers: [] };
  }
  // A 404 that names no pod says that the subresource is missing: a server before 1.23, or a proxy.
  if (refused.status === 404 && textAt(refused.body, 'details', 'name') !== target.pod) {
    return { code: 'unexpected_answer', detail: `the cluster knows no ephemeral containers (${detailOf(refused)})` };
  }
  return failureOf(refused, target.pod);
};

const causes = (refused: Refused): readonly Json[] => listAt(refused.body, 'details', 'causes');
const messageOf = (refused: Refused): string => textAt(refused.body, 'message') ?? '';

const detailOf = (refused: Refused): string => sentence(messageOf(refused)) || `HTTP ${refused.status} without a reason`;

// RBAC, Pod Security and admission plugins all answer 403 Forbidden with the same members: only the message is different.
const RBAC = /^[a-z0-9.]+(?: "[^"]*")? is forbidden: User "/;
const POD_SECURITY = /^pods "[^"]*" is forbidden: violates PodSecurity "/;
const WEBHOOK = /^admission webhook "/;

const forbidden = (refused: Refused, detail: string): Failure => {
  const message = messageOf(refused);
  if (POD_SECURITY.test(message)) return { code: 'pod_security', detail };
  if (RBAC.test(message) || at(refused.body, 'details') === undefined && !WEBHOOK.test(message)) return { code: 'forbidden', detail };
  return { code: 'admission', detail };
};

const isWebhook = (refused: Refused): boolean => WEBHOOK.test(messageOf(refused));

/** Validation names the kind (`Pod`) and a field for every cause; admission policies name the resource (`pods`) and none. */
const isAdmission = (refused: Refused): boolean =>
  isWebhook(refused) || (textAt(refused.body, 'details', 'kind') === 'pods' && causes(refused).every((cause) => textAt(cause, 'field') === undefined));

/** The connection failed before an answer was complete. Codes and our own words only: no addresses, no headers. */
export const lostConnection = (error: unknown): Failure => {
  if (error instanceof PersonRefusedError) return { code: 'forbidden', detail: error.message };
  const code = codeOf(error);
  if (PROTOCOL_CODES.has(code)) return { code: 'unexpected_answer', detail: `the answer broke off or was no HTTP (${code})` };
  return { code: 'unreachable', detail: REASONS[code] ?? (TLS_CODE.test(code) ? `its certificate was not accepted (${code})` : `the connection failed (${code})`) };
};

const PROTOCOL_CODES = new Set(['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RESPONSE', 'FrameError']);
const TLS_CODE = /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|UNABLE_TO_|SELF_SIGNED)/;
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ENOTFOUND: 'its name is not known to DNS',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within 5 s',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half-way',
  TimeoutError: 'no complete answer in time',
};

const codeOf = (error: unknown): string => {
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown };
  // undici's parser gives its errors a code only for some of the ways in which bytes are no HTTP.
  if (name === 'HTTPParserError') return 'UND_ERR_RESPONSE';
  if (typeof code === 'string') return code;
  if (cause !== undefined) return codeOf(cause);
  return typeof name === 'string' ? name : 'unknown';
};
