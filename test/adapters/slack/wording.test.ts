import { describe, expect, it } from 'vitest';
import { spoken } from '../../../src/adapters/slack/render/rich.ts';
import { failureSentence } from '../../../src/adapters/slack/wording/failures.ts';
import { powerOf } from '../../../src/domain/power.ts';
import { bytes, countOf, duration, tookAbout } from '../../../src/adapters/slack/wording/quantities.ts';
import { refusalSentence } from '../../../src/adapters/slack/wording/refusals.ts';
import { PROFILES } from '../../../src/domain/container.ts';
import type { Instant, PodName, RequestId, Sha256, UserId } from '../../../src/domain/names.ts';
import type { Failure } from '../../../src/domain/outcome.ts';
import type { Refusal } from '../../../src/domain/refusal.ts';

const POD = 'api-1' as PodName;
const FAILURES: { readonly [Code in Failure['code']]: Extract<Failure, { code: Code }> } = {
  pod_not_found: { code: 'pod_not_found', prefix: 'api', near: [POD] }, workload_not_found: { code: 'workload_not_found', resource: 'deploy', name: 'api' },
  no_pod_of_target: { code: 'no_pod_of_target', target: 'deploy/api' }, pods_ambiguous: { code: 'pods_ambiguous', prefix: 'api', pods: [POD, 'api-2' as PodName], more: false },
  too_many_pods: { code: 'too_many_pods', count: 14, max: 10 }, mirror_pod: { code: 'mirror_pod', pod: POD }, own_namespace: { code: 'own_namespace', namespace: 'kdebug' }, pod_finished: { code: 'pod_finished', pod: POD, phase: 'Failed' }, pod_terminating: { code: 'pod_terminating', pod: POD },
  pod_not_scheduled: { code: 'pod_not_scheduled', pod: POD }, windows_pod: { code: 'windows_pod', pod: POD },
  frozen: { code: 'frozen' }, too_many_containers: { code: 'too_many_containers', pod: POD, count: 50 }, container_not_found: { code: 'container_not_found', pod: POD, container: 'x', containers: ['api'] },
  target_not_running: { code: 'target_not_running', pod: POD, container: 'api' as never }, pod_gone: { code: 'pod_gone', pod: POD }, disruption_budget: { code: 'disruption_budget', pod: POD, budget: 'api', detail: 'd', afterMs: null }, pod_replaced: { code: 'pod_replaced', pod: POD }, node_silent: { code: 'node_silent', pod: POD },
  pod_security: { code: 'pod_security', detail: 'd' }, admission: { code: 'admission', detail: 'd' }, invalid: { code: 'invalid', detail: 'd' }, forbidden: { code: 'forbidden', detail: 'd' }, name_taken: { code: 'name_taken', container: 'kdebug-1' as never },
  image_not_pulled: { code: 'image_not_pulled', image: 'i', detail: 'd' }, image_invalid: { code: 'image_invalid', image: 'i', detail: 'd' }, config_error: { code: 'config_error', detail: 'd' }, create_error: { code: 'create_error', detail: 'd' },
  command_not_found: { code: 'command_not_found', program: 'strace', detail: '' }, expired_before_start: { code: 'expired_before_start' },
  image_unknown: { code: 'image_unknown', image: 'alpine', images: ['netshoot', 'busybox'] }, preset_unknown: { code: 'preset_unknown', preset: 'x', presets: [] }, parameter: { code: 'parameter', preset: 'dns', detail: 'name is missing' }, policy_changed: { code: 'policy_changed' },
  unauthorized: { code: 'unauthorized', detail: 'd' }, unreachable: { code: 'unreachable', detail: 'd' }, overloaded: { code: 'overloaded', detail: 'd' }, unexpected_answer: { code: 'unexpected_answer', detail: 'd' },
};

