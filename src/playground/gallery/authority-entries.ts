/** What freezes, pre-approvals, broken glass and recycles look like, made of events only. */
import { authorityMessage } from '../../adapters/slack/render/authority.ts';
import { askingView } from '../../adapters/slack/render/authority-views.ts';
import type { Message } from '../../adapters/slack/render/rich.ts';
import type { Click } from '../../app/slack-port.ts';
import { replayAuthority, type AuthorityKind, type EventOf, type StateOf } from '../../domain/authority.ts';
import { oweReview } from '../../domain/break-glass-review.ts';
import type { GroupId, ImageName, PresetName, RequestId, TeamId } from '../../domain/names.ts';
import type { Queued } from '../../domain/request-states.ts';
import { ALICE, at, BOB, CAROL, CHANNEL, given, MAIN, ONE, planned, PROD, requested } from './requests.ts';

const SRE = { kind: 'usergroup', id: 'S0SRE' as GroupId } as const;
const ID = 'kd-8fk20001' as RequestId;
const TEAM = 'T0ACME' as TeamId;
const DAY_SECONDS = 86_400;
const RULE = 'production needs one other person';
const EMERGENCY = 'INC-42: checkout is down and nobody of sre answers';
const [TARGET] = ONE.targets;

const after = <Kind extends AuthorityKind>(kind: Kind, ...events: readonly EventOf<Kind>[]): StateOf<Kind> => {
  const state = replayAuthority(kind, ID, events);
  if (!state) throw new Error(`a ${kind} begins with an event`);
  return state;
};

const frozen: EventOf<'freeze'> = { type: 'frozen', at: at(0), by: BOB, reason: 'the database moves tonight', channel: CHANNEL };
const lifting: EventOf<'freeze'> = { type: 'unfreeze_asked', at: at(600), by: BOB, until: at(4_200) };
const lifted: EventOf<'freeze'> = { type: 'unfrozen', at: at(700), by: CAROL, first: BOB };

const allowAsked: EventOf<'allow'> = {
  type: 'allow_asked', at: at(0), expiresAt: at(900),
  ask: {
    by: CAROL, person: ALICE, team: TEAM, channel: CHANNEL, cluster: MAIN, namespace: PROD, scopes: [{ kind: 'image', name: 'netshoot' as ImageName }, { kind: 'preset', name: 'sockets' as PresetName, profile: null }],
    durationMs: 7_200_000, policyVersion: ONE.policyVersion, rules: [{ rule: RULE, needed: 1, approvers: [SRE] }],
  },
};

const owed = oweReview({
  requester: ALICE, channel: CHANNEL, cluster: MAIN, namespace: PROD, pods: ONE.targets.map(({ pod }) => String(pod)), argv: ONE.argv, rule: RULE, reason: EMERGENCY,
  approvers: [SRE],
}, DAY_SECONDS * 1_000, at(0));
const glass = given(requested, planned(ONE), {
  type: 'glass_broken', at: at(2), by: ALICE, rule: RULE, reason: EMERGENCY, notAfter: at(602),
  hold: { needed: 1, approvers: [SRE, { kind: 'user', id: BOB }], expiresMs: 900_000, mention: true, stepUp: false },
}) as Queued;

const recycleAsked = (): EventOf<'recycle'> => {
  if (!TARGET) throw new Error('the plan has a pod');
  const { cluster, namespace, pod, uid } = TARGET;
  return {
    type: 'recycle_asked', at: at(0), expiresAt: at(120),
    ask: {
      by: ALICE, team: TEAM, of: ONE.request, channel: CHANNEL, thread: null, target: { cluster, namespace, pod, uid },
      like: { channel: CHANNEL, image: ONE.image, profile: ONE.profile, labels: { app: 'api' } }, gate: { gate: 'held', rule: RULE, approvers: [SRE] },
    },
  };
};
const recycleChecked: EventOf<'recycle'> = { type: 'recycle_checked', at: at(1), check: { containers: 3, owner: 'ReplicaSet/api-7f9c4d8b6', budget: null }, until: at(901) };

export const AUTHORITY_MESSAGES: readonly (readonly [string, Message])[] = [
  ['freeze: new', authorityMessage({ of: 'freeze', freeze: after('freeze', frozen), mention: [SRE] }, false)],
  ['freeze: to be lifted', authorityMessage({ of: 'freeze', freeze: after('freeze', frozen, lifting), mention: [] }, false)],
  ['freeze: lifted', authorityMessage({ of: 'freeze', freeze: after('freeze', frozen, lifting, lifted), mention: [] }, false)],
  ['freeze: said in its thread', authorityMessage({ of: 'lifted', freeze: after('freeze', frozen, lifting, lifted) }, false)],
  ['pre-approval: asked for', authorityMessage({ of: 'allow', allow: after('allow', allowAsked) }, false)],
  ['pre-approval: active', authorityMessage({ of: 'allow', allow: after('allow', allowAsked, { type: 'allow_approved', at: at(60), by: BOB, until: at(7_260) }) }, false)],
  ['pre-approval: denied', authorityMessage({ of: 'allow', allow: after('allow', allowAsked, { type: 'allow_denied', at: at(60), by: BOB, reason: 'ask for each, please' }) }, false)],
  ['break-glass: before it runs', authorityMessage({ of: 'glass', request: glass }, false)],
  ['break-glass: a review is owed', authorityMessage({ of: 'review', review: after('review', owed) }, false)],
  ['break-glass: overdue', authorityMessage({ of: 'reminder', review: after('review', owed, { type: 'review_reminded', at: at(DAY_SECONDS), isOverdue: true }) }, false)],
  ['break-glass: reviewed', authorityMessage({ of: 'review', review: after('review', owed, { type: 'reviewed', at: at(3_600), by: BOB, comment: 'a real fire; sre gets a second pager' }) }, false)],
  ['recycle: asked for', authorityMessage({ of: 'recycle', recycle: after('recycle', recycleAsked(), recycleChecked) }, false)],
];

export const authorityViews = (click: Click): readonly (readonly [string, object])[] => [
  ['pre-approval: deny', askingView('allow_deny', { ...click, request: ID })],
  ['break-glass: review', askingView('review', { ...click, request: ID })],
  ['recycle: deny', askingView('recycle_deny', { ...click, request: ID })],
];
