import type { ServerResponse } from 'node:http';
import { chatMethods } from './api/chat.ts';
import { conversationsMethods } from './api/conversations.ts';
import { filesMethods } from './api/files.ts';
import { createGateway } from './api/gateway.ts';
import { identityMethods } from './api/identity.ts';
import { viewsMethods } from './api/views.ts';
import { createClock } from './clock.ts';
import { createFaults } from './faults.ts';
import { ACK_WINDOW_MS, MESSAGES_PER_CHANNEL_MAX } from './limits.ts';
import { createListener } from './listener.ts';
import { createLog } from './log.ts';
import { createMetering } from './metering.ts';
import type { FakeSlack, FakeSlackOptions } from './options.ts';
import { createAttacks } from './people/attacks.ts';
import { createHands } from './people/people.ts';
import { serve } from './routes.ts';
import { ACME } from './seed.ts';
import { createDispatch } from './transport/dispatch.ts';
import { createHttpTransport } from './transport/http.ts';
import { createSocketTransport, type SocketTransport } from './transport/socket.ts';
import { createWorkspace, type Workspace } from './workspace.ts';
import { createWorld } from './world/world.ts';

const DEFAULT_SECRETS = {
  botToken: 'xoxb-0-0-kdebugplayground',
  appToken: 'xapp-1-A0KDEBUG-0-kdebugplayground',
  signingSecret: 'kdebug-playground-signing-secret',
} as const;

const methodsOf = (workspace: Workspace, socket: SocketTransport) => ({
  ...chatMethods(workspace),
  ...conversationsMethods(workspace),
  ...identityMethods(workspace, () => `${workspace.origin().replace('http', 'ws')}/link?ticket=${socket.tickets.issue()}&app_id=${workspace.seed.app.id}`),
  ...viewsMethods(workspace),
  ...filesMethods(workspace),
});

const sayUnmetered = (): void => void process.stderr.write('fake Slack: unmetered, without the real one\'s rate limits: for benches only\n');

/** The app's side: who it is reached by, and what people and attackers send it. */
const createAppSide = (workspace: Workspace, socket: SocketTransport, signingSecret: string, options: FakeSlackOptions) => {
  let requestUrl = options.requestUrl;
  const http = createHttpTransport(() => requestUrl ?? '', signingSecret, workspace.clock.nowMs, options.ackWindowMs ?? ACK_WINDOW_MS);
  const dispatch = createDispatch(http, socket, () => requestUrl !== undefined, workspace.clock);
  const hand = { workspace, dispatch };
  const connectApp = async (url: string | undefined): Promise<void> => {
    const before = requestUrl;
    requestUrl = url;
    try {
      if (url !== undefined) await http.verify();
    } catch (error) {
      requestUrl = before;
      throw error;
    }
  };
  return { people: createHands(hand), attacks: createAttacks(hand, http, signingSecret), connectApp, dispatch };
};

/**
 * Starts a fake Slack on 127.0.0.1: Web API, uploads, response_url, Socket Mode, and the signed requests of HTTP mode.
 * It is as strict as the real one, where that is known, and stricter where it is not; it holds everything in memory.
 */
export const startFakeSlack = async (options: FakeSlackOptions = {}): Promise<FakeSlack> => {
  const seed = options.seed ?? ACME;
  const secrets = { ...DEFAULT_SECRETS, ...given(options) };
  const metering = options.metering ?? 'slack';
  if (metering === 'unmetered') sayUnmetered();

  const origin = (): string => `http://127.0.0.1:${listener.port()}`;
  const clock = createClock(options.clockScale);
  const workspace = createWorkspace(seed, clock, options.messagesPerChannelMax ?? MESSAGES_PER_CHANNEL_MAX, origin);
  const socket = createSocketTransport(seed.app.id, workspace.nextId, options.ackWindowMs ?? ACK_WINDOW_MS);
  const tokens = { bot: secrets.botToken, app: secrets.appToken };
  const gateway = createGateway(methodsOf(workspace, socket), tokens, seed.scopes, createMetering(clock, metering));
  const log = createLog();
  const faults = createFaults({ down: () => listener.down(), up: () => listener.up() });
  const handle = serve({ workspace, gateway, faults, log });
  const listener = createListener(options.port ?? 0, (request, response) => {
    handle(request, response).catch((error: unknown) => failed(response, error));
  }, { admits: (url) => url.pathname === '/link' && socket.tickets.admits(url.searchParams.get('ticket') ?? ''), accept: socket.accept });
  await listener.up();

  const { people, attacks, connectApp, dispatch } = createAppSide(workspace, socket, secrets.signingSecret, options);
  return {
    ...secrets, apiUrl: `${origin()}/api/`, origin: origin(), port: listener.port(),
    appId: seed.app.id, teamId: seed.team.id, botUserId: seed.app.botUserId,
    world: createWorld(workspace), people, attacks, log, faults, socket: socket.controls, connectApp,
    close: async () => {
      dispatch.close();
      socket.close();
      await listener.down();
    },
  };
};

/** A client that hung up while it was read, or a bug of the fake: the one hears nothing, the other must be seen. */
const failed = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ok: false, error: 'fake_slack_bug', detail: error instanceof Error ? error.stack : String(error) }));
};

const given = ({ botToken, appToken, signingSecret }: FakeSlackOptions): Partial<Record<keyof typeof DEFAULT_SECRETS, string>> => ({
  ...(botToken === undefined ? {} : { botToken }),
  ...(appToken === undefined ? {} : { appToken }),
  ...(signingSecret === undefined ? {} : { signingSecret }),
});
