import { describe, expect, it } from 'vitest';
import type { ChannelId, ClusterName, ImageName, Instant, Namespace, UserId } from '../../../src/domain/names.ts';
import { recycleGate } from '../../../src/domain/policy/recycling.ts';
import type { Policy, Rule } from '../../../src/domain/policy/rule.ts';
import { settings } from '../../app/world.ts';

const [ALICE, BOB] = ['U0ALICE' as UserId, 'U0BOB' as UserId];
const where = (namespace: string, user: UserId = ALICE, cluster = 'main') => ({
  cluster: cluster as ClusterName, namespace: namespace as Namespace, channel: 'C0OPS' as ChannelId, is: (principal: { readonly id: string }) => principal.id === user,
  image: 'netshoot' as ImageName, preset: null, profiles: ['general' as const], labels: {}, now: 1_760_000_000_000 as Instant,
});
const common = { when: {}, digestRequired: false, unbounded: false, private: 'allow', nodeAccess: 'allow' } as const;
const approve = (name: string, changed: Partial<Extract<Rule, { decide: 'approve' }>> = {}): Rule =>
  ({ ...common, name, decide: 'approve', approvals: 1, approvers: [{ kind: 'user', id: BOB }], expiresMs: 900_000, stepUp: false, mention: false, ...changed });
const policyOf = (...rules: readonly Rule[]): Policy => ({ ...settings.policy, rules });

describe('what the example says of recycling', () => {
  it.each<readonly [string, ReturnType<typeof where>, object]>([
    ['in production another person', where('prod'), { gate: 'held', rule: 'production needs one other person' }],
    ['in staging nobody, for an engineer', where('staging'), { gate: 'open', rule: 'everywhere else is open to the engineers' }],
    ['in staging never, for somebody else', where('staging', 'U0DAVE' as UserId), { gate: 'closed', refusal: { code: 'no_rule' } }],
    ['in kube-system never', where('kube-system'), { gate: 'closed', refusal: { code: 'rule' } }],
    ['after a run with much power, as many as that would need are named', { ...where('staging'), profiles: ['sysadmin' as const] as never }, { gate: 'held', rule: 'privileged tools need two' }],
  ])('%s', (_what, known, gate) => { expect(recycleGate(settings.policy, known)).toMatchObject(gate); });
});

describe('a rule that depends on the command', () => {
  const harmless: Rule = { ...common, name: 'curl is harmless', decide: 'allow', when: { argv: [{ program: 'curl', arguments: [] }] } };

  it('opens nothing', () => { expect(recycleGate(policyOf(harmless), where('prod'))).toMatchObject({ gate: 'closed' }); });
  it('does not hide the rule behind it', () => { expect(recycleGate(policyOf(harmless, approve('ask')), where('prod'))).toMatchObject({ gate: 'held', rule: 'ask' }); });
  it('holds when it asks for approval', () => {
    expect(recycleGate(policyOf(approve('careful', { when: harmless.when }), { ...common, name: 'all', decide: 'allow' }), where('prod'))).toMatchObject({ gate: 'held', rule: 'careful' });
  });
  it('is none of a preset\'s', () => { expect(recycleGate(policyOf({ ...harmless, when: { presets: ['sockets' as never] } }), where('prod'))).toMatchObject({ gate: 'closed' }); });
});

it('a rule that wants a login outside Slack is not satisfied by a click', () => {
  expect(recycleGate(policyOf(approve('strict', { stepUp: true })), where('prod'))).toMatchObject({ gate: 'closed', refusal: { code: 'recycle_needs_login', rule: 'strict' } });
});
