/** Tickets and logins on a real Redis: what may happen once happens once, and nothing is believed that was edited. */
import { describe, expect, it } from 'vitest';
import { createTickets } from '../../../src/adapters/redis/tickets.ts';
import type { Login, Ticket } from '../../../src/app/step-up-port.ts';
import { sha256 } from '../../../src/domain/canonical.ts';
import { LOGINS_PER_LINK_MAX, STEP_UP_REMEMBERED_MS, STEP_UP_WITHIN_MS } from '../../../src/domain/limits.ts';
import type { Instant, RequestId, Sha256, TeamId, UserId } from '../../../src/domain/names.ts';
import { clusterKeyText, createRecordKeys } from '../../../src/ops/record-keys.ts';
import { ownRedis } from '../../redis.ts';

const RECORD_KEY = Buffer.alloc(32, 7);
const ticket: Ticket = { user: 'U0BOB' as UserId, team: 'T0ACME' as TeamId, request: 'kd-8fk20000' as RequestId, digest: 'a'.repeat(64) as Sha256, until: 1 as Instant };
const loginOf = (id: Sha256): Login => ({ ticket: id, browser: sha256('browser'), startedAt: 1 as Instant, state: 's', nonce: 'n', verifier: 'v' });

describe('tickets', () => {
  const own = ownRedis();
  const tickets = () => createTickets(own.redis, own.keys, createRecordKeys(RECORD_KEY));
  const id = sha256('one');

  it('come back as they were, for an hour', async () => {
    await tickets().issue(id, ticket);
    expect(await tickets().read(id)).toEqual(ticket);
    expect(await own.redis.pttl(own.keys.ticket(id))).toBeGreaterThan(STEP_UP_REMEMBERED_MS - 60_000);
    expect(await tickets().read(sha256('another'))).toBeUndefined();
  });
  it('are used by one of twenty who come at once', async () => {
    expect(await tickets().isUsed(id)).toBe(false);
    const answers = await Promise.all(Array.from({ length: 20 }, () => tickets().use(id)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await tickets().isUsed(id)).toBe(true);
  });
  it('hold no secret', async () => {
    for (const key of await own.redis.keys(`${own.keys.prefix}*`)) expect(`${key} ${await own.redis.get(key)}`).not.toContain('one');
  });

  const edits: readonly [string, (stored: string) => string][] = [
    ['another user', (stored) => stored.replace('U0BOB', 'U0EVE')],
    ['another plan', (stored) => stored.replace('a'.repeat(64), 'b'.repeat(64))],
    ['more time', (stored) => stored.replace('"until":1', '"until":9')],
    ['no seal', (stored) => stored.slice(stored.indexOf(' ') + 1)],
    ['nothing', () => ''],
  ];
  it.each(edits)('edited to %s are none', async (_name, edit) => {
    await tickets().issue(id, ticket);
    await own.redis.set(own.keys.ticket(id), edit(await own.redis.get(own.keys.ticket(id)) ?? ''));
    expect(await tickets().read(id)).toBeUndefined();
  });
  it('of one link are none under another', async () => {
    await tickets().issue(id, ticket);
    await own.redis.set(own.keys.ticket(sha256('two')), await own.redis.get(own.keys.ticket(id)) ?? '');
    expect(await tickets().read(sha256('two'))).toBeUndefined();
  });
  it('cannot be sealed by a worker, which holds its own cluster\'s key alone', async () => {
    const worker = createRecordKeys(Buffer.from(clusterKeyText(RECORD_KEY, 'main' as never), 'hex'));
    const forged = { mac: () => worker.mac('main' as never, `${own.keys.ticket(id)} ${JSON.stringify(ticket)}`), isMac: () => true };
    await createTickets(own.redis, own.keys, forged).issue(id, ticket);
    expect(await tickets().read(id)).toBeUndefined();
  });
});

describe('logins', () => {
  const own = ownRedis();
  const tickets = () => createTickets(own.redis, own.keys, createRecordKeys(RECORD_KEY));

  it('are taken by one of twenty who come at once, within five minutes', async () => {
    const [link, state] = [sha256('link'), sha256('state')];
    expect(await tickets().beginLogin(state, loginOf(link))).toBe(true);
    expect(await own.redis.pttl(own.keys.login(state))).toBeLessThanOrEqual(STEP_UP_WITHIN_MS);
    const answers = await Promise.all(Array.from({ length: 20 }, () => tickets().takeLogin(state)));
    expect(answers.filter((answer) => answer !== undefined)).toEqual([loginOf(link)]);
  });
  it('of one link have an end', async () => {
    const link = sha256('busy link');
    const begun = await Promise.all(Array.from({ length: LOGINS_PER_LINK_MAX + 5 }, (_, index) => tickets().beginLogin(sha256(`state ${index}`), loginOf(link))));
    expect(begun.filter(Boolean)).toHaveLength(LOGINS_PER_LINK_MAX);
  });
});
