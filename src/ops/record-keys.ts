import { createHash, createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { ClusterName } from '../domain/names.ts';

/**
 * Records are sealed by a key of their cluster, derived from KDEBUG_RECORD_KEY: serve holds the master and derives any;
 * a worker needs its own only (`kdebug keys derive --cluster NAME`), and cannot make another's.
 */
export interface RecordKeys {
  mac(cluster: ClusterName, message: string): string;
  isMac(cluster: ClusterName, message: string, mac: string): boolean;
  /** For the keyed digest of outputs. */
  digestKey(cluster: ClusterName): Uint8Array;
}

const KEY_BYTES = 32;
const TAG_BYTES = 8;

/** Before a derived key stands what it is and of which cluster, so that it is never taken for a master. */
const tagOf = (cluster: ClusterName): Buffer => Buffer.concat([
  createHash('sha256').update('kdebug cluster record key').digest().subarray(0, TAG_BYTES),
  createHash('sha256').update(cluster).digest().subarray(0, TAG_BYTES),
]);

const derive = (master: Uint8Array, cluster: ClusterName): Buffer => Buffer.from(hkdfSync('sha256', master, '', `kdebug record ${cluster}`, KEY_BYTES));

/** Hex for a worker's KDEBUG_RECORD_KEY: good for this cluster and no other. */
export const clusterKeyText = (master: Uint8Array, cluster: ClusterName): string => Buffer.concat([tagOf(cluster), derive(master, cluster)]).toString('hex');

/** A key that was derived for another cluster: whoever started this process gave it the wrong one. */
export class WrongRecordKeyError extends Error {
  constructor(cluster: ClusterName) {
    super(`KDEBUG_RECORD_KEY is a derived key, and not of the cluster ${cluster}: write the output of kdebug keys derive --cluster ${cluster}`);
    this.name = 'WrongRecordKeyError';
  }
}

export const createRecordKeys = (given: Uint8Array): RecordKeys => {
  const isDerived = given.length === 2 * TAG_BYTES + KEY_BYTES && Buffer.from(given).subarray(0, TAG_BYTES).equals(createHash('sha256').update('kdebug cluster record key').digest().subarray(0, TAG_BYTES));
  // as key objects: of bytes, each use would make one
  const keys = new Map<ClusterName, KeyObject>();
  const keyOf = (cluster: ClusterName): KeyObject => {
    const known = keys.get(cluster);
    if (known) return known;
    if (isDerived && !Buffer.from(given).subarray(0, 2 * TAG_BYTES).equals(tagOf(cluster))) throw new WrongRecordKeyError(cluster);
    const key = createSecretKey(isDerived ? Buffer.from(given).subarray(2 * TAG_BYTES) : derive(given, cluster));
    keys.set(cluster, key);
    return key;
  };
  const mac = (cluster: ClusterName, message: string): string => createHmac('sha256', keyOf(cluster)).update(message).digest('base64url');
  return {
    mac,
    digestKey: (cluster) => createHmac('sha256', keyOf(cluster)).update('output digest').digest(),
    isMac: (cluster, message, claimed) => {
      const [expected, actual] = [Buffer.from(mac(cluster, message)), Buffer.from(claimed)];
      return expected.length === actual.length && timingSafeEqual(expected, actual);
    },
  };
};
