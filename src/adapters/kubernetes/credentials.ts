import { readFile } from 'node:fs/promises';
import type { Json } from './json.ts';
import type { Connection } from './connection.ts';
import { runPlugin, type PluginCredential } from './exec-plugin.ts';
import { KubeconfigError, type Selected } from './kubeconfig.ts';

/** What one request is made with. */
export interface Credential {
  readonly authorization?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface Credentials {
  /** Rejects with a KubeconfigError when a file cannot be read or a plugin fails. */
  current(): Promise<Credential>;
  /** The server said 401: the next `current` reads everything anew. */
  forget(): void;
}

/** A bound service account token is replaced in its file at 80 % of an hour; client-go reads it as often. */
const FRESH_MS = 60_000;
/** Clocks differ, and a request in flight still needs its token. */
const EARLY_MS = 30_000;
/** A plugin whose tokens are (by its clock) already old is not run again for each request. */
const PLUGIN_REST_MS = 5_000;

/** Files are read again after a minute, plugins run again shortly before their token ends; always one reading at a time. */
export const createCredentials = (selected: Selected, connection: Connection, clock: () => number = Date.now): Credentials => {
  let kept: { readonly credential: Credential; readonly until: number } | undefined;
  let reading: Promise<Credential> | undefined;
  const read = async (): Promise<Credential> => {
    const { credential, until } = await readCredential(selected, connection, clock()).catch(unreadable);
    kept = { credential, until };
    return credential;
  };
  return {
    current: () => {
      if (kept && clock() < kept.until) return Promise.resolve(kept.credential);
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    forget: () => {
      kept = undefined;
    },
  };
};

const readCredential = async (selected: Selected, connection: Connection, now: number) => {
  const { user, tokenFile } = selected;
  const plugin = user.exec ? await runPlugin(user.exec as Json, connection.origin + connection.base) : undefined;
  const token = plugin?.token ?? (tokenFile === undefined ? user.token : await readFile(tokenFile, 'utf8'))?.trim();
  const credential: Credential = present({
    authorization: token ? `Bearer ${token}` : undefined,
    ca: connection.ca(), cert: plugin?.cert ?? connection.cert(), key: plugin?.key ?? connection.key(),
  });
  return { credential, until: now + goodFor(plugin, now) };
};

// The path and the code; what a file holds stays out of every message.
const unreadable = (error: unknown): never => {
  const { code, path } = error as NodeJS.ErrnoException;
  if (path === undefined) throw error;
  throw new KubeconfigError(`The credential file ${path} cannot be read (${code ?? 'no reason given'}).`, { cause: error });
};

const goodFor = (plugin: PluginCredential | undefined, now: number): number => {
  if (!plugin) return FRESH_MS;
  return plugin.expiresAt === undefined ? Infinity : Math.max(PLUGIN_REST_MS, plugin.expiresAt - EARLY_MS - now);
};

const present = (fields: { readonly [Key in keyof Credential]: string | undefined }): Credential =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
