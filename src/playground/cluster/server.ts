/**
 * A simulated Kubernetes 1.36 cluster on a loopback port: as strict as the real API server in what kdebug uses, with the
 * kubelet that is plugged in. What is not simulated is refused, never accepted in silence: server-side apply (415), tables of
 * watches (406), anonymous access (401), SPDY exec (400).
 */
import { randomUUID } from 'node:crypto';
import { createAuthenticator } from './authn.ts';
import { createControl, type Control } from './control.ts';
import { createFaults } from './faults.ts';
import { createJournal } from './journal.ts';
import { createStatusWriter } from './kubelet-seam.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { BOOKMARK_INTERVAL_MS } from './limits.ts';
import { listen, type Listener } from './listener.ts';
import { createSnapshots } from './paging.ts';
import type { Kubelet, PodStatusWriter } from './ports.ts';
import { createAuthorizer } from './rbac.ts';
import { createStore } from './store.ts';
import { makeCertificate } from './tls.ts';
import { createWatchHub } from './watch.ts';
import type { World } from './world.ts';

export interface SimulatedClusterOptions {
  readonly kubelet: (writer: PodStatusWriter) => Kubelet;
  /** The name of cluster and context in kubeconfigs. */
  readonly name?: string;
  /** 0, the default, takes a free one; always on 127.0.0.1. */
  readonly port?: number;
  readonly bookmarkIntervalMs?: number;
  /** `--allow-privileged`; true by default, as in most clusters. */
  readonly allowPrivileged?: boolean;
  readonly streamsPerConnectionMax?: number;
  readonly now?: () => number;
}

export interface SimulatedCluster {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  readonly caPem: string;
  /** YAML for a token that `control.addToken` knows, or for the user it was given to. */
  kubeconfig(tokenOrUser: string): string;
  readonly control: Control;
  /** Breaks every connection, stops the kubelet and its processes. */
  close(): Promise<void>;
}

/** Versions start here, so that `resourceVersion=1` is too old from the first moment, as on a cluster that has lived a while. */
const FIRST_VERSION = 1_000;

const makeWorld = (options: SimulatedClusterOptions): { world: World; kubelet: Kubelet } => {
  const now = options.now ?? Date.now;
  const store = createStore(FIRST_VERSION);
  const kubelet = options.kubelet(createStatusWriter(store, { now, newUid: randomUUID }));
  const world: World = {
    store, now, newUid: randomUUID, kubelet: () => kubelet,
    authenticator: createAuthenticator(), authorizer: createAuthorizer(), snapshots: createSnapshots(), policies: new Map(),
    watches: createWatchHub(store, options.bookmarkIntervalMs ?? BOOKMARK_INTERVAL_MS), allowPrivileged: options.allowPrivileged ?? true,
  };
  return { world, kubelet };
};

const tokenFor = (world: World, tokenOrUser: string): string => {
  const token = world.authenticator.knows(tokenOrUser) ? tokenOrUser : world.authenticator.tokenOf(tokenOrUser);
  if (token === undefined) throw new Error(`the simulated cluster has no token or user ${JSON.stringify(tokenOrUser)}; add it with control.addToken`);
  return token;
};

/** Rejects when the port is taken. */
export const startSimulatedCluster = async (options: SimulatedClusterOptions): Promise<SimulatedCluster> => {
  const { world, kubelet } = makeWorld(options);
  const journal = createJournal();
  const faults = createFaults();
  const certificate = await makeCertificate(Date.now());
  const listener: Listener = await listen({ world, journal, faults }, certificate, options.port ?? 0, options.streamsPerConnectionMax);
  const url = `https://127.0.0.1:${String(listener.port)}`;
  return {
    url,
    caPem: certificate.certificatePem,
    kubeconfig: (tokenOrUser) => kubeconfigText({ url, caPem: certificate.certificatePem, token: tokenFor(world, tokenOrUser), cluster: options.name ?? 'simulated' }),
    control: createControl({ world, journal, faults, listener: () => listener }),
    close: async () => {
      world.watches.stop();
      await listener.close();
      await kubelet.close();
    },
  };
};
