import type { ChannelId, RequestId, Sha256, UserId } from '../../domain/names.ts';

/** One hash tag, so that every script works on Redis Cluster too: all keys live in one slot. */
export const KEY_PREFIX = '{kdebug}';

export type Keys = ReturnType<typeof keysUnder>;

export const keysUnder = (prefix: string = KEY_PREFIX) => ({
  prefix,
  events: (id: RequestId) => `${prefix}:request:${id}`,
  delivery: (id: RequestId) => `${prefix}:delivery:${id}`,
  progress: (id: RequestId) => `${prefix}:progress:${id}`,
  ledger: `${prefix}:ledger`,
  ledgerHead: `${prefix}:ledger:head`,
  checkpoints: `${prefix}:ledger:checkpoints`,
  ledgerSeal: `${prefix}:ledger:seal`,
  installation: `${prefix}:installation`,
  chain: (name: string) => `${prefix}:chain:${name}`,
  outbox: `${prefix}:outbox`,
  open: `${prefix}:open`,
  openOf: (user: UserId) => `${prefix}:open:${user}`,
  historyOfUser: (user: UserId) => `${prefix}:history:${user}`,
  historyOfChannel: (channel: ChannelId) => `${prefix}:history:${channel}`,
  lease: (name: string) => `${prefix}:lease:${name}`,
  once: (name: string) => `${prefix}:once:${name}`,
  bucket: (name: string) => `${prefix}:bucket:${name}`,
  lookup: (id: string) => `${prefix}:lookup:${id}`,
  lookupAnswer: (id: string) => `${prefix}:lookup:${id}:answer`,
  authority: (chain: string) => `${prefix}:authority:${chain}`,
  authorityPosts: (chain: string) => `${prefix}:authority-posts:${chain}`,
  authorityOpen: (kind: string) => `${prefix}:authority-open:${kind}`,
  authorityLooks: `${prefix}:authority-looks`,
  ticket: (id: Sha256) => `${prefix}:step-up:${id}`,
  login: (id: Sha256) => `${prefix}:step-up-login:${id}`,
  coolDown: (name: string) => `${prefix}:cooldown:${name}`,
  attempts: (person: string, minute: number) => `${prefix}:bucket:attempts:${person}:${minute}`,
  /** Refused attempts of a minute beyond those that are entries, until the minute is over. */
  uncounted: `${prefix}:attempts:uncounted`,
  cursor: (name: string) => `${prefix}:cursor:${name}`,
  outputs: `${prefix}:output:`,
  outputIndex: `${prefix}:outputs:index`,
  outputSizes: `${prefix}:outputs:sizes`,
  outputTotal: `${prefix}:outputs:total`,
});