const REFUSALS: { readonly [Code in Refusal['code']]: Extract<Refusal, { code: Code }> } = {
  stopping: { code: 'stopping', until: 0 as Instant }, may_not_see: { code: 'may_not_see' }, output_gone: { code: 'output_gone' },
  rule: { code: 'rule', rule: 'r', message: 'Not here.' }, no_rule: { code: 'no_rule' }, reason_missing: { code: 'reason_missing', rule: 'r', pattern: 'INC-\\d+' }, digest_required: { code: 'digest_required', rule: 'r', image: 'i' },
  unbounded_image: { code: 'unbounded_image', rule: 'r', image: 'i' }, private_refused: { code: 'private_refused', rule: 'r' }, step_up_unavailable: { code: 'step_up_unavailable', rule: 'r' }, step_up_needed: { code: 'step_up_needed', rule: 'r' }, step_up_missing: { code: 'step_up_missing', approver: 'U0BOB' as UserId }, step_up_failed: { code: 'step_up_failed', why: 'another_person' }, policy_changed: { code: 'policy_changed' },
  approval_lost: { code: 'approval_lost', approver: 'U0BOB' as UserId }, own_namespace: { code: 'own_namespace', namespace: 'kdebug' }, not_planned: { code: 'not_planned', failure: FAILURES.pod_gone },
  cluster_unknown: { code: 'cluster_unknown', cluster: 'x', clusters: ['main'] }, timeout_too_long: { code: 'timeout_too_long', timeoutMs: 1_800_000, maxMs: 900_000 }, card_too_long: { code: 'card_too_long', characters: 9_000, max: 8_000 },
  not_a_member: { code: 'not_a_member', user: 'U0BOB' as UserId }, unknown_channel: { code: 'unknown_channel' }, nowhere_to_post: { code: 'nowhere_to_post' }, shared_channel: { code: 'shared_channel' },
  no_identity: { code: 'no_identity', why: 'kdebug.yaml maps you to nobody' },
  too_many_pending: { code: 'too_many_pending', pending: ['kd-8fk20000' as RequestId] },
  no_such_request: { code: 'no_such_request' }, wrong_card: { code: 'wrong_card' }, own_request: { code: 'own_request', approvers: [] }, not_an_approver: { code: 'not_an_approver', approvers: [{ kind: 'user', id: 'U0BOB' as UserId }] },
  already_approved: { code: 'already_approved' }, another_plan: { code: 'another_plan', digest: 'a'.repeat(64) as Sha256 }, not_the_requester: { code: 'not_the_requester' }, already_decided: { code: 'already_decided', state: 'finished' },
  too_late: { code: 'too_late', since: 0 as Instant }, running: { code: 'running', until: 0 as Instant }, too_busy: { code: 'too_busy' }, no_grant: { code: 'no_grant' },
  frozen: { code: 'frozen', by: 'U0BOB' as UserId, since: 0 as Instant, reason: 'deploying v3' }, not_frozen: { code: 'not_frozen' }, already_lifting: { code: 'already_lifting', until: 0 as Instant }, not_any_approver: { code: 'not_any_approver' },
  env_refused: { code: 'env_refused', rule: 'r', names: ['TAR_OPTIONS'] }, pods_differ: { code: 'pods_differ', rules: ['a', 'b'] }, plan_not_asked: { code: 'plan_not_asked' },
  node_access_refused: { code: 'node_access_refused', rule: 'r', access: ["the node's network", 'a privileged container'] }, allow_needless: { code: 'allow_needless', scope: 'preset:sockets' }, allow_needs_login: { code: 'allow_needs_login', scope: 'preset:sockets', rule: 'careful' }, too_many_allows: { code: 'too_many_allows', max: 5 }, own_allow: { code: 'own_allow' }, no_such_allow: { code: 'no_such_allow' }, not_yours_to_revoke: { code: 'not_yours_to_revoke' }, allow_over: { code: 'allow_over' },
  break_glass_off: { code: 'break_glass_off' }, break_glass_reason: { code: 'break_glass_reason' }, break_glass_who: { code: 'break_glass_who', who: [{ kind: 'user', id: 'U0BOB' as UserId }] }, break_glass_profile: { code: 'break_glass_profile', profiles: ['restricted', 'baseline'] },
  not_announced: { code: 'not_announced', why: 'that channel is archived' }, own_glass: { code: 'own_glass' }, comment_missing: { code: 'comment_missing' },
  already_recycling: { code: 'already_recycling', request: 'kd-8fk20000' as RequestId }, recycle_needs_login: { code: 'recycle_needs_login', rule: 'r' },
  too_fast: { code: 'too_fast', of: 'person', afterMs: 5_400 }, cooling_down: { code: 'cooling_down', afterMs: 90_000 }, queue_full: { code: 'queue_full', cluster: 'main', waiting: 200 }, not_due: { code: 'not_due', state: 'queued' },
};

