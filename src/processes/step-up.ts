import { randomBytes } from 'node:crypto';
import { createIdentityProvider } from '../adapters/oidc/provider.ts';
import { CALLBACK_PATH, createStepUpListener, STEP_UP_PATH } from '../adapters/web/listener.ts';
import { startWeb, type WebServer } from '../adapters/web/server.ts';
import type { OtherPaths } from '../adapters/slack/http-guard.ts';
import type { Clicking } from '../app/click.ts';
import { stepUpHandlers } from '../app/step-up.ts';
import type { StepUpHandlers, StepUpLinks, Tickets } from '../app/step-up-port.ts';
import type { ServeGround } from './part.ts';

/** Serve's own pages, where approvers confirm. */
export interface StepUpPages {
  readonly links: StepUpLinks;
  /** In HTTP mode they share Slack's port. */
  readonly others: OtherPaths;
  /** From here on they answer; in Socket Mode on PORT, which nothing else uses. `slackPort`: of HTTP mode. */
  start(world: Clicking, slackPort: number | undefined): Promise<void>;
  close(): Promise<void>;
}

const SECRET_BYTES = 32;
const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

const onceThere = (ready: Promise<StepUpHandlers>): StepUpHandlers => ({
  show: async (secret) => (await ready).show(secret),
  begin: async (secret, browser) => (await ready).begin(secret, browser),
  finish: async (answer, browser) => (await ready).finish(answer, browser),
});

/** Undefined when no login provider is configured: then a rule that wants a step-up refuses. */
export const openStepUp = ({ stepUp, port, slack, log }: ServeGround, tickets: Tickets): StepUpPages | undefined => {
  if (!stepUp) return undefined;
  const handlers = Promise.withResolvers<StepUpHandlers>();
  const listening: { port: number; server?: WebServer } = { port };
  const origin = (): string => stepUp.origin ?? `http://localhost:${listening.port}`;
  const listener = createStepUpListener({ handlers: onceThere(handlers.promise), newSecret, origin, log });
  return {
    links: { tickets, newSecret, addressOf: (secret) => `${origin()}${STEP_UP_PATH}${secret}` },
    others: { under: STEP_UP_PATH, listener },
    start: async (world, slackPort) => {
      if (slack.transport.kind === 'socket') listening.server = await startWeb(port, listener);
      listening.port = listening.server?.port ?? slackPort ?? port;
      handlers.resolve(stepUpHandlers({ ...world, tickets, provider: createIdentityProvider({ ...stepUp, redirectUri: () => `${origin()}${CALLBACK_PATH}`, log }) }));
      log.info({ origin: origin(), issuer: stepUp.issuer }, stepUp.origin === undefined ? 'approvers confirm by a login; the pages are reached from this machine only' : 'approvers confirm by a login');
    },
    close: async () => { await listening.server?.close(); },
  };
};
