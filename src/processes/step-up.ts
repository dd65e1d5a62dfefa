import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createIdentityProvider } from '../adapters/oidc/provider.ts';
import { CALLBACK_PATH, createStepUpListener, STEP_UP_PATH } from '../adapters/web/listener.ts';
import { startWeb, type WebServer } from '../adapters/web/server.ts';
import type { OtherPaths } from '../adapters/slack/http-guard.ts';
import type { Clicking } from '../app/click.ts';
import { stepUpHandlers } from '../app/step-up.ts';
import type { StepUpHandlers, StepUpLinks, Tickets } from '../app/step-up-port.ts';
import type { ServeGround } from './part.ts';
import { StartError } from './start-error.ts';

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

const warnOfRules = ({ settings: { policy }, log }: ServeGround): void => {
  const rules = policy.rules.filter((rule) => rule.decide === 'approve' && rule.stepUp).map(({ name }) => name);
  if (rules.length > 0) log.warn({ rules }, 'these rules want approvers to log in, and no login provider is configured: they refuse everything');
};

const listenOn = async (port: number, listener: RequestListener): Promise<WebServer> => {
  try {
    return await startWeb(port, listener);
  } catch (error) {
    throw new StartError([`PORT ${port} cannot be listened on, and the step-up pages are there (${error instanceof Error ? error.message : String(error)}); free it or set another PORT`]);
  }
};

/** Undefined when no login provider is configured: then a rule that wants a step-up refuses. */
export const openStepUp = (ground: ServeGround, tickets: Tickets): StepUpPages | undefined => {
  const { stepUp, port, slack, log } = ground;
  if (!stepUp) {
    warnOfRules(ground);
    return undefined;
  }
  const handlers = Promise.withResolvers<StepUpHandlers>();
  const listening: { port: number; server?: WebServer } = { port };
  const origin = (): string => stepUp.origin ?? `http://localhost:${listening.port}`;
  const listener = createStepUpListener({ handlers: onceThere(handlers.promise), newSecret, origin, log });
  return {
    links: { tickets, newSecret, addressOf: (secret) => `${origin()}${STEP_UP_PATH}${secret}` },
    others: { under: STEP_UP_PATH, listener },
    start: async (world, slackPort) => {
      if (slack.transport.kind === 'socket') listening.server = await listenOn(port, listener);
      listening.port = listening.server?.port ?? slackPort ?? port;
      handlers.resolve(stepUpHandlers({ ...world, tickets, provider: createIdentityProvider({ ...stepUp, redirectUri: () => `${origin()}${CALLBACK_PATH}`, log }) }));
      log.info({ origin: origin(), issuer: stepUp.issuer }, stepUp.origin === undefined ? 'approvers confirm by a login; the pages are reached from this machine only' : 'approvers confirm by a login');
    },
    close: async () => { await listening.server?.close(); },
  };
};
