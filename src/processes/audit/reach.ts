/** How `kdebug audit` finds what it reads: the same Redis, state folder and keys as the processes, but no Slack token. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import type { RedisClient } from '../../adapters/redis/client.ts';
import { keysUnder } from '../../adapters/redis/keys.ts';
import { loadSettings } from '../../config/commands.ts';
import { readEnvironment, settingsFile, type ProcessEnvironment } from '../../config/environment.ts';
import { parseSigningKey, parseSigningPubkey } from '../../config/keys.ts';
import { printVariableProblem, variableReader } from '../../config/read-variable.ts';
import type { Settings } from '../../config/settings.ts';
import type { VerifySignature } from '../../app/ledger/ports.ts';
import { escapeUnseen } from '../../domain/output-text/unseen.ts';
import { createVerifier } from '../../ops/signer.ts';
import { withBorrowedRedis } from '../borrowed-redis.ts';

/** 0: done, and in order. 1: the ledger is not in order, or holds nothing of that kind. 2: it could not be looked at. */
export type ExitCode = 0 | 1 | 2;
/** Resolves once the text is taken: a slow reader slows us down instead of filling memory. */
export type Write = (text: string) => Promise<void>;

export const keys = keysUnder();

/** A mistake of whoever typed the command, as one sentence. */
export class AuditUseError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'AuditUseError';
  }
}

/** To standard output, without what a terminal would obey; a reader that has gone (`| head`) ends the program in order. */
export const print: Write = (text) => new Promise((resolve) => {
  process.stdout.write(escapeUnseen(text), (error) => {
    if (error) process.exit(0);
    resolve();
  });
});

const tell = (error: unknown): 2 => {
  process.stderr.write(escapeUnseen(`${error instanceof Error ? error.message : String(error)}\n`));
  return 2;
};

/** What cannot be carried out is told in one sentence on standard error, and is 2. */
export const orTold = async (action: () => Promise<ExitCode>): Promise<ExitCode> => {
  try {
    return await action();
  } catch (error) {
    return tell(error);
  }
};

/** What goes wrong is told. */
export const withRedis = (use: (redis: RedisClient) => Promise<ExitCode>): Promise<ExitCode> =>
  orTold(() => withBorrowedRedis(auditEnvironment(), isDurable(), async (redis) => {
    await reached(redis);
    return use(redis);
  }));

const reached = async (redis: RedisClient): Promise<void> => {
  try {
    await redis.ping();
  } catch (cause) {
    throw new Error('Redis does not answer, so the ledger cannot be read: start it, or set REDIS_URL to where it is.', { cause });
  }
};

/** The rest of the environment may be incomplete here: an auditor holds no Slack token. */
export const auditEnvironment = (): Extract<ProcessEnvironment, { readonly role: 'start' }> => {
  const slack = { SLACK_BOT_TOKEN: 'xoxb-not-used', SLACK_APP_TOKEN: 'xapp-not-used', SLACK_BOT_TOKEN_FILE: '', SLACK_APP_TOKEN_FILE: '' };
  const read = readEnvironment({ ...process.env, ...slack }, (path) => readFileSync(path, 'utf8'), 'start');
  if (!read.ok) throw new AuditUseError(read.problems.map(printVariableProblem).join('\n'));
  return read.environment;
};

export const settingsIfAny = (): Settings | undefined => {
  const loaded = loadSettings(settingsFile(process.env['KDEBUG_CONFIG'], existsSync));
  return loaded.ok ? loaded.settings : undefined;
};

const isDurable = (): boolean => settingsIfAny()?.redis.durability !== 'none';

/** Where sealed segments are. */
export const segmentsFolder = (): string => join(auditEnvironment().stateDir, 'ledger');

const SIGNING_KEY_FILE = 'signing.key';

/** KDEBUG_SIGNING_KEY, else the one that `kdebug start` made; never made here. */
export const signingKey = (): KeyObject | undefined => {
  const { keys: { signingKey: given }, stateDir } = auditEnvironment();
  const file = join(stateDir, SIGNING_KEY_FILE);
  return given ?? (existsSync(file) ? parseSigningKey(readFileSync(file, 'utf8').trim()) : undefined);
};

/** KDEBUG_SIGNING_PUBKEY or its file. */
const pubkeyOfEnvironment = (): readonly string[] => {
  const reader = variableReader(process.env, (path) => readFileSync(path, 'utf8'));
  const text = reader.text('KDEBUG_SIGNING_PUBKEY');
  if (reader.problems.length > 0) throw new AuditUseError(reader.problems.map(printVariableProblem).join('\n'));
  return text === undefined ? [] : [text];
};

/** The keys given, else KDEBUG_SIGNING_PUBKEY, else the public half of this machine's own; undefined: signatures cannot be verified. */
export const verifierFor = (pubkeys: readonly string[]): VerifySignature | undefined => {
  const named = pubkeys.length > 0 ? pubkeys : pubkeyOfEnvironment();
  const publicKeys = named.map((text) => {
    const key = parseSigningPubkey(text);
    if (!key) throw new AuditUseError('The public key is not an Ed25519 one: write base64 of its 32 bytes or of its DER (SubjectPublicKeyInfo).');
    return key;
  });
  const own = publicKeys.length > 0 ? undefined : signingKey();
  const trusted = own ? [own] : publicKeys;
  return trusted.length > 0 ? createVerifier(trusted) : undefined;
};
