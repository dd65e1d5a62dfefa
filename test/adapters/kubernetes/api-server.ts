import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { stringify } from 'yaml';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export type Script = (asked: Asked, response: Http2ServerResponse, count: number) => unknown;

export interface ScriptedServer {
  readonly asked: Asked[];
  readonly url: string;
  readonly ca: string;
  readonly dir: string;
  /** A kubeconfig for this server, with other users or cluster fields when given. */
  readonly kubeconfig: (user?: object, cluster?: object) => string;
  readonly close: () => Promise<void>;
}

let certificate: Promise<{ readonly private: string; readonly cert: string }> | undefined;

/** An HTTPS server (HTTP/2 and 1.1) on loopback that answers what the test's script says, and writes down what it was asked. */
export const startServer = async (script: Script): Promise<ScriptedServer> => {
  certificate ??= Promise.resolve(generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] }],
  }));
  const { private: key, cert } = await certificate;
  const asked: Asked[] = [];
  const server: Http2SecureServer = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => void answer(request, response));
  const answer = async (request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const one = { method: request.method, path: request.url, headers: request.headers, body };
    asked.push(one);
    response.on('error', () => undefined);
    await script(one, response, asked.length);
  };
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('secureConnection', (socket) => sessions.add(socket));
  server.on('sessionError', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dir = mkdtempSync(join(tmpdir(), 'kdebug-kubernetes-'));
  return {
    asked, url, ca: cert, dir,
    kubeconfig: (user = { token: 'token-one' }, cluster = {}) => writeKubeconfig(dir, user, { server: url, 'certificate-authority-data': Buffer.from(cert).toString('base64'), ...cluster }),
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((done) => server.close(done));
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

let files = 0;

export const writeKubeconfig = (dir: string, user: object, cluster: object): string => {
  files += 1;
  const file = join(dir, `config-${files}`);
  writeFileSync(file, stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'here',
    clusters: [{ name: 'here', cluster }], users: [{ name: 'me', user }], contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
  }));
  return file;
};

export const json = (response: Http2ServerResponse, status: number, body: unknown, headers: Record<string, string | string[]> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};

export const status = (code: number, reason: string, message: string, details?: object): object =>
  ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code, ...(details && { details }) });
