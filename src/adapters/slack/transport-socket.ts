/**
 * Socket Mode. The library's own reconnecting is off: it waits five seconds at every refresh, and a refused reconnect is
 * a rejection nobody handles. Here one loop connects, for ever, until it is closed.
 */
import { SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../app/ports.ts';
import { clientOptions } from './clients.ts';
import { CLOSE_WITHIN_MS, CONNECT_WITHIN_MS, DISCONNECT_WITHIN_MS, OUTPUT_TIMEOUT_MS, START_RETRY_MAX_MS, START_RETRY_MIN_MS } from './limits.ts';
import { errorLine, slackLogger } from './logger.ts';
import { backoff, pause, type Transport } from './transport.ts';

type Client = SocketModeReceiver['client'];

const typeOf = (frame: unknown): unknown => {
  if (typeof frame !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(frame);
    return typeof parsed === 'object' && parsed !== null && 'type' in parsed ? parsed : undefined;
  } catch {
    return undefined;
  }
};

/** The library reads frames in an async listener; one that it cannot read must not end the process. */
const guardFrames = (client: Client, log: Log): void => {
  const [read] = client.listeners('ws_message') as ((data: unknown, isBinary: boolean) => Promise<void>)[];
  if (read === undefined) return;
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    Promise.resolve(read(data, isBinary)).catch((error: unknown) => {
      log.warn({ error: errorLine(error) }, 'a frame of Slack was in no form that its library knows');
    });
  });
};

/** Slack's farewell needs an answer from its side; when none comes soon, that connection is dropped, and no later one. */
const leaveInTime = (client: Client, connection: () => number | undefined): void => {
  client.on('ws_message', (data: unknown) => {
    const frame = typeOf(data) as { readonly type?: unknown } | undefined;
    if (frame?.type !== 'disconnect') return;
    const left = connection();
    setTimeout(() => {
      if (left !== undefined && connection() === left) client.disconnect().catch(() => undefined);
    }, DISCONNECT_WITHIN_MS).unref();
  });
};

const within = async <Value>(work: Promise<Value>, milliseconds: number, onLate: () => void): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new Error(`Slack did not greet within ${milliseconds} ms.`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const createReceiver = (appToken: string, apiUrl: string | undefined, log: Log): SocketModeReceiver => new SocketModeReceiver({
  appToken, autoReconnectEnabled: false, logger: slackLogger(log),
  installerOptions: { clientOptions: clientOptions(apiUrl, OUTPUT_TIMEOUT_MS, log) },
  processEventErrorHandler: async ({ error, event }) => {
    log.error({ error: errorLine(error) }, 'a delivery of Slack was in no form that Bolt knows');
    // acknowledged here: Bolt would let a failure to do so end the process
    await event.ack().catch(() => undefined);
    return false;
  },
});

interface Line {
  readonly connect: () => Promise<void>;
  /** Which connection it is, counted from 1; undefined while there is none. */
  readonly connection: () => number | undefined;
}

/** One loop at a time connects until there is a connection or nobody wants one any more. */
const keepConnected = (client: Client, log: Log, signal: AbortSignal): Line => {
  const state = { isConnected: false, isConnecting: false, connections: 0 };

  const connect = async (): Promise<void> => {
    if (state.isConnecting) return;
    state.isConnecting = true;
    for (let tries = 0; !state.isConnected && !signal.aborted; tries += 1) {
      try {
        await within(client.start(), CONNECT_WITHIN_MS, () => { client.disconnect().catch(() => undefined); });
      } catch (error) {
        log.warn({ error: errorLine(error), tries }, 'Slack could not be connected, trying again');
        await pause(backoff(tries, START_RETRY_MIN_MS, START_RETRY_MAX_MS), signal);
      }
    }
    state.isConnecting = false;
  };

  client.on('connected', () => {
    state.isConnected = true;
    state.connections += 1;
    log.info({}, 'connected to Slack');
  });
  client.on('disconnected', () => {
    state.isConnected = false;
    if (!signal.aborted) void connect();
  });
  return { connect, connection: () => (state.isConnected ? state.connections : undefined) };
};

export const socketTransport = (appToken: string, apiUrl: string | undefined, log: Log): Transport => {
  const receiver = createReceiver(appToken, apiUrl, log);
  const { client } = receiver;
  const closing = new AbortController();
  const { connect, connection } = keepConnected(client, log, closing.signal);
  guardFrames(client, log);
  leaveInTime(client, connection);
  return {
    receiver,
    start: () => {
      void connect();
      return Promise.resolve();
    },
    isConnected: () => connection() !== undefined,
    port: () => undefined,
    close: async () => {
      closing.abort();
      await within(client.disconnect(), CLOSE_WITHIN_MS, () => undefined).catch(() => undefined);
    },
  };
};
