/**
 * What a Redis must be before an approval may be entrusted to it. Only facts and sentences: whether a problem refuses the
 * start is decided by the caller (`redis: { durability: required | none }` in kdebug.yaml).
 */
import type { Redis } from 'ioredis';
import { isNewEnough, SERVER_VERSION_LEAST } from './embedded/binary.ts';
import { infoFields, versionIn } from './embedded/reach.ts';

export interface ServerFacts {
  readonly product: 'redis' | 'valkey';
  /** `null` in any field: the server does not tell us (its owner forbids INFO or CONFIG). */
  readonly version: string | null;
  readonly role: string | null;
  readonly maxmemoryPolicy: string | null;
  readonly appendonly: boolean | null;
  readonly appendfsync: string | null;
}

export interface ServerProblem {
  /** `unfit` refuses the start whatever the configuration says; `durability` only where it is required. */
  readonly concerns: 'unfit' | 'durability';
  readonly sentence: string;
}

export interface ServerCheck {
  readonly facts: ServerFacts;
  readonly problems: readonly ServerProblem[];
  /** Works, but could be better: told by doctor and in the log, never a refusal. */
  readonly advice: readonly string[];
  /** What could not be read, as `maxmemory-policy`; doctor says "not verified". */
  readonly notVerified: readonly string[];
}

const REFUSED = /^(NOPERM|ERR unknown (sub)?command)/;

/** Null when the server's owner forbids the command; every other failure (no connection, no password) is thrown. */
const orForbidden = async <Answer>(answer: Promise<Answer>): Promise<Answer | null> =>
  answer.catch((error: unknown) => {
    if (error instanceof Error && REFUSED.test(error.message)) return null;
    throw error;
  });

const readFacts = async (client: Redis): Promise<ServerFacts> => {
  const [info, config] = await Promise.all([orForbidden(client.info()), orForbidden(client.config('GET', 'appendfsync'))]);
  const fields = infoFields(info ?? '');
  const append = fields.get('aof_enabled');
  return {
    product: fields.has('valkey_version') ? 'valkey' : 'redis',
    version: versionIn(fields) ?? null,
    role: fields.get('role') ?? null,
    maxmemoryPolicy: fields.get('maxmemory_policy') ?? null,
    appendonly: append === undefined ? null : append === '1',
    appendfsync: config?.[1] ?? null,
  };
};

const unfit = (sentence: string): ServerProblem => ({ concerns: 'unfit', sentence });
const undurable = (sentence: string): ServerProblem => ({ concerns: 'durability', sentence });

const problemsOf = ({ product, version, role, maxmemoryPolicy, appendonly }: ServerFacts): readonly ServerProblem[] => [
  ...(version !== null && !isNewEnough(version) ? [unfit(`${product} ${version} is too old: kdebug needs ${SERVER_VERSION_LEAST.join('.')} or newer.`)] : []),
  ...(role === 'slave' ? [unfit(`REDIS_URL points at a replica, which takes no writes: write the primary's address.`)] : []),
  ...(maxmemoryPolicy !== null && maxmemoryPolicy !== 'noeviction'
    ? [undurable(`maxmemory-policy is ${maxmemoryPolicy}, so ${product} may throw approvals and jobs away when memory is short: set maxmemory-policy noeviction.`)] : []),
  ...(appendonly === false
    ? [undurable(`appendonly is off, so a restart of ${product} forgets approvals and the audit trail: set appendonly yes.`)] : []),
];

const adviceFor = ({ appendonly, appendfsync, product }: ServerFacts): readonly string[] =>
  appendonly === true && appendfsync !== null && appendfsync !== 'always'
    ? [`appendfsync is ${appendfsync}: a power cut may lose what ${product} acknowledged last; appendfsync always loses nothing.`] : [];

/** Reads what the server says of itself. Rejects when it cannot be reached or wants a password. */
export const checkServer = async (client: Redis): Promise<ServerCheck> => {
  const facts = await readFacts(client);
  const read: Readonly<Record<string, unknown>> = {
    version: facts.version, 'maxmemory-policy': facts.maxmemoryPolicy, appendonly: facts.appendonly, appendfsync: facts.appendfsync,
  };
  const notVerified = Object.keys(read).filter((name) => read[name] === null);
  return { facts, problems: problemsOf(facts), advice: adviceFor(facts), notVerified };
};
