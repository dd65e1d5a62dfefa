import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Undefined: fine. A sentence: what is not ready yet. */
export type Check = () => Promise<string | undefined> | string | undefined;

export type Checks = Readonly<Record<string, Check>>;

export interface HealthOptions {
  readonly port: number;
  /** Broken for good: the platform should restart the process. */
  readonly alive: () => Checks;
  /** Not to be sent work yet, or no longer. */
  readonly ready: () => Checks;
  /** Of these one must be fine, when there are any; those that are not are named in the answer all the same. */
  readonly readyWithOneOf?: () => Checks;
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

const CHECK_WITHIN_MS = 2_000;

/** `/healthz`, `/readyz` and `/metrics` on the ops port; each check is asked at the time of the call, for 2 s at most. */
export const startHealth = async ({ port, alive, ready, readyWithOneOf, metrics }: HealthOptions): Promise<HealthServer> => {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, text: string): void => { response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text); };
    const report = async (all: Checks, oneOf: Checks = {}): Promise<void> => {
      const [problems, missing] = await Promise.all([failing(all), failing(oneOf)]);
      const alternatives = Object.keys(oneOf).length;
      const isFine = problems.length === 0 && (alternatives === 0 || missing.length < alternatives);
      answer(isFine ? 200 : 503, 'text/plain; charset=utf-8', [...(isFine ? ['ok'] : []), ...problems, ...missing].map((line) => `${line}\n`).join(''));
    };
    const routes: Readonly<Record<string, () => Promise<void>>> = {
      '/healthz': () => report(alive()),
      '/readyz': () => report(ready(), readyWithOneOf?.()),
      '/metrics': async () => { const { type, text } = await metrics(); answer(200, type, text); },
    };
    const path = (request.url ?? '').split('?')[0] ?? '';
    const route = request.method === 'GET' && Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route) { answer(404, 'text/plain; charset=utf-8', 'not found\n'); return; }
    route().catch(() => { answer(500, 'text/plain; charset=utf-8', 'this check failed to run\n'); });
  });
  await listening(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }),
  };
};

/** The port is somebody else's, or not ours to take. */
export class OpsPortError extends Error {
  constructor(port: number, why: string) {
    super(`KDEBUG_OPS_PORT ${port} cannot be listened on (${why}): free it, or set another one.`);
    this.name = 'OpsPortError';
  }
}

const listening = (server: Server, port: number): Promise<void> => new Promise((resolve, reject) => {
  server.once('error', (error) => { reject(new OpsPortError(port, error.message)); }).listen(port, resolve);
});

const failing = async (checks: Checks): Promise<readonly string[]> => {
  const answers = await Promise.all(Object.entries(checks).map(async ([name, check]) => {
    const problem = await bounded(check);
    return problem === undefined ? [] : [`${name}: ${problem}`];
  }));
  return answers.flat();
};

const bounded = async (check: Check): Promise<string | undefined> => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => { resolve(`no answer within ${CHECK_WITHIN_MS} ms`); }, CHECK_WITHIN_MS);
  try {
    return await Promise.race([check(), promise]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
};
