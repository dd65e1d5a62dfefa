/** The rules of deploy/kdebug.example.yaml, from the text a person typed to the answer of the gate. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeAsk, judgePlan } from '../../../src/app/judge.ts';
import type { Rights } from '../../../src/app/rights.ts';
import { parseSettings } from '../../../src/config/load.ts';
import { parseCommand } from '../../../src/domain/command/parse.ts';
import type { Ask } from '../../../src/domain/events.ts';
import type { ImageRef, UserId } from '../../../src/domain/names.ts';
import type { Gate } from '../../../src/domain/policy/gate.ts';
import type { Policy } from '../../../src/domain/policy/rule.ts';
import type { Request, WithPlan } from '../../../src/domain/request-states.ts';
import { resolve } from '../../../src/domain/resolve.ts';
import { ask, given, planned, requested, T0 } from '../../fixtures/requests.ts';

const loaded = parseSettings(readFileSync(new URL('../../../deploy/kdebug.example.yaml', import.meta.url), 'utf8'), 'kdebug.example.yaml');
if (!loaded.ok) throw new Error('the example does not load');
const { policy, catalogue } = loaded.settings;

/** Alice is named, Erin is in the group of engineers, Dave is neither. */
const ENGINEERS = ['U0ERIN'];
const rights: Rights = {
  is: (user, principal) => (principal.kind === 'user' ? principal.id === user : principal.id === 'S0ENG' && ENGINEERS.includes(user)),
  isOneOf: (user, principals) => principals.some((principal) => rights.is(user, principal)),
};

const asked = (user: string, text: string): { readonly ask: Ask; readonly resolved: Extract<ReturnType<typeof resolve>, { ok: true }>['resolved'] } => {
  const parsed = parseCommand(text);
  if (!parsed.ok || parsed.command.kind !== 'run') throw new Error(`not a run: ${text}`);
  const resolution = resolve(parsed.command, catalogue);
  if (!resolution.ok) throw new Error(`not in the catalogue: ${text}`);
  return { ask: { ...ask, requester: user as UserId, text, command: parsed.command }, resolved: resolution.resolved };
};
const gateFor = (user: string, text: string, rules: Policy = policy): Gate => {
  const { ask, resolved } = asked(user, text);
  return judgeAsk({ policy: rules, stepUp: 'unavailable' }, rights, ask, resolved, T0);
};
const judging = { policy, catalogue, stepUp: 'unavailable' } as const;
const withPlan = (changed: Ask): Request & WithPlan => given({ ...requested, ask: changed } as typeof requested, planned) as Request & WithPlan;
const word = (gate: Gate): string => {
  if (gate.gate === 'closed') return `closed: ${gate.refusal.code}`;
  return gate.gate === 'unknown' ? 'unknown' : `${gate.gate}: ${gate.rule}`;
};

describe('the normative example', () => {
  const cases: readonly [string, string, string, string][] = [
    ['staging runs without asking for Alice', 'U0ALICE', 'staging api -- ss -tlnp', 'open: everywhere else is open to the engineers'],
    ['and for an engineer by her group', 'U0ERIN', 'staging-eu api -- ss -tlnp', 'open: everywhere else is open to the engineers'],
    ['Dave has no rule there', 'U0DAVE', 'staging api -- ss -tlnp', 'closed: no_rule'],
    ['kube-system is refused', 'U0ALICE', 'kube-system coredns -- ss', 'closed: rule'],
    ['kube-system is refused with privileged tools too', 'U0ALICE', 'kube-system coredns --profile sysadmin -- ss', 'closed: rule'],
    ['prod is held', 'U0ALICE', 'prod api -- ss -tlnp', 'held: production needs one other person'],
    ['prod is held for Dave too', 'U0DAVE', 'prod-eu api -- ss -tlnp', 'held: production needs one other person'],
    ['a namespace that only begins like prod is not', 'U0ALICE', 'product api -- ss', 'open: everywhere else is open to the engineers'],
    ['the preset sockets is open', 'U0ALICE', 'prod api --preset sockets', 'open: harmless presets need nobody'],
    ['the preset dns is open', 'U0ERIN', 'prod api --preset dns --set name=example.org', 'open: harmless presets need nobody'],
    ['for Dave the preset is held', 'U0DAVE', 'prod api --preset sockets', 'held: production needs one other person'],
    ['the same command typed out is held', 'U0ALICE', 'prod api --image netshoot --profile general -- ss -tlnp', 'held: production needs one other person'],
    ['netadmin needs a reason', 'U0ALICE', 'prod api --profile netadmin -- tcpdump', 'closed: reason_missing'],
    ['netadmin needs a reason that names a ticket', 'U0ALICE', 'prod api --profile netadmin --reason "just so" -- tcpdump', 'closed: reason_missing'],
    ['netadmin needs a digest of the image', 'U0ALICE', 'prod api --profile netadmin --reason "INC-42 packets get lost" -- tcpdump', 'closed: digest_required'],
    ['private output of production is refused', 'U0ALICE', 'prod api --private -- ss', 'closed: private_refused'],
  ];
  it.each(cases)('%s', (_name, user, text, expected) => { expect(word(gateFor(user, text))).toBe(expected); });

  it('kube-system is refused in the words of the file', () => {
    expect(gateFor('U0ALICE', 'kube-system coredns -- ss')).toEqual({ gate: 'closed', refusal: { code: 'rule', rule: 'system namespaces are off limits', message: 'Ask the platform team.' } });
  });
  it('prod is held for one of S0SRE or U0BOB, for a quarter of an hour, and the group is named', () => {
    expect(gateFor('U0ALICE', 'prod api -- ss')).toMatchObject({
      hold: { needed: 1, approvers: [{ kind: 'usergroup', id: 'S0SRE' }, { kind: 'user', id: 'U0BOB' }], expiresMs: 900_000, mention: true },
    });
  });
  it('netadmin with a ticket and a pinned image needs two', () => {
    const { ask, resolved } = asked('U0ALICE', 'prod api --profile netadmin --reason "INC-42 packets get lost" -- tcpdump');
    const pinned = { ...resolved, image: { ...resolved.image, ref: `nicolaka/netshoot@sha256:${'0'.repeat(64)}` as ImageRef } };
    expect(judgeAsk(judging, rights, ask, pinned, T0)).toMatchObject({ gate: 'held', rule: 'privileged tools need two', hold: { needed: 2 } });
  });
  it('with the plan the answer is the same as at the door', () => {
    const { ask } = asked('U0ALICE', 'prod api-7f9 --image netshoot -- ss -tlnp');
    expect(word(judgePlan(judging, rights, withPlan(ask), T0))).toBe('held: production needs one other person');
  });
  it('a plan with an image that left the catalogue is no plan of the ask', () => {
    const { ask } = asked('U0ALICE', 'prod api-7f9 --image netshoot -- ss -tlnp');
    expect(word(judgePlan({ ...judging, catalogue: { ...catalogue, images: [] } }, rights, withPlan(ask), T0))).toBe('closed: plan_not_asked');
  });
});
