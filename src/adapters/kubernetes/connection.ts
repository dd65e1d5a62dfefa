import { readFileSync } from 'node:fs';
import { KubeconfigError, type Selected } from './kubeconfig.ts';

/** A server kdebug may talk to: HTTPS with a verified certificate, or plain HTTP to this very machine. */
export interface Connection {
  readonly origin: string;
  /** A path before `/api`, as some proxies of clusters have: `/k8s/clusters/c-1`; else empty. */
  readonly base: string;
  readonly servername?: string;
  readonly ca: PemSource;
  readonly cert: PemSource;
  readonly key: PemSource;
}

/** Reads the PEM text anew, so that a rotated certificate is used without a restart; undefined: none configured. */
export type PemSource = () => string | undefined;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const BASE = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/;

/** Refuses, with a sentence for the operator, every entry that would weaken or ignore what the file says. */
export const connectionOf = ({ cluster, user }: Selected): Connection => {
  const url = serverUrl(cluster.name, cluster.server);
  const refuse = refusals(cluster.name, user.name);
  if (cluster.skipTLSVerify) refuse('insecure-skip-tls-verify is set; kdebug verifies the server: give certificate-authority-data instead');
  if (cluster.proxyUrl) refuse('proxy-url is set; kdebug connects directly: give a server address it can reach');
  if (user.impersonateUser) refuse('the user has "as"; kdebug acts as itself: give it a user of its own');
  if (user.username || user.password) refuse('the user has a password; API servers no longer take one: give a token, a client certificate or an exec plugin');
  if (user.authProvider) refuse('the user has an auth-provider; kubectl dropped those too: give an exec plugin');
  const base = url.pathname.replace(/\/$/, '');
  if (!BASE.test(base) || url.search !== '' || url.username !== '') refuse('the server address has more than host, port and a plain path');
  return {
    origin: url.origin, base, ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
    ca: pem(cluster.caFile, cluster.caData), cert: pem(user.certFile, user.certData), key: pem(user.keyFile, user.keyData),
  };
};

const refusals = (cluster: string, user: string) => (what: string): never => {
  throw new KubeconfigError(`The kubeconfig entry for cluster ${cluster} and user ${user} is refused: ${what}.`);
};

const serverUrl = (name: string, server: string): URL => {
  const url = URL.parse(server);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new KubeconfigError(`The server of cluster ${name} is no URL: write https://HOST:PORT.`);
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) {
    throw new KubeconfigError(`The server of cluster ${name} is http://${url.host}: commands and output would travel in the clear; write https://.`);
  }
  return url;
};

const pem = (file: string | undefined, base64: string | undefined): PemSource => {
  if (file) return () => readFileSync(file, 'utf8');
  const text = base64 ? Buffer.from(base64, 'base64').toString('utf8') : undefined;
  return () => text;
};
