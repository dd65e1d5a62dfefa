/** The one world that all contracts of a run share: the adapter under test, and the suite's hands beside it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '../../src/adapters/kubernetes/connect.ts';
import type { Cluster } from '../../src/app/cluster-port.ts';
import type { ClusterName } from '../../src/domain/names.ts';
import type { PaceChoice } from '../../src/playground/cluster/kubelet/pace.ts';
import { startLocalCluster, type LocalCluster } from '../../src/playground/local/cluster.ts';
import { WORKER_TOKEN } from '../../src/playground/local/rights.ts';
import { doubleHands } from './hands-double.ts';
import { realHands } from './hands-real.ts';
import type { Hands } from './hands.ts';
import { openRest, type Rest } from './rest.ts';

export const NAME = 'main' as ClusterName;
/** A node reports a start within 1 s, and within 2 s right after another run in the same pod. */
const SEEN_AFTER_SECONDS = 4;
const USER_AGENT = 'kdebug-contract/0.1.0';

export interface ContractWorld {
  readonly cluster: Cluster;
  readonly hands: Hands;
  /** Requests as the same user as the adapter's. */
  readonly rest: Rest;
  /** Present where the cluster can be made to misbehave. */
  readonly double?: LocalCluster;
  /** A command that lasts as long is reported as running; of a shorter one a node may tell only the end. */
  readonly seenAfterSeconds: number;
  /** Of this run: part of the name of everything it creates. */
  readonly id: string;
  /** Ends with what it could not take away. */
  close(): Promise<readonly string[]>;
}

export type OpenWorld = () => Promise<ContractWorld>;

const newId = (): string => randomBytes(3).toString('hex');

export const openDouble = (pace: PaceChoice): OpenWorld => async () => {
  const [double, id] = [await startLocalCluster({ pace }), newId()];
  const directory = mkdtempSync(join(tmpdir(), 'kdebug-contract-'));
  const kubeconfig = join(directory, 'kubeconfig');
  writeFileSync(kubeconfig, double.cluster.kubeconfig(WORKER_TOKEN), { mode: 0o600 });
  const [cluster, rest] = [await connectCluster({ name: NAME, kubeconfig, userAgent: USER_AGENT }), openRest(kubeconfig)];
  return {
    cluster, rest, double, id, seenAfterSeconds: pace === 'at once' ? 1 : SEEN_AFTER_SECONDS, hands: doubleHands(double, rest, id),
    close: async () => {
      await Promise.all([cluster.close(), rest.close()]);
      await double.cluster.close();
      rmSync(directory, { recursive: true, force: true });
      return [];
    },
  };
};

/** The current context of $KUBECONFIG. */
export const openCluster: OpenWorld = async () => {
  const [cluster, rest, id] = [await connectCluster({ name: NAME, userAgent: USER_AGENT }), openRest(), newId()];
  const hands = realHands(rest, id);
  return {
    cluster, rest, id, hands, seenAfterSeconds: SEEN_AFTER_SECONDS,
    close: async () => {
      const left = await hands.tidy();
      await Promise.all([cluster.close(), rest.close()]);
      return left;
    },
  };
};
