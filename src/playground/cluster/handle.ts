/** One request from the wire to its answer: authentication, impersonation, authorization, handler, faults, journal. */
import type { ServerResponse } from 'node:http';
import { headerOf, failed, text, type Answer, type ReceivedRequest } from './exchange.ts';
import { actingUser } from './impersonation.ts';
import { faultAnswer, spoiled, type Fault, type Faults } from './faults.ts';
import type { Journal, SeenRequest } from './journal.ts';
import { HANG_MS_MAX, JOURNAL_BODY_CHARS_MAX, REQUEST_BODY_BYTES_MAX } from './limits.ts';
import { answerPath } from './discovery.ts';
import { readRequestInfo, type RequestInfo } from './request-info.ts';
import { checkScope, route } from './routes.ts';
import { qualified, StatusError, type Failure } from './status.ts';
import { cutConnection, outletOf, readBody, readRequest, type Incoming, type Outgoing } from './wire.ts';
import type { World } from './world.ts';

export interface Front {
  readonly world: World;
  readonly journal: Journal;
  readonly faults: Faults;
}

const TOO_LARGE: Failure = {
  code: 413, reason: 'RequestEntityTooLarge', message: `Request entity too large: limit is ${String(REQUEST_BODY_BYTES_MAX)}`, details: {},
};

const INTERNAL = (error: unknown): Failure => ({
  code: 500, reason: 'InternalError', message: `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
});

/** Runs one step of answering; a StatusError is an answer, anything else a bug that shows as 500. */
export const guarded = (step: () => Answer): Answer => {
  try {
    return step();
  } catch (error) {
    return failed(error instanceof StatusError ? error.failure : INTERNAL(error));
  }
};

const userOf = (world: World, request: ReceivedRequest): string | undefined => {
  try {
    return world.authenticator.authenticate(request).name;
  } catch {
    return undefined;
  }
};

const resourceOf = (info: RequestInfo): string => {
  if (info.kind === 'path') return info.path;
  const name = qualified(info.group, info.plural);
  return info.subresource === '' ? name : `${name}/${info.subresource}`;
};

export const seenOf = (world: World, incoming: Incoming, request: ReceivedRequest, info: RequestInfo, body: string): SeenRequest => ({
  method: request.method, path: request.path, query: request.query, verb: info.verb, resource: resourceOf(info),
  namespace: info.kind === 'resource' ? info.namespace : '', name: info.kind === 'resource' ? info.name : '',
  user: userOf(world, request), impersonated: headerOf(request, 'impersonate-user'), userAgent: headerOf(request, 'user-agent') ?? '',
  contentType: headerOf(request, 'content-type') ?? '', httpVersion: incoming.httpVersion, atMs: world.now(), body: body.slice(0, JOURNAL_BODY_CHARS_MAX), status: undefined,
});

const answerOf = (world: World, request: ReceivedRequest, info: RequestInfo, body: string): Answer => {
  const requestor = world.authenticator.authenticate(request);
  const user = actingUser(world.authorizer, requestor, request, info);
  world.authorizer.checkRequest(user, info);
  if (info.kind === 'path') return answerPath(request);
  if (info.resource === undefined) return text(404, '404 page not found\n');
  const call = { request, info, resource: info.resource, user, body };
  checkScope(call);
  return route(world, call);
};

const commonHeaders = (request: ReceivedRequest, world: World): Record<string, string> => ({
  'audit-id': headerOf(request, 'audit-id') ?? world.newUid(), 'cache-control': 'no-cache, private',
});

const send = (answer: Answer, headers: Record<string, string>, incoming: Incoming, to: Outgoing, fault: Fault | undefined): void => {
  const out = outletOf(to);
  // The two answer types agree in all that is used here; TypeScript cannot call a union of their overloads.
  const outgoing = to as ServerResponse;
  const all = { ...headers, ...answer.headers } as Record<string, string | string[]>;
  if (answer.kind === 'whole' && fault === undefined) {
    const bytes = Buffer.from(answer.body);
    outgoing.writeHead(answer.status, answer.status === 204 ? all : { ...all, 'content-length': String(bytes.length) });
    outgoing.end(bytes);
    return;
  }
  outgoing.writeHead(answer.status, all);
  const spoilt = spoiled(out, fault, () => cutConnection(incoming));
  if (answer.kind === 'stream') {
    // Headers go at once: a client that waits for them must not wait for the first event.
    if ('flushHeaders' in outgoing) outgoing.flushHeaders();
    answer.start(spoilt);
    return;
  }
  spoilt.write(answer.body);
  spoilt.end();
};

/** Waits as long as the fault says; true when the request is to be left alone afterwards. */
const suffer = async (fault: Fault | undefined, incoming: Incoming, outgoing: Outgoing): Promise<boolean> => {
  if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
  if (fault?.kind === 'hang') {
    const timer = setTimeout(() => cutConnection(incoming), HANG_MS_MAX);
    outgoing.once('close', () => clearTimeout(timer));
    return true;
  }
  if (fault?.kind !== 'cut' || fault.when === 'after') return false;
  cutConnection(incoming);
  return true;
};

const exchange = async (front: Front, incoming: Incoming, outgoing: Outgoing): Promise<void> => {
  outgoing.on('error', () => undefined);
  const request = readRequest(incoming);
  const body = await readBody(incoming).catch(() => 'gone' as const);
  if (body === 'gone') return;
  const info = readRequestInfo(request);
  const seen = seenOf(front.world, incoming, request, info, body ?? '');
  front.journal.note(seen);
  const fault = front.faults.hit(seen);
  if (await suffer(fault, incoming, outgoing)) return;
  const answer = guarded(() => {
    if (fault?.kind === 'status') return faultAnswer(fault);
    if (body === undefined) throw new StatusError(TOO_LARGE);
    return answerOf(front.world, request, info, body);
  });
  if (fault?.kind === 'cut') {
    cutConnection(incoming);
    return;
  }
  seen.status = answer.status;
  const spoiling = fault?.kind === 'status' || fault?.kind === 'delay' ? undefined : fault;
  send(answer, commonHeaders(request, front.world), incoming, outgoing, spoiling);
};

/** Never rejects: a bug here, or in a fault's predicate, is a 500 that says what broke, or a cut when the answer has begun. */
export const handle = async (front: Front, incoming: Incoming, outgoing: Outgoing): Promise<void> => {
  try {
    await exchange(front, incoming, outgoing);
  } catch (error) {
    if (outgoing.headersSent) cutConnection(incoming);
    else send(failed(INTERNAL(error)), {}, incoming, outgoing, undefined);
  }
};
