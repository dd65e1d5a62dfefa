import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
// The client's KubeConfig imports its whole generated API (0.5 s of CPU, 85 MB); the readers of its entries do not (5 ms, 2 MB).
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js';
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import { parse } from 'yaml';
import { at, listAt, textAt, type Json } from './json.ts';

export interface KubeconfigOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** What `use-context` selects: one cluster and one user, file names made absolute. */
export interface Selected {
  readonly cluster: Cluster;
  readonly user: User;
  readonly tokenFile?: string;
}

/** Where to look; the process environment in production, a record in a test. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly serviceAccountDir: string;
}

export const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/** An Error whose message is one sentence for the operator: which file, what is wrong, what to write. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
}

interface Entries {
  readonly clusters: readonly Cluster[];
  readonly users: readonly User[];
  readonly contexts: readonly Context[];
  readonly current?: string;
  /** Per user: `tokenFile`, which the official client does not read. */
  readonly tokenFiles: ReadonlyMap<string, string>;
}

/** The order of kubectl: the named file, $KUBECONFIG (merged), ~/.kube/config, the pod's own service account. */
export const selectConnection = (options: KubeconfigOptions, around: Surroundings): Selected => {
  const files = kubeconfigFiles(options, around);
  if (files.length === 0) return inCluster(options, around);
  const entries = files.map(readEntries);
  return select(options.context ?? entries.find((one) => one.current)?.current, entries, files.join(delimiter));
};

const kubeconfigFiles = (options: KubeconfigOptions, { env }: Surroundings): readonly string[] => {
  if (options.kubeconfig !== undefined) return [options.kubeconfig];
  const listed = env['KUBECONFIG']?.split(delimiter).filter((file) => file !== '') ?? [];
  if (listed.length > 0) return listed;
  const home = env['HOME'] === undefined ? undefined : join(env['HOME'], '.kube', 'config');
  return home !== undefined && existsSync(home) ? [home] : [];
};

const readEntries = (file: string): Entries => {
  const document = readDocument(file);
  try {
    const users = newUsers(withoutTokenFiles(document));
    return {
      clusters: newClusters(at(document, 'clusters')).map((cluster) => ({ ...cluster, ...absolute(file, { caFile: cluster.caFile }) })),
      users: users.map((user) => ({ ...user, ...absolute(file, { certFile: user.certFile, keyFile: user.keyFile }) })),
      contexts: newContexts(at(document, 'contexts')),
      tokenFiles: tokenFiles(file, document),
      ...(textAt(document, 'current-context') && { current: textAt(document, 'current-context') ?? '' }),
    };
  } catch (error) {
    throw new KubeconfigError(`The kubeconfig ${file} cannot be used: ${error instanceof Error ? error.message : 'unreadable entry'}.`, { cause: error });
  }
};

const readDocument = (file: string): Json => {
  try {
    return parse(readFileSync(file, 'utf8')) as Json;
  } catch (error) {
    // A YAML error quotes the line, and the line may be a token: the cause stays out of the sentence.
    const { code, path } = error as NodeJS.ErrnoException;
    // oxlint-disable-next-line preserve-caught-error
    throw new KubeconfigError(`The kubeconfig ${file} cannot be read (${path === undefined ? 'it is not YAML' : code}).`);
  }
};

const absolute = <Files extends Readonly<Record<string, string | undefined>>>(file: string, files: Files): Partial<Files> =>
  Object.fromEntries(Object.entries(files).flatMap(([key, name]) => (name ? [[key, resolveIn(file, name)]] : []))) as Partial<Files>;

const resolveIn = (file: string, name: string): string => (isAbsolute(name) ? name : join(dirname(file), name));

// The client would read a `token-file` once, here and now; kdebug reads it again whenever it may have changed.
const withoutTokenFiles = (document: Json): Json =>
  listAt(document, 'users').map((entry) => {
    const { 'token-file': _read, ...user } = (at(entry, 'user') ?? {}) as Record<string, Json>;
    return { ...(entry as Record<string, Json>), user };
  });

const tokenFiles = (file: string, document: Json): ReadonlyMap<string, string> =>
  new Map(listAt(document, 'users').flatMap((entry) => {
    const name = textAt(entry, 'user', 'tokenFile') ?? textAt(entry, 'user', 'token-file');
    return name === undefined ? [] : [[textAt(entry, 'name') ?? '', resolveIn(file, name)] as const];
  }));

const select = (context: string | undefined, entries: readonly Entries[], where: string): Selected => {
  if (context === undefined) throw new KubeconfigError(`${where} names no current context; set context in kdebug.yaml or run kubectl config use-context.`);
  const found = first(entries, (one) => one.contexts, context);
  if (!found) throw new KubeconfigError(`${where} has no context ${context}; it has ${entries.flatMap((one) => one.contexts.map((each) => each.name)).join(', ') || 'none'}.`);
  const cluster = first(entries, (one) => one.clusters, found.cluster);
  const user = first(entries, (one) => one.users, found.user);
  if (!cluster || !user) throw new KubeconfigError(`The context ${context} of ${where} names a cluster or a user that is not in it.`);
  const tokenFile = entries.map((one) => one.tokenFiles.get(user.name)).find((name) => name !== undefined);
  return { cluster, user, ...(tokenFile !== undefined && { tokenFile }) };
};

const first = <Entry extends { readonly name: string }>(entries: readonly Entries[], list: (one: Entries) => readonly Entry[], name: string): Entry | undefined =>
  entries.flatMap((one) => list(one)).find((entry) => entry.name === name);

const inCluster = (options: KubeconfigOptions, { env, serviceAccountDir }: Surroundings): Selected => {
  const host = env['KUBERNETES_SERVICE_HOST'];
  if (host === undefined) throw new KubeconfigError('No cluster to connect to: set KUBECONFIG, or run kdebug in a pod with a service account.');
  if (options.context !== undefined) throw new KubeconfigError(`The context ${options.context} needs a kubeconfig; in a pod without one leave context out.`);
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${env['KUBERNETES_SERVICE_PORT'] ?? '443'}`;
  return {
    cluster: { name: 'in-cluster', server, caFile: join(serviceAccountDir, 'ca.crt'), skipTLSVerify: false },
    user: { name: 'in-cluster' },
    tokenFile: join(serviceAccountDir, 'token'),
  };
};
