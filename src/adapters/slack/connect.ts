/** The connection to one Slack workspace: up at once, ready once Slack has said who we are. */
import { App } from '@slack/bolt';
import type { Chat, Directory } from '../../app/chat-port.ts';
import type { Log } from '../../app/ports.ts';
import type { Budget } from '../../app/budget-port.ts';
import type { SlackHandlers } from '../../app/slack-port.ts';
import type { ClusterName, ImageName } from '../../domain/names.ts';
import { createChat } from './chat.ts';
import { createClients, clientOptions, type Clients } from './clients.ts';
import { createDirectory } from './directory.ts';
import { createFiles } from './files.ts';
import type { OtherPaths } from './http-guard.ts';
import { findIdentity, type Identity } from './identity.ts';
import { CLOSE_WITHIN_MS, INTERACTIVE_TIMEOUT_MS, START_RETRY_MAX_MS, START_RETRY_MIN_MS } from './limits.ts';
import { dispatch } from './listeners/dispatch.ts';
import { errorLine, slackLogger } from './logger.ts';
import { whyNotApiUrl } from './origins.ts';
import { createOutbound } from './outbound.ts';
import { createRespond } from './respond.ts';
import { missingScopes } from './scopes.ts';
import { httpTransport } from './transport-http.ts';
import { socketTransport } from './transport-socket.ts';
import { backoff, pause, type Transport } from './transport.ts';

export interface SlackOptions {
  readonly transport:
    | { readonly kind: 'socket'; readonly appToken: string }
    | { readonly kind: 'http'; readonly signingSecret: string; /** 0: any free one. */ readonly port: number; readonly others?: OtherPaths };
  readonly botToken: string;
  /** SLACK_API_URL: another Web API root, with its final `/api/`. */
  readonly apiUrl?: string;
  readonly log: Log;
  readonly budget: Budget;
  readonly handlers: SlackHandlers;
  /** Clusters in which kdebug may stop what runs; none when absent. */
  readonly stoppable?: readonly ClusterName[];
  /** What is offered when a command is not in the image. */
  readonly fallbackImage?: ImageName | undefined;
}

export interface SlackConnection {
  readonly chat: Chat;
  readonly directory: Directory;
  /** Slack has said who we are, and deliveries can reach us. */
  ready(): boolean;
  /** Undefined when it is ready. */
  unready(): string | undefined;
  /** Undefined until Slack has said. */
  identity(): Identity | undefined;
  /** The port of HTTP mode. */
  port(): number | undefined;
  /** Takes nothing new, lets what is being answered be answered, leaves. */
  close(): Promise<void>;
}

/** Asks until Slack says, for ever; a wrong token may be mended from outside. */
const identify = async (clients: Clients, appToken: string | undefined, log: Log, signal: AbortSignal): Promise<Identity | undefined> => {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      return await findIdentity(clients.interactive, appToken);
    } catch (error) {
      log.warn({ error: errorLine(error), tries }, 'Slack did not say who we are, asking again');
      await pause(backoff(tries, START_RETRY_MIN_MS, START_RETRY_MAX_MS), signal);
    }
  }
  return undefined;
};

/** One line for each: what does not work, and which scope would mend it. */
const warnOfScopes = ({ scopes }: Identity, log: Log): void => {
  for (const { scope, feature, isEssential } of missingScopes(scopes)) {
    log[isEssential ? 'error' : 'warn']({ scope, feature }, `the Slack app lacks the scope ${scope}: install it again from its manifest`);
  }
};

const whyNotReady = (identity: Identity | undefined, transport: Transport): string | undefined => {
  if (identity === undefined) return 'Slack has not said who kdebug is';
  const [essential] = missingScopes(identity.scopes).filter(({ isEssential }) => isEssential);
  if (essential !== undefined) return `the Slack app lacks the scope ${essential.scope}`;
  return transport.isConnected() ? undefined : 'not connected';
};

