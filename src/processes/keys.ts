import { readFileSync } from 'node:fs';
import { loadSettings, settingsNamed } from '../config/commands.ts';
import { parseRecordKey, parseSigningKey, pubkeyText } from '../config/keys.ts';
import { parseClusterName } from '../domain/names.ts';
import { clusterKeyText } from '../ops/record-keys.ts';
import { StartError } from './start-error.ts';

type Write = (text: string) => void;

const given = (name: string): string => {
  const file = process.env[`${name}_FILE`];
  const text = process.env[name] ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim());
  if (text === undefined || text === '') throw new StartError([`${name} is not set, and neither is ${name}_FILE; this is made from it`]);
  return text;
};

/** Keys may be derived where kdebug.yaml is not. */
const clustersIfAny = (): readonly string[] | undefined => {
  const loaded = loadSettings(settingsNamed(undefined));
  return loaded.ok ? loaded.settings.clusters.map(({ name }) => name) : undefined;
};

/** A worker's KDEBUG_RECORD_KEY, good for its own cluster only; the master stays with serve. */
export const deriveKey = (cluster: string, write: Write): void => {
  const [name, master] = [parseClusterName(cluster), parseRecordKey(given('KDEBUG_RECORD_KEY'))];
  if (!name) throw new StartError([`--cluster ${cluster} is not a cluster name`]);
  const known = clustersIfAny();
  if (known && !known.includes(name)) throw new StartError([`--cluster ${cluster}: there is no such cluster in kdebug.yaml; write one of: ${known.join(', ')}`]);
  if (!master) throw new StartError(['KDEBUG_RECORD_KEY is not 32 bytes or more in hex']);
  write(`${clusterKeyText(master, name)}\n`);
};

/** The workers' KDEBUG_SIGNING_PUBKEY. */
export const printPubkey = (write: Write): void => {
  const key = parseSigningKey(given('KDEBUG_SIGNING_KEY'));
  if (!key) throw new StartError(['KDEBUG_SIGNING_KEY is not an Ed25519 private key']);
  write(`${pubkeyText(key)}\n`);
};
