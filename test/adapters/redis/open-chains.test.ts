/** What somebody takes out of Redis, or plants there, beside the chains of the ledger: verification finds it. */
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuthorityRecords } from '../../../src/adapters/redis/authority.ts';
import { createCheckpoints } from '../../../src/adapters/redis/checkpoints.ts';
import { connectProducer } from '../../../src/adapters/redis/client.ts';
import { keysUnder, type Keys } from '../../../src/adapters/redis/keys.ts';
import { createLedgerReader } from '../../../src/adapters/redis/ledger-reader.ts';
import { createLedger } from '../../../src/adapters/redis/ledger.ts';
import type { AuthorityRecords } from '../../../src/app/authority/ports.ts';
import type { LedgerReader } from '../../../src/app/ledger/ports.ts';
import { verifyLedger, type Verification } from '../../../src/app/ledger/verify.ts';
import { AUTHORITY_KINDS, type AuthorityKind, type EventOf, type StateOf } from '../../../src/domain/authority.ts';
import type { AllowAsk } from '../../../src/domain/pre-approval.ts';
import type { Glass } from '../../../src/domain/break-glass-review.ts';
import { requestIdFrom, type Instant, type RequestId } from '../../../src/domain/names.ts';
import type { RecycleAsk } from '../../../src/domain/recycle-states.ts';
import { createRecordKeys } from '../../../src/ops/record-keys.ts';
import { ALICE, BOB, CAROL, INCIDENT, T0 } from '../../fixtures/requests.ts';
import { testRedis } from '../../redis.ts';

let redis: Redis;
let keys: Keys;
let records: AuthorityRecords;
beforeAll(async () => { redis = connectProducer((await testRedis()).url); });
afterAll(() => { redis.disconnect(); });
beforeEach(async () => {
  keys = keysUnder((await testRedis()).prefix);
  records = createAuthorityRecords({ redis, keys, keepDays: 90, seals: createRecordKeys(randomBytes(32)) });
});

const LATER = (T0 + 1_000_000) as Instant;
const BEGINNINGS: { readonly [Kind in AuthorityKind]: EventOf<Kind> } = {
  freeze: { type: 'frozen', at: T0, by: BOB, reason: null, channel: INCIDENT },
  allow: { type: 'allow_asked', at: T0, ask: { by: ALICE, person: CAROL, rules: [] } as unknown as AllowAsk, expiresAt: LATER },
  recycle: { type: 'recycle_asked', at: T0, ask: { by: ALICE, target: { cluster: 'main' }, gate: { gate: 'held', rule: 'production', approvers: [] } } as unknown as RecycleAsk, expiresAt: LATER },
  review: { type: 'review_owed', at: T0, glass: { requester: ALICE } as unknown as Glass, remindAt: LATER, dueAt: LATER },
};

const append = async <Of extends AuthorityKind>(kind: Of, id: RequestId, event: EventOf<Of>): Promise<void> => {
  const state: StateOf<Of> | undefined = (await records.load(kind, id)).state;
  expect(await records.append(kind, id, state, event)).toMatchObject({ ok: true });
};
const begun = async (kind: AuthorityKind): Promise<RequestId> => {
  const id = requestIdFrom(randomBytes(8));
  await append(kind, id, BEGINNINGS[kind]);
  return id;
};
const lifted = async (): Promise<RequestId> => {
  const id = await begun('freeze');
  await append('freeze', id, { type: 'unfreeze_asked', at: T0, by: BOB, until: LATER });
  await append('freeze', id, { type: 'unfrozen', at: T0, by: CAROL, first: BOB });
  return id;
};
let people = 0;
const attempts = async (count: number): Promise<void> => {
  const ledger = createLedger(redis, keys);
  await Promise.all(Array.from({ length: count }, () => ledger.recordAttempt({ user: `U${people += 1}` as typeof BOB, channel: null, request: null, what: 'command', text: null, refusal: { code: 'no_rule' } })));
};
const verified = (change: Partial<LedgerReader> = {}): Promise<Verification> =>
  verifyLedger({ reader: { ...createLedgerReader(redis, keys), ...change }, checkpoints: createCheckpoints(redis, keys) });

