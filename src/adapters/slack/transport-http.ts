/** HTTP mode: `POST /slack/events`, signed. */
import type { Server } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { Log } from '../../app/ports.ts';
import { EVENTS_PATH, guarded, type OtherPaths } from './http-guard.ts';
import { BODY_BYTES_MAX, CLOSE_WITHIN_MS, CONNECTIONS_LOOK_EVERY_MS, CONNECTIONS_MAX, HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './limits.ts';
import { errorLine, slackLogger } from './logger.ts';
import type { Transport } from './transport.ts';

export const httpTransport = (signingSecret: string, port: number, log: Log, others?: OtherPaths): Transport => {
  const receiver = new HTTPReceiver({
    signingSecret, endpoints: EVENTS_PATH, bodyLimit: BODY_BYTES_MAX, logger: slackLogger(log),
    processEventErrorHandler: async ({ error, response }) => {
      log.error({ error: errorLine(error) }, 'a delivery of Slack was in no form that Bolt knows');
      if (!response.headersSent) response.writeHead(400).end();
      return true;
    },
  });
  receiver.requestListener = guarded(receiver.requestListener, signingSecret, others);
  let server: Server | undefined;
  return {
    receiver,
    start: async () => {
      server = await receiver.start(port, { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: CONNECTIONS_LOOK_EVERY_MS });
      server.maxConnections = CONNECTIONS_MAX;
    },
    isConnected: () => server?.listening ?? false,
    port: () => {
      const address = server?.address();
      return typeof address === 'object' && address !== null ? address.port : undefined;
    },
    close: async () => {
      if (server === undefined || !server.listening) return;
      // requests under way are answered; what still hangs after that is cut
      const cut = setTimeout(() => server?.closeAllConnections(), CLOSE_WITHIN_MS);
      server.closeIdleConnections();
      await receiver.stop();
      clearTimeout(cut);
    },
  };
};
