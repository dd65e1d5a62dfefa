/** Entries and time as Redis has them: every decision is made on its clock. */
import type { Redis } from 'ioredis';
import { parseInstant, type Instant } from '../../domain/names.ts';
import { READ_LUA } from './scripts/append.ts';

interface Scripted extends Redis {
  kdebugRead(events: string, from: number): Promise<string[]>;
}

export interface Read {
  readonly lines: readonly string[];
  readonly now: Instant;
}

/** The entries of a list from `from` on, and the time of Redis at that very moment. */
export const createRead = (redis: Redis): ((key: string, from: number) => Promise<Read>) => {
  redis.defineCommand('kdebugRead', { numberOfKeys: 1, lua: READ_LUA });
  return async (key, from) => {
    const [seconds = '', microseconds = '', ...lines] = await (redis as Scripted).kdebugRead(key, from);
    return { lines, now: instantOf([seconds, microseconds]) };
  };
};

export const timeOf = async (redis: Redis): Promise<Instant> => instantOf(await redis.time());

/** TIME answers seconds and microseconds. */
const instantOf = ([seconds = '', microseconds = '']: readonly (string | number)[]): Instant => {
  const instant = parseInstant(Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000));
  if (instant === undefined) throw new Error(`Redis answered a time that is none: ${String(seconds)}`);
  return instant;
};