const transportOf = ({ transport, apiUrl, log }: SlackOptions): Transport => transport.kind === 'socket'
  ? socketTransport(transport.appToken, apiUrl, log)
  : httpTransport(transport.signingSecret, transport.port, log, transport.others);

type Deliver = (body: object, ack: ((response?: unknown) => Promise<void>) | undefined) => Promise<void>;

/** Bolt between a transport and `deliver`: it verifies and unpacks; what is done with a delivery is ours. */
const startBolt = async (transport: Transport, options: SlackOptions, identity: () => Identity | undefined, deliver: Deliver): Promise<void> => {
  const { botToken, apiUrl, log } = options;
  const app = new App({
    receiver: transport.receiver,
    // Bolt caches a rejected auth.test for ever and then answers everything with nothing; ours is asked apart
    authorize: async () => {
      const found = identity();
      return { botToken, ...(found !== undefined && { botId: found.botId, botUserId: found.botUser, teamId: found.team }) };
    },
    clientOptions: clientOptions(apiUrl, INTERACTIVE_TIMEOUT_MS, log),
    deferInitialization: true, convoStore: false, developerMode: false, ignoreSelf: true, attachFunctionToken: false, logger: slackLogger(log),
  });
  await app.init();
  app.error(async (error) => log.error({ error: errorLine(error) }, 'Bolt could not handle a delivery'));
  app.use((delivered) => deliver(delivered.body, 'ack' in delivered ? delivered.ack as (response?: unknown) => Promise<void> : undefined));
  await transport.start();
};

/** Counts what is being answered, so that leaving can wait for it. */
const tracked = (deliver: Deliver): { readonly deliver: Deliver; readonly settled: () => Promise<void> } => {
  const answering = new Set<Promise<void>>();
  return {
    deliver: async (body, ack) => {
      const work = deliver(body, ack);
      answering.add(work);
      await work.finally(() => answering.delete(work));
    },
    settled: async () => {
      await Promise.race([Promise.allSettled(answering), pause(CLOSE_WITHIN_MS, AbortSignal.any([]))]);
    },
  };
};

/**
 * Resolves as soon as deliveries are being waited for, with Slack up or down. Rejects for a SLACK_API_URL that cannot be
 * right and for a port that is taken.
 */
export const connectSlack = async (options: SlackOptions): Promise<SlackConnection> => {
  const { botToken, apiUrl, log, budget, handlers } = options;
  const wrongUrl = apiUrl === undefined ? undefined : whyNotApiUrl(apiUrl);
  if (wrongUrl !== undefined) throw new Error(wrongUrl);
  const clients = createClients(botToken, apiUrl, log);
  const outbound = createOutbound(clients, budget);
  const closing = new AbortController();
  let identity: Identity | undefined;
  const whoWeAre = (): Identity | undefined => identity;

  const listening = { handlers, outbound, log, respond: createRespond(apiUrl, log), identity: whoWeAre };
  const { deliver, settled } = tracked((body, ack) => dispatch(listening, body, ack));
  const transport = transportOf(options);
  await startBolt(transport, options, whoWeAre, deliver);
  const findOut = async (): Promise<void> => {
    identity = await identify(clients, options.transport.kind === 'socket' ? options.transport.appToken : undefined, log, closing.signal);
    if (identity !== undefined) warnOfScopes(identity, log);
  };
  void findOut();

  return {
    chat: createChat(outbound, createFiles(clients.output, apiUrl, log), log, { stoppable: options.stoppable ?? [], fallbackImage: options.fallbackImage }),
    directory: createDirectory(clients.interactive, log),
    ready: () => whyNotReady(identity, transport) === undefined,
    unready: () => whyNotReady(identity, transport),
    identity: whoWeAre,
    port: transport.port,
    close: async () => {
      closing.abort();
      await settled();
      await transport.close();
    },
  };
};
