/**
 * GET …/exec over WebSocket, v5.channel.k8s.io or v4.channel.k8s.io: each message begins with its channel (0 stdin, 1 stdout,
 * 2 stderr, 3 error, 4 resize; v5 also 255, a closed channel).
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Answer } from './exchange.ts';
import { requiredField } from './field-error.ts';
import { guarded, seenOf, type Front } from './handle.ts';
import { actingUser } from './impersonation.ts';
import { objectOf, stringOf } from './json.ts';
import { EXEC_MESSAGE_BYTES_MAX } from './limits.ts';
import { kubeletFailure } from './log.ts';
import { podAt } from './patch/pods.ts';
import { chosenContainer, nodeOf } from './pod-options.ts';
import type { ExecSession, JsonObject, Pod } from './ports.ts';
import { attributesOf } from './rbac.ts';
import { isTrue, readRequestInfo } from './request-info.ts';
import { badRequest, invalid, notFound, type Cause } from './status.ts';
import type { ReceivedRequest } from './exchange.ts';
import { readRequest } from './wire.ts';
import type { World } from './world.ts';

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const NORMAL_CLOSURE = 1_000;

const framed = (channel: number, bytes: Uint8Array): Buffer => Buffer.concat([Buffer.of(channel), bytes]);

const exitStatus = (code: number): JsonObject =>
  code === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {}, status: 'Failure', message: `command terminated with non-zero exit code: exit status ${String(code)}`,
        reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
      };

const optionCauses = (query: URLSearchParams): readonly Cause[] => [
  ...(query.getAll('command').length === 0 ? [requiredField('command')] : []),
  ...(['stdin', 'stdout', 'stderr'].some((name) => isTrue(query, name)) ? [] : [requiredField('', 'must specify at least one of stdin, stdout, stderr')]),
];

/** Everything the real server checks before it upgrades. @throws the Status it answers instead */
const startSession = (world: World, request: ReceivedRequest): ExecSession => {
  const requestor = world.authenticator.authenticate(request);
  const info = readRequestInfo(request);
  const user = actingUser(world.authorizer, requestor, request, info);
  world.authorizer.checkRequest(user, info);
  if (info.kind === 'path' || info.plural !== 'pods' || info.subresource !== 'exec') throw notFound('', 'pods', info.kind === 'path' ? info.path : info.name);
  // Since 1.35 an upgrade needs create besides get (AuthorizePodWebsocketUpgradeCreatePermission).
  world.authorizer.check(user, { ...attributesOf(info), verb: 'create' });
  const pod = podAt(world, info.namespace, info.name);
  const causes = optionCauses(request.query);
  if (causes.length > 0) throw invalid('PodExecOptions', pod.metadata.name, causes);
  const phase = stringOf(objectOf(pod['status'])['phase']);
  if (phase === 'Succeeded' || phase === 'Failed') throw badRequest(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const container = chosenContainer(pod, request.query.get('container') ?? '');
  if (nodeOf(pod) === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const session = world.kubelet().exec(pod as unknown as Pod, container, request.query.getAll('command'));
  if ('status' in session) throw kubeletFailure(session);
  return session;
};

const pump = async (socket: WebSocket, channel: number, output: AsyncIterable<Uint8Array>, wanted: boolean): Promise<void> => {
  for await (const chunk of output) if (wanted && socket.readyState === socket.OPEN) socket.send(framed(channel, chunk));
};

const serve = async (socket: WebSocket, session: ExecSession, query: URLSearchParams): Promise<void> => {
  socket.on('error', () => session.kill());
  socket.on('close', () => session.kill());
  await Promise.all([
    pump(socket, STDOUT, session.stdout, isTrue(query, 'stdout')),
    pump(socket, STDERR, session.stderr, isTrue(query, 'stderr')),
  ]);
  const code = await session.exit;
  socket.send(framed(ERROR, Buffer.from(JSON.stringify(exitStatus(code)))));
  socket.close(NORMAL_CLOSURE);
};

const refuse = (socket: Duplex, answer: Answer): void => {
  const body = answer.kind === 'whole' ? answer.body : '';
  socket.end([
    `HTTP/1.1 ${String(answer.status)} ${STATUS_CODES[answer.status] ?? ''}`, 'Content-Type: application/json', 'Connection: close',
    `Content-Length: ${String(Buffer.byteLength(body))}`, '', body,
  ].join('\r\n'));
};

const offered = (request: ReceivedRequest): readonly string[] =>
  (request.headers.get('sec-websocket-protocol') ?? []).flatMap((entry) => entry.split(',')).map((entry) => entry.trim());

/** Answers an HTTP/1.1 upgrade: the exec session, or the refusal as a plain HTTP answer. */
export const createUpgrader = (front: Front) => {
  const sockets = new WebSocketServer({
    noServer: true, maxPayload: EXEC_MESSAGE_BYTES_MAX, handleProtocols: (asked) => PROTOCOLS.find((protocol) => asked.has(protocol)) ?? false,
  });
  return {
    upgrade: (incoming: IncomingMessage, socket: Duplex, head: Buffer): void => {
      socket.on('error', () => undefined);
      const request = readRequest(incoming);
      const seen = seenOf(front.world, incoming, request, readRequestInfo(request), '');
      front.journal.note(seen);
      const started: { session?: ExecSession } = {};
      const answer = guarded(() => {
        if (!PROTOCOLS.some((protocol) => offered(request).includes(protocol))) throw badRequest(`unable to upgrade: the client offered none of ${PROTOCOLS.join(', ')}`);
        started.session = startSession(front.world, request);
        return { kind: 'whole', status: 101, headers: {}, body: '' };
      });
      seen.status = answer.status;
      const { session } = started;
      if (session === undefined) {
        refuse(socket, answer);
        return;
      }
      sockets.handleUpgrade(incoming, socket, head, (connected) => void serve(connected, session, request.query).catch(() => connected.terminate()));
    },
    close: (): void => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
};