describe('what is not over', () => {
  it('verifies as it stands, and so does what is over, with its list and without', async () => {
    const id = await lifted();
    for (const kind of AUTHORITY_KINDS) await begun(kind);
    expect(await verified()).toMatchObject({ ok: true, entries: 7 });
    await redis.del(keys.authority(`freeze.${id}`));
    expect(await verified()).toMatchObject({ ok: true, entries: 7 });
  });

  it.each(AUTHORITY_KINDS)('a deleted %s is found by its list', async (kind) => {
    const id = await begun(kind);
    await redis.del(keys.authority(`${kind}.${id}`));
    expect(await verified()).toEqual({ ok: false, problem: `the list of ${kind}.${id} is gone, and by the ledger it is not over`, provenUpTo: 1 });
    await redis.del(keys.authorityOpen(kind));
    expect(await verified()).toMatchObject({ ok: false });
  });

  it.each(AUTHORITY_KINDS)('a %s that only the index of open ones forgot is found', async (kind) => {
    const id = await begun(kind);
    await redis.zrem(keys.authorityOpen(kind), id);
    expect(await verified()).toEqual({ ok: false, problem: `the index of open ones does not name ${kind}.${id}, and by the ledger it is not over`, provenUpTo: 1 });
  });

  it.each(['kd-zzzzzzzz', 'no id at all'])('%s before the freeze in the index, which would hide it, is found', async (name) => {
    await begun('freeze');
    await redis.zadd(keys.authorityOpen('freeze'), 0, name);
    expect(await verified()).toMatchObject({ ok: false, problem: `the index of open ones names freeze.${name}, and by the ledger there is no such thing that is not over` });
  });

  it('a freeze that was lifted stands in no index', async () => {
    await redis.zadd(keys.authorityOpen('freeze'), 0, await lifted());
    expect(await verified()).toMatchObject({ ok: false, problem: expect.stringMatching(/^the index of open ones names freeze\./) });
  });

  const by = { at: T0, by: BOB };
  const approved: EventOf<'allow'> = { type: 'allow_approved', ...by, until: LATER };
  const asIs: EventOf<'recycle'>[] = [{ type: 'recycle_checked', at: T0, check: { containers: 1, owner: null, budget: null }, until: LATER }];
  const lives: readonly { readonly [Kind in AuthorityKind]: readonly [Kind, readonly EventOf<Kind>[]] }[AuthorityKind][] = [
    ['allow', [{ type: 'allow_denied', ...by, reason: null }]], ['allow', [{ type: 'allow_withdrawn', ...by }]], ['allow', [{ type: 'allow_expired', at: T0 }]],
    ['allow', [approved, { type: 'allow_revoked', ...by }]], ['allow', [approved, { type: 'allow_ended', at: T0 }]],
    ['review', [{ type: 'review_reminded', at: T0, isOverdue: true }, { type: 'reviewed', ...by, comment: 'fine' }]],
    ['recycle', [...asIs, { type: 'recycle_denied', ...by, reason: null }]], ['recycle', [...asIs, { type: 'recycle_withdrawn', ...by }]], ['recycle', [{ type: 'recycle_expired', at: T0 }]],
    ['recycle', [...asIs, { type: 'recycle_approved', ...by, notAfter: LATER }, { type: 'recycle_refused', at: T0, refusal: { code: 'no_rule' } }]],
    ['recycle', [{ type: 'recycle_ended', at: T0, end: { how: 'unknown' } }]],
  ];
  it.each(lives)('is over for the ledger when it is for its record: %s %j', async (kind, events) => {
    const id = await begun(kind);
    for (const event of events) {
      await append(kind, id, event);
      expect(await verified(), event.type).toMatchObject({ ok: true });
    }
    expect(await records.open(kind, 1)).toEqual([]);
  });

  it('that begins and ends while it is looked at is no problem', async () => {
    const id = await begun('freeze');
    const before = createLedgerReader(redis, keys);
    const change: Partial<LedgerReader> = {
      ownLists: async function* () {
        await append('freeze', id, { type: 'unfreeze_asked', at: T0, by: BOB, until: LATER });
        await append('freeze', id, { type: 'unfrozen', at: T0, by: CAROL, first: BOB });
        await redis.del(keys.authority(`freeze.${id}`));
        yield* before.ownLists();
      },
      openIndexes: async function* () {
        await begun('review');
        const other = await begun('freeze');
        yield* before.openIndexes();
        await append('freeze', other, { type: 'unfreeze_asked', at: T0, by: BOB, until: LATER });
        await append('freeze', other, { type: 'unfrozen', at: T0, by: CAROL, first: BOB });
      },
    };
    expect(await verified(change)).toMatchObject({ ok: true, entries: 7 });
  });
});

describe('an entry between two positions', () => {
  /** Right behind the entry at `position`, with the words of another one: the append script names none so. */
  const plantBehind = async (position: number): Promise<void> => {
    const rows = await redis.xrange(keys.ledger, '-', '+') as [string, string[]][];
    const pipeline = redis.pipeline().del(keys.ledger);
    for (const [id, fields] of rows.toSpliced(position, 0, [`${position}-1`, rows[0]![1]])) pipeline.xadd(keys.ledger, id, ...fields);
    await pipeline.exec();
  };

  it('is found behind the last one', async () => {
    await attempts(3);
    await plantBehind(3);
    expect(await verified()).toEqual({ ok: false, problem: 'entry 3-1 is there, but only 3 were written', provenUpTo: 3 });
  });

  it.each([0, 1, 1_000])('is found behind entry %i, also where a page of the walk ends', async (position) => {
    await attempts(1_001);
    expect(await verified()).toMatchObject({ ok: true, entries: 1_001 });
    await plantBehind(position);
    expect(await verified()).toEqual({ ok: false, problem: `the entry at ledger position ${position}-1 is not one that kdebug wrote`, provenUpTo: position === 1_000 ? 1_000 : 0 });
  });
});
