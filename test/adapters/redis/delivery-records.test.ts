/** What Slack shows, on a real Redis: believed only as serve wrote it. */
import { describe, expect, it } from 'vitest';
import { createDeliveryRecords } from '../../../src/adapters/redis/small-stores.ts';
import type { DeliveryRecord } from '../../../src/app/ports.ts';
import type { ChannelId, MessageTs, RequestId, Sha256 } from '../../../src/domain/names.ts';
import { createRecordKeys } from '../../../src/ops/record-keys.ts';
import { ownRedis } from '../../redis.ts';

const ID = 'kd-8fk20000' as RequestId;
const OTHER = 'kd-8fk20001' as RequestId;
const record: DeliveryRecord = { card: { channel: 'C0OPS' as ChannelId, ts: '1.1' as MessageTs, version: 3, digest: 'a'.repeat(64) as Sha256 }, results: {}, trailed: 0, delivered: 3 };
const NOTHING: DeliveryRecord = { results: {}, trailed: 0, delivered: 0 };

describe('the record of what Slack shows', () => {
  const own = ownRedis();
  const records = (key = 7) => createDeliveryRecords(own.redis, own.keys, 1, createRecordKeys(Buffer.alloc(32, key)));

  it('comes back as it was', async () => {
    await records().save(ID, record);
    expect(await records().load(ID)).toEqual(record);
    expect(await records().load(OTHER)).toEqual(NOTHING);
  });
  it.each<readonly [string, (stored: string) => string]>([
    ['another digest', (stored) => stored.replace('a'.repeat(64), 'b'.repeat(64))],
    ['no seal', (stored) => stored.slice(stored.indexOf(' ') + 1)],
    ['nothing of kdebug', () => 'x'],
  ])('with %s, written by somebody else, it says nothing: a click on that card approves nothing', async (_name, edit) => {
    await records().save(ID, record);
    await own.redis.set(own.keys.delivery(ID), edit(await own.redis.get(own.keys.delivery(ID)) ?? ''));
    expect(await records().load(ID)).toEqual(NOTHING);
  });
  it('that of another request, or sealed by another key, says nothing either', async () => {
    await records().save(ID, record);
    await own.redis.set(own.keys.delivery(OTHER), await own.redis.get(own.keys.delivery(ID)) ?? '');
    expect([await records().load(OTHER), await records(8).load(ID)]).toEqual([NOTHING, NOTHING]);
  });
});
