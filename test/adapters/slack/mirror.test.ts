import { describe, expect, it } from 'vitest';
import { mirror, MIRROR_ENTRIES_MAX } from '../../../src/adapters/slack/render/mirror.ts';
import type { LedgerLine } from '../../../src/app/ports.ts';
import type { RequestEvent } from '../../../src/domain/events.ts';
import type { FullReport } from '../../../src/app/ledger/report.ts';
import type { PodName, RequestId, Sha256 } from '../../../src/domain/names.ts';
import { blockProblems } from '../../../src/playground/slack/blocks/blocks.ts';
import { countedCharacters } from '../../../src/playground/slack/blocks/count.ts';
import type { Json } from '../../../src/playground/slack/json.ts';
import { ALICE, allowed, approvedBy, at, BOB, digest, finished, granted, held, ID, INCIDENT, planned, requested, started } from '../../fixtures/requests.ts';
import { seen } from './seen.ts';

const line = (event: LedgerLine['event'], seconds = 0): LedgerLine => ({ at: at(seconds), request: ID, event });

describe('the audit lines', () => {
  it.each<readonly [RequestEvent, string]>([
    [requested, 'requested by @U0ALICE in #C0INC42: main/prod/api-7f9 · ss -tlnp'],
    [planned, 'planned: api-7f9c4d8b6-x2k9p, general, nicolaka/netshoot:v0.13'],
    [{ type: 'not_planned', at: at(1), failure: { code: 'pod_gone', pod: 'api-1' as PodName } }, 'not planned: api-1 is gone. Ask again for the pod that replaced it.'],
    [held(2), 'waits for 2 approvals (rule production needs one other person)'],
    [allowed, 'allowed by the rule everywhere else is open to the engineers'],
    [approvedBy(BOB), `approved by @U0BOB (plan ${digest.slice(0, 8)})`],
    [{ type: 'denied', at: at(1), by: BOB, reason: 'not now' }, 'denied by @U0BOB: not now'],
    [{ type: 'withdrawn', at: at(1), by: ALICE }, 'withdrawn by @U0ALICE'],
    [granted(), 'granted: it may start now'],
    [started, 'started by the worker worker-1'],
    [{ type: 'choosing', at: at(1), candidates: [], expiresAt: at(121) }, '0 pods match: waits for a choice'],
    [{ type: 'chosen', at: at(1), by: ALICE, pod: 'api-1' as PodName, expiresAt: at(121) }, 'api-1 chosen by @U0ALICE'],
    [{ type: 'stop_requested', at: at(1), by: ALICE }, 'asked to stop by @U0ALICE'],
    [finished, 'finished: exit 0, 164 bytes'],
    [{ type: 'cancelled', at: at(1), by: ALICE }, 'cancelled by @U0ALICE'],
    [{ type: 'expired', at: at(1), waitingFor: 'approval' }, 'expired waiting for the approval'],
    [{ type: 'refused', at: at(1), refusal: { code: 'policy_changed' } }, 'refused: The rules changed while this was on its way, so it does not run. Ask again: the new rules decide.'],
  ])('of %o', (event, words) => {
    expect(seen(mirror([line(event)]))).toEqual([`08:53:20 kd-8fk20000 ${words}`]);
  });

  it('of an attempt says who, what and why', () => {
    const attempt = { user: ALICE, channel: INCIDENT, request: null, what: 'command', text: 'prod api -- rm', refusal: { code: 'no_rule' } } as const;
    expect(seen(mirror([{ at: at(7), request: null, event: { type: 'attempt', attempt, count: 3 } }]))).toEqual([
      '08:53:27 command refused (3 times): @U0ALICE in #C0INC42 · prod api -- rm · No rule allows this, so it is refused. Ask the people who keep the rules of kdebug, or try another namespace, image or preset.',
    ]);
  });

  it('of a checkpoint names the last entry, and holds the whole hash, to be given to --witness', () => {
    const roll = `0123456789abcdef${'7'.repeat(48)}` as Sha256;
    expect(seen(mirror([{ at: at(0), request: null, event: { type: 'checkpoint', position: 1234, roll } }]))).toEqual([
      `08:53:20 checkpoint: entries up to 1234, 0123456789abcdef…, signed · witness ${roll}`,
    ]);
  });

  const WEEK: FullReport = { from: at(0), until: at(7 * 86_400), requests: 214, started: 180, refused: 12, attempts: 31, denied: 3, approvals: 95, medianApprovalMs: 41_000, quick: [{ by: BOB, count: 2 }], glass: [], reviewsOwed: 0, alarms: 0, preApprovals: 1, freezes: 0 };
  it.each<readonly [string, Partial<FullReport>, string]>([
    ['says what it held', {}, '95 approvals, half of them within 41 s · approved within 3 s of the question: @U0BOB 2 times · no glass broken · 1 pre-approval, 0 freezes'],
    ['says what is owed, and what is alarming', { quick: [], reviewsOwed: 1, alarms: 2 }, '95 approvals, half of them within 41 s · no glass broken · 🚨 1 review owed · 🚨 2 security alarms · 1 pre-approval, 0 freezes'],
    ['without approvals has no pace', { approvals: 0, medianApprovalMs: null, quick: [] }, '0 approvals · no glass broken · 1 pre-approval, 0 freezes'],
    ['names each broken glass', { quick: [], glass: [{ request: ID, by: ALICE, reason: 'INC-1', isReviewed: true }, { request: 'kd-8fk20001' as RequestId, by: BOB, reason: 'x'.repeat(200), isReviewed: false }] },
      `95 approvals, half of them within 41 s · 🚨 glass broken 2 times: kd-8fk20000 by @U0ALICE (INC-1, reviewed), kd-8fk20001 by @U0BOB (${'x'.repeat(79)}…, not reviewed yet) · 1 pre-approval, 0 freezes`],
    ['names five, and counts the rest', { quick: Array.from({ length: 7 }, () => ({ by: BOB, count: 1 })) }, `95 approvals, half of them within 41 s · approved within 3 s of the question: ${'@U0BOB 1 time, '.repeat(5)}2 more · no glass broken · 1 pre-approval, 0 freezes`],
  ])('of a week %s', (_what, changed, words) => {
    expect(seen(mirror([{ at: at(0), request: null, event: { type: 'report', report: { ...WEEK, ...changed } } }]))).toEqual([
      `08:53:20 📋 9 Oct to 16 Oct: 214 requests, 180 started, 12 refused, 3 denied, 31 refused attempts · ${words}`,
    ]);
  });

  it('keep their order, one an entry', () => {
    expect(seen(mirror([line(requested, 1), line(allowed, 2), line(finished, 3)])).map((text) => text.slice(0, 8))).toEqual(['08:53:21', '08:53:22', '08:53:23']);
  });

  it('fit into one message, however many there are and whatever is in them', () => {
    const long = { type: 'attempt', attempt: { user: ALICE, channel: INCIDENT, request: null, what: 'command', text: '&'.repeat(8_000), refusal: { code: 'parse', message: '<'.repeat(4_000) } }, count: 1 } as const;
    const message = mirror(Array.from({ length: MIRROR_ENTRIES_MAX + 7 }, () => line(long)));
    const blocks = message.blocks as unknown as Json;
    expect(blockProblems(blocks)).toEqual([]);
    expect(countedCharacters(blocks)).toBeLessThan(13_200);
    expect(seen(message).at(-1)).toBe('… and 7 more entries: kdebug audit list');
  });
});
