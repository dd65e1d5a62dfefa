import type { KeyObject } from 'node:crypto';
import type { Log } from '../app/ports.ts';
import type { SlackAccess } from '../config/slack-environment.ts';
import type { Settings } from '../config/settings.ts';
import type { Checks } from '../ops/health.ts';
import type { Keys } from '../adapters/redis/keys.ts';
import type { RecordKeys } from '../ops/record-keys.ts';
import type { RedisConnections } from './redis.ts';

/** What every part of a process is made with. */
export interface Ground {
  readonly settings: Settings;
  readonly log: Log;
  readonly redis: RedisConnections;
  readonly keys: Keys;
  readonly version: string;
  readonly seals: RecordKeys;
}

export interface ServeGround extends Ground {
  readonly slack: SlackAccess;
  readonly port: number;
  readonly signingKey: KeyObject;
  /** Of sealed parts of the ledger. */
  readonly segmentsDir: string;
  /** Absent: nobody can confirm by a login. */
  readonly stepUp?: StepUpSettings;
}

export interface StepUpSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where people reach serve; undefined: only this machine does. */
  readonly origin: string | undefined;
}

export interface WorkerGround extends Ground {
  readonly kubeconfig: string | undefined;
  readonly signingPubkey: KeyObject;
  /** Values of our own environment that must never be shown, should a container print them. */
  readonly secrets: readonly string[];
}

/** One half of kdebug, running: what it says of its health, and how it ends. */
export interface Part {
  readonly alive: Checks;
  readonly ready: Checks;
  /** Of a worker, its cluster: a process is ready with one of all those it serves, and names the others. */
  readonly clusters?: Checks;
  /** Takes nothing new, finishes what is in hand within `graceMs`, leaves the rest to others. */
  close(graceMs: number): Promise<void>;
}