const WHAT_NOW = /\b(try|ask|use|check|see|tell|add|type|say|leave|shorten|invite|wait|withdraw|look|read|press|debug|there are|it has|near|these people|stands for both|ends by itself|decides|decided|somebody else|did not run|is decided once more|nothing to do|correct|name fewer)\b/i;

describe('every refusal', () => {
  it.each(Object.entries(REFUSALS))('%s is one clear thing with what to do now', (_code, refusal) => {
    const words = spoken([refusalSentence(refusal)]);
    expect(words).toMatch(/[.)?]$|@kdebug$/);
    expect(words.length).toBeLessThan(260);
    expect(words).not.toMatch(/undefined|null|\[object|  /);
    if (refusal.code !== 'rule') expect(words).toMatch(WHAT_NOW);
  });
});

describe('every failure', () => {
  it.each(Object.entries(FAILURES))('%s is said in our words first, with what to do now', (_code, failure) => {
    const words = spoken([failureSentence(failure, { namespace: 'prod', cluster: 'main' })]);
    expect(words.length).toBeLessThan(280);
    expect(words).not.toMatch(/undefined|null|\[object|  /);
    if (failure.code !== 'create_error' && failure.code !== 'parameter') expect(words).toMatch(WHAT_NOW);
  });

  it.each<readonly [Failure, string]>([
    [{ ...FAILURES.pod_not_found, near: ['api-7fb' as PodName, 'api-6c9' as PodName] }, 'No pod in prod starts with api. Near: api-7fb, api-6c9.'],
    [FAILURES.image_unknown, 'alpine is not an image people may use here. There are: netshoot, busybox.'],
    [FAILURES.mirror_pod, 'api-1 is a static pod: its node runs it from a file, and Kubernetes adds debug containers to API pods only. Try a pod of its Deployment, or debug the node.'],
    [FAILURES.pods_ambiguous, '2 pods match api: type one of these in full: api-1, api-2.'],
    [{ ...FAILURES.pods_ambiguous, more: true }, 'More than 2 pods match api: type one of these in full: api-1, api-2.'],
  ])('%o reads as in the conversation', (failure, words) => {
    expect(spoken([failureSentence(failure, { namespace: 'prod' })])).toBe(words);
  });

  it('cuts what the cluster said', () => {
    expect(spoken([failureSentence({ code: 'admission', detail: 'x'.repeat(10_000) })]).length).toBeLessThan(800);
  });
});

describe('numbers', () => {
  it.each([[0, '0 s'], [400, '0.4 s'], [900, '0.9 s'], [9_949, '9.9 s'], [41_000, '41 s'], [60_000, '60 s'], [90_000, '90 s'], [125_000, '2 min 5 s'], [600_000, '10 min'], [900_000, '15 min'], [3_600_000, '1 h'], [90_000_000, '1 d 1 h']])('%i ms is %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
  it.each([[0, 'in under 1 s'], [900, 'in under 1 s'], [1_000, 'in about 1 s'], [2_400, 'in about 2 s'], [125_000, 'in about 2 min 5 s']])('a command that took %i ms by the clock of the kubelet ran %s', (ms, words) => {
    expect(tookAbout(ms)).toBe(words);
  });
  it.each([[0, '0 bytes'], [1, '1 byte'], [164, '164 bytes'], [1_024, '1 KiB'], [12_595, '12.3 KiB'], [1_048_576, '1 MiB'], [16_777_216, '16 MiB']])('%i is %s', (count, words) => {
    expect(bytes(count)).toBe(words);
  });
  it('counts one and many', () => expect([countOf(1, 'line'), countOf(2_000, 'line')]).toEqual(['1 line', '2,000 lines']));
});

describe('the power of a profile', () => {
  it('is told truthfully: general with a target reaches everything the app holds', () => {
    expect(powerOf('general', true)).toContain('can read and change everything the app holds: memory, files, environment, its service-account token');
    expect(powerOf('sysadmin', false)).toContain('anything on the node');
    expect(new Set(PROFILES.flatMap((profile) => [powerOf(profile, true), powerOf(profile, false)])).size).toBe(9);
  });
});
