/** Cards of freezes, pre-approvals and reviews: what people read, what they press, and what nobody can write into them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuthorityMessage } from '../../../src/app/authority/ports.ts';
import type { Identity } from '../../../src/adapters/slack/identity.ts';
import { isAuthorityAction, readAuthorityClick, readAuthoritySubmission } from '../../../src/adapters/slack/listeners/authority.ts';
import { authorityMessage } from '../../../src/adapters/slack/render/authority.ts';
import { askingView, AUTHORITY_BLOCK, AUTHORITY_INPUT } from '../../../src/adapters/slack/render/authority-views.ts';
import { card } from '../../../src/adapters/slack/render/card.ts';
import { mirror } from '../../../src/adapters/slack/render/mirror.ts';
import { MESSAGE_CHARS_MAX } from '../../../src/adapters/slack/limits.ts';
import { countedCharacters } from '../../../src/adapters/slack/render/count.ts';
import { replayAuthority, type EventOf } from '../../../src/domain/authority.ts';
import { oweReview, type Review } from '../../../src/domain/break-glass-review.ts';
import type { Freeze } from '../../../src/domain/freeze.ts';
import type { ClusterName, GroupId, MessageTs, Namespace, TeamId, UserId } from '../../../src/domain/names.ts';
import type { PreApproval } from '../../../src/domain/pre-approval.ts';
import type { Queued } from '../../../src/domain/request-states.ts';
import { ALICE, at, BOB, CAROL, given, hold, ID, INCIDENT, plan, planned, requested } from '../../fixtures/requests.ts';
import { seen } from './seen.ts';

const DAVE = 'U0DAVE' as UserId;
const SRE = { kind: 'usergroup', id: 'S0SRE' as GroupId } as const;

const freezeOf = (reason: string | null, ...more: readonly EventOf<'freeze'>[]): Freeze =>
  replayAuthority('freeze', ID, [{ type: 'frozen', at: at(0), by: BOB, reason, channel: INCIDENT }, ...more]) as Freeze;
const allowOf = (...more: readonly EventOf<'allow'>[]): PreApproval => replayAuthority('allow', ID, [{
  type: 'allow_asked', at: at(0), expiresAt: at(900),
  ask: {
    by: DAVE, person: ALICE, team: 'T0ACME' as TeamId, channel: INCIDENT, cluster: 'main' as ClusterName, namespace: 'prod' as Namespace, scopes: [{ kind: 'image', name: plan.image }],
    durationMs: 7_200_000, policyVersion: plan.policyVersion, rules: [{ rule: 'production needs one other person', needed: 1, approvers: [SRE] }],
  },
}, ...more]) as PreApproval;
const reviewOf = (reason: string, ...more: readonly EventOf<'review'>[]): Review => replayAuthority('review', ID, [oweReview({
  requester: CAROL, channel: INCIDENT, cluster: 'main' as ClusterName, namespace: 'prod' as Namespace, pods: ['api-1'], argv: ['ss', reason], rule: reason, reason, approvers: [SRE],
}, 86_400_000, at(0)), ...more]) as Review;
const glassOf = (reason: string): Queued => given(requested, planned, { type: 'glass_broken', at: at(2), by: ALICE, rule: 'r', hold: { ...hold, approvers: [SRE] }, reason, notAfter: at(600) }) as Queued;
const read = (message: AuthorityMessage, isRepeat = false): string => seen(authorityMessage(message, isRepeat)).join('\n');

describe('what people read', () => {
  it('a freeze: who, when, why, what it does, who is called', () => {
    expect(read({ of: 'freeze', freeze: freezeOf('deploying v3'), mention: [SRE] })).toMatch(/Frozen[\s\S]*@U0BOB froze everything at [\s\S]*deploying v3[\s\S]*What runs goes on[\s\S]*cc @S0SRE/);
  });
  it('a freeze that is lifted calls nobody any more', () => {
    const freeze = freezeOf(null, { type: 'unfreeze_asked', at: at(1), by: BOB, until: at(3_601) }, { type: 'unfrozen', at: at(2), by: CAROL, first: BOB });
    expect(read({ of: 'freeze', freeze, mention: [SRE] })).toMatch(/Not frozen any more[\s\S]*lifted by @U0BOB and @U0CAROL/);
    expect(read({ of: 'freeze', freeze, mention: [SRE] })).not.toContain('@S0SRE');
  });
  it('a pre-approval: who, for whom, where, what, how long, and buttons that fit its state', () => {
    expect(read({ of: 'allow', allow: allowOf() })).toMatch(/@U0DAVE asks [\s\S]*2 h[\s\S]*@U0ALICE in prod \(cluster main\): image:netshoot[\s\S]*cc @S0SRE[\s\S]*\[ Approve \][\s\S]*\[ Deny… \][\s\S]*\[ Withdraw \]/);
    const active = allowOf({ type: 'allow_approved', at: at(10), by: BOB, until: at(7_210) });
    expect(read({ of: 'allow', allow: active })).toMatch(/Pre-approved[\s\S]*approved by @U0BOB[\s\S]*\[ Revoke \]/);
    const over = allowOf({ type: 'allow_denied', at: at(10), by: BOB, reason: 'no' });
    expect(read({ of: 'allow', allow: over })).toMatch(/denied by @U0BOB: no/);
    expect(read({ of: 'allow', allow: over })).not.toContain('[ ');
  });
  it('broken glass: loud in the audit channel and on the card, in every state it may first be shown in', () => {
    expect(read({ of: 'glass', request: glassOf('INC-42') }, true)).toMatch(/about to run without approval[\s\S]*@U0ALICE runs [\s\S]*INC-42[\s\S]*@S0SRE[\s\S]*\(repeat\)/);
    expect(seen(card(glassOf('INC-42'))).join('\n')).toMatch(/break-glass[\s\S]*INC-42[\s\S]*@S0SRE/);
  });
  it('a review: owed, overdue, made', () => {
    expect(read({ of: 'review', review: reviewOf('INC-42') })).toMatch(/a review is owed[\s\S]*@U0CAROL[\s\S]*\[ Reviewed… \]/);
    expect(read({ of: 'reminder', review: reviewOf('INC-42', { type: 'review_reminded', at: at(86_400), isOverdue: true }) })).toMatch(/Overdue[\s\S]*cc @S0SRE/);
    const made = read({ of: 'review', review: reviewOf('INC-42', { type: 'reviewed', at: at(60), by: BOB, comment: 'a real fire' }) });
    expect(made).toMatch(/reviewed by @U0BOB[\s\S]*a real fire/);
    expect(made).not.toContain('[ ');
  });
});

describe('text of others in them', () => {
  const MARK = 'Zq7';
  const hostile = fc.array(fc.constantFrom('<!channel>', '<@U0EVIL>', '<https://evil.example|x>', '*bold*', '```', '\n✅ Approved', '\u202e', '@here', ':rm:', '&lt;!here&gt;', 'x'.repeat(400)), { minLength: 1, maxLength: 8 }).map((parts) => `${MARK}${parts.join('')}`);
  it('pings nobody, links nothing, breaks no line, and always fits', () => {
    fc.assert(fc.property(hostile, (text) => {
      const lines = mirror([{ at: at(0), request: null, event: { type: 'frozen', at: at(0), by: BOB, reason: text, channel: INCIDENT } }, { at: at(0), request: null, event: { type: 'reviewed', at: at(0), by: BOB, comment: text } }]);
      for (const message of [
        authorityMessage({ of: 'freeze', freeze: freezeOf(text), mention: [] }, false), authorityMessage({ of: 'review', review: reviewOf(text) }, false), authorityMessage({ of: 'reminder', review: reviewOf(text) }, false),
        authorityMessage({ of: 'allow', allow: allowOf({ type: 'allow_denied', at: at(1), by: BOB, reason: text }) }, false), authorityMessage({ of: 'glass', request: glassOf(text) }, false), lines,
        authorityMessage({ of: 'review', review: reviewOf('x', { type: 'reviewed', at: at(1), by: BOB, comment: text }) }, false),
      ]) {
        expect(message.text).not.toMatch(/<!(?:channel|here)|<@U0EVIL|<https/);
        const json = JSON.stringify(message.blocks);
        expect(json).not.toMatch(/"type":"(?:link|broadcast|emoji|markdown)"|U0EVIL"/);
        for (const block of message.blocks) if (block.type === 'section') expect(JSON.stringify(block)).not.toContain(MARK);
        expect(seen(message).every((line) => !line.startsWith('✅ Approved'))).toBe(true);
        expect(countedCharacters(message.blocks)).toBeLessThan(MESSAGE_CHARS_MAX);
      }
    }), { numRuns: 60 });
  });
});

describe('the door', () => {
  const identity: Identity = { team: 'T0ACME' as TeamId, enterprise: null, url: null, botUser: 'U0KDEBUG' as UserId, botId: 'B0KDEBUG', appId: 'A0KDEBUG', scopes: [] };
  const pressed = (changed: Readonly<Record<string, unknown>> = {}, action: Readonly<Record<string, unknown>> = {}) => ({
    type: 'block_actions', team: { id: 'T0ACME' }, api_app_id: 'A0KDEBUG', user: { id: BOB, team_id: 'T0ACME' }, channel: { id: INCIDENT }, trigger_id: '1.2.3',
    container: { type: 'message', message_ts: '1760000000.000100', channel_id: INCIDENT, is_ephemeral: false },
    actions: [{ type: 'button', action_id: 'kdebug.allow.approve', block_id: 'kdebug.authority.actions', value: ID, ...action }], ...changed,
  });
  it('reads a press', () => {
    expect(isAuthorityAction(pressed())).toBe(true);
    expect(readAuthorityClick(pressed(), identity)).toMatchObject({ ok: true, value: { click: { user: BOB, request: ID, action: 'allow_approve', channel: INCIDENT, reason: null } } });
  });
  it.each<readonly [string, object, string]>([
    ['an unknown button', pressed({}, { action_id: 'kdebug.approve' }), 'malformed'], ['another block', pressed({}, { block_id: 'kdebug.card.actions' }), 'malformed'],
    ['a value that is no id', pressed({}, { value: 'x' }), 'malformed'], ['another workspace', pressed({ team: { id: 'T0OTHER' } }), 'foreign'], ['another app', pressed({ api_app_id: 'A0OTHER' }), 'foreign'],
    ['a person of another workspace', pressed({ user: { id: BOB, team_id: 'T0OTHER' } }), 'foreign'],
    ['a message that one person sees', pressed({ container: { type: 'message', message_ts: '1760000000.000100', channel_id: INCIDENT, is_ephemeral: true } }), 'malformed'],
    ['a message elsewhere', pressed({ container: { type: 'message', message_ts: '1760000000.000100', channel_id: 'C0ELSE', is_ephemeral: false } }), 'malformed'],
  ])('refuses %s', (_what, body, kind) => {
    expect(readAuthorityClick(body, identity)).toMatchObject({ ok: false, kind });
  });
  it('reads a form as it was opened, and what was written', () => {
    const view = askingView('review', { user: BOB, team: 'T0ACME' as TeamId, appId: 'A0KDEBUG', channel: INCIDENT, ts: '1760000000.000100' as MessageTs, request: ID, trigger: 't' });
    const body = {
      type: 'view_submission', team: { id: 'T0ACME' }, api_app_id: 'A0KDEBUG', user: { id: BOB, team_id: 'T0ACME' },
      view: { id: 'V1', callback_id: view.callback_id, private_metadata: view.private_metadata, state: { values: { [AUTHORITY_BLOCK]: { [AUTHORITY_INPUT]: { value: ' a real fire ' } } } } },
    };
    expect(readAuthoritySubmission(body, identity)).toMatchObject({ ok: true, value: { action: 'review', request: ID, channel: INCIDENT, reason: 'a real fire' } });
    expect(readAuthoritySubmission({ ...body, team: { id: 'T0OTHER' } }, identity)).toMatchObject({ ok: false, kind: 'foreign' });
    expect(readAuthoritySubmission({ ...body, view: { ...body.view, private_metadata: 'x' } }, identity)).toMatchObject({ ok: false, kind: 'malformed' });
  });
});
