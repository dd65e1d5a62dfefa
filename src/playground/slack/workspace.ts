import { randomBytes } from 'node:crypto';
import { createTimestamps, type SlackClock } from './clock.ts';
import { createFiles, type Files } from './world/files.ts';
import { createMessages, type Messages } from './world/messages.ts';
import { createPeople, type People } from './world/directory.ts';
import { createSecrets, type Secrets } from './world/secrets.ts';
import { createViews, type Views } from './world/views.ts';
import type { Seed } from './world/model.ts';

/** All that the workspace holds; every route and every hand works on this one thing. */
export interface Workspace {
  readonly seed: Seed;
  readonly clock: SlackClock;
  readonly people: People;
  readonly messages: Messages;
  readonly views: Views;
  readonly files: Files;
  readonly secrets: Secrets;
  readonly nextId: (prefix: string) => string;
  readonly nextTs: () => string;
  /** `http://127.0.0.1:PORT`, known once the fake listens. */
  readonly origin: () => string;
}

const ID_SUFFIX_BYTES = 5;

/** Ids that are unique and cannot be guessed: a counter and random hex, upper case as Slack's are. */
const createIds = (): ((prefix: string) => string) => {
  let count = 0;
  return (prefix) => {
    count += 1;
    return `${prefix}${count.toString(36)}${randomBytes(ID_SUFFIX_BYTES).toString('hex')}`.toUpperCase();
  };
};

export const createWorkspace = (seed: Seed, clock: SlackClock, messagesPerChannelMax: number, origin: () => string): Workspace => {
  const nextId = createIds();
  const nextTs = createTimestamps(clock.nowMs);
  return {
    seed,
    clock,
    people: createPeople(seed),
    messages: createMessages(nextTs, messagesPerChannelMax),
    views: createViews(nextId),
    files: createFiles(),
    secrets: createSecrets(clock, seed.team.id, nextId),
    nextId,
    nextTs,
    origin,
  };
};
