/** What becomes of a click on Approve under a rule that wants a login outside Slack. */
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/domain/canonical.ts';
import { click } from '../../src/app/click.ts';
import { stepUpHandlers } from '../../src/app/step-up.ts';
import type { StepUpAnswer } from '../../src/app/step-up-port.ts';
import { LOGINS_PER_LINK_MAX } from '../../src/domain/limits.ts';
import { after, type RequestId, type Sha256, type UserId } from '../../src/domain/names.ts';
import type { Policy } from '../../src/domain/policy/rule.ts';
import { ALICE, BOB, CAROL } from '../fixtures/requests.ts';
import { createLinks, createLogins, createTicketMemory, ISSUER } from './step-up-memory.ts';
import { approve, codeOf, HELD, heldRequest, press, stateOf, type, withdraw, workAll } from './stories.ts';
import { createWorld, DAVE, settings, SRE } from './world.ts';

const rulesWith = (more: { readonly stepUp: boolean; readonly approvals?: number }): Policy =>
  ({ ...settings.policy, rules: settings.policy.rules.map((rule) => (rule.decide === 'approve' ? { ...rule, ...more } : rule)) });

const EMAILS: ReadonlyMap<UserId, string> = new Map([[ALICE, 'alice@example.org'], [BOB, 'bob@example.org'], [CAROL, 'carol@example.org'], [DAVE, 'dave@example.org']]);
const BROWSER = 'the browser of Bob';

const createStepUpWorld = (policy: Policy = rulesWith({ stepUp: true })) => {
  const world = createWorld(policy);
  const tickets = createTicketMemory(world.clock, world.memory.reach);
  const logins = createLogins(world.clock);
  const directory = { ...world.ports.directory, email: async (user: UserId) => EMAILS.get(user) };
  const ports = { ...world.ports, directory, stepUp: 'available' as const, links: createLinks(tickets), tickets, provider: logins.provider };
  const handlers = stepUpHandlers(ports);
  const opened = { ...world, ports, tickets, logins: logins.script, handlers };
  return opened;
};
type StepUpWorld = ReturnType<typeof createStepUpWorld>;

/** The secret of the link that this person is told. */
const secretFor = async (world: StepUpWorld, id: RequestId, user: UserId = BOB): Promise<string> => {
  const answer = await approve(world, id, user);
  if (answer.kind !== 'step_up') throw new Error(`no link: ${JSON.stringify(answer)}`);
  return answer.url.slice('https://kdebug.example.org/step-up/'.length);
};
const begun = async (world: StepUpWorld, secret: string, browser = BROWSER): Promise<URLSearchParams> => {
  const answer = await world.handlers.begin(secret, browser);
  if (answer.kind !== 'login') throw new Error(`no login: ${JSON.stringify(answer)}`);
  return new URL(answer.url).searchParams;
};
const logIn = async (world: StepUpWorld, secret: string): Promise<StepUpAnswer> => world.handlers.finish(await begun(world, secret), BROWSER);
const why = (answer: StepUpAnswer): string => {
  if (answer.kind !== 'refused') return answer.kind;
  return answer.refusal.code === 'step_up_failed' ? answer.refusal.why : answer.refusal.code;
};
const waiting = async (policy?: Policy) => {
  const world = createStepUpWorld(policy);
  const id = await heldRequest(world);
  return { world, id, secret: await secretFor(world, id) };
};

describe('a click on Approve', () => {
  it('approves nothing, and tells the person a link', async () => {
    const { world, id } = await waiting();
    expect(stateOf(world, id)).toBe('awaiting_approval');
    expect(world.events(id)).not.toContain('approved');
    expect(world.attempts).toEqual([]);
  });
  it('leads to the plan, for the person and the digest of the click', async () => {
    const { world, id, secret } = await waiting();
    expect(await world.handlers.show(secret)).toMatchObject({ kind: 'plan', request: { id, digest: (world.request(id) as { digest?: Sha256 }).digest }, requester: 'alice', approver: 'bob' });
  });
  it('and the login of that person, and it runs with the login in its record', async () => {
    const { world, id, secret } = await waiting();
    expect(await logIn(world, secret)).toMatchObject({ kind: 'approved', request: { state: 'queued' } });
    await workAll(world);
    expect(world.request(id)).toMatchObject({ state: 'finished', authorization: { approvals: [{ by: BOB, stepUp: { issuer: ISSUER, subject: 'bob' } }] } });
  });
  it.each([['the requester', ALICE, 'own_request'], ['nobody who may', DAVE, 'not_an_approver']] as const)('by %s gets no link', async (_name, user, code) => {
    const world = createStepUpWorld();
    expect(codeOf(await approve(world, await heldRequest(world), user))).toBe(code);
  });
  it('on a rule without step_up is what it was', async () => {
    const world = createStepUpWorld(rulesWith({ stepUp: false }));
    expect(await approve(world, await heldRequest(world), BOB)).toEqual({ kind: 'done' });
  });
  it('where no provider is configured any more is refused', async () => {
    const world = createStepUpWorld();
    const pressed = await press(world, await heldRequest(world), BOB);
    expect(codeOf(await click({ ...world.ports, links: undefined }, { ...pressed, action: 'approve' }))).toBe('step_up_needed');
  });
  it('where no provider was ever configured the command is refused at the door', async () => {
    expect(codeOf(await type(createWorld(rulesWith({ stepUp: true })), HELD))).toBe('step_up_unavailable');
  });
});

describe('what approves nothing', () => {
  type Story = (world: StepUpWorld, secret: string, id: RequestId) => Promise<StepUpAnswer>;
  /** `approvals` that were given before, by other ways than the refused one. */
  const cases: readonly [string, Story, string, approvals?: number][] = [
    ['a link that nobody was given', (world) => world.handlers.show('another'), 'unknown_link'],
    ['a link after five minutes', (world, secret) => { world.pass(300); return world.handlers.show(secret); }, 'expired_link'],
    ['a button pressed after five minutes', (world, secret) => { world.pass(300); return world.handlers.begin(secret, BROWSER); }, 'expired_link'],
    ['a login that ends after the link', async (world, secret) => { world.pass(200); const answer = await begun(world, secret); world.pass(100); return world.handlers.finish(answer, BROWSER); }, 'expired_link'],
    ['a link that was used', async (world, secret) => { await logIn(world, secret); return world.handlers.show(secret); }, 'used_link', 1],
    ['a second login of one link', async (world, secret) => { const second = await begun(world, secret); await logIn(world, secret); return world.handlers.finish(second, BROWSER); }, 'used_link', 1],
    ['a button pressed too often', async (world, secret) => { for (let count = 0; count < LOGINS_PER_LINK_MAX; count += 1) await begun(world, secret); return world.handlers.begin(secret, BROWSER); }, 'used_link'],
    ['a callback again', async (world, secret) => { const answer = await begun(world, secret); await world.handlers.finish(answer, BROWSER); return world.handlers.finish(answer, BROWSER); }, 'unknown_login', 1],
    ['a callback of no login', (world) => world.handlers.finish(new URLSearchParams({ code: 'x', state: 'y' }), BROWSER), 'unknown_login'],
    ['a callback without anything', (world) => world.handlers.finish(new URLSearchParams(), ''), 'unknown_login'],
    ['a callback in another browser', async (world, secret) => world.handlers.finish(await begun(world, secret), 'another browser'), 'another_browser'],
    ['a provider that is away', (world, secret) => { world.logins.isAway = true; return world.handlers.begin(secret, BROWSER); }, 'provider_away'],
    ['a login that the provider does not confirm', (world, secret) => { world.logins.why = 'login_refused'; return logIn(world, secret); }, 'login_refused'],
    ['the login of another person', (world, secret) => { world.logins.person = { subject: 'carol', email: 'carol@example.org' }; return logIn(world, secret); }, 'another_person'],
    ['the login of the requester', (world, secret) => { world.logins.person = { subject: 'alice', email: 'alice@example.org' }; return logIn(world, secret); }, 'another_person'],
    ['a login without a verified address', (world, secret) => { world.logins.person = { email: null }; return logIn(world, secret); }, 'no_address'],
    ['a login from before the click', (world, secret) => { world.logins.person = { email: 'bob@example.org', authenticatedAtMs: world.clock.now - 31_000 }; return logIn(world, secret); }, 'old_login'],
    ['a login of no time', (world, secret) => { world.logins.person = { email: 'bob@example.org', authenticatedAtMs: Number.NaN }; return logIn(world, secret); }, 'old_login'],
    ['a person who lost the right meanwhile', async (world, _secret, id) => { const carols = await secretFor(world, id, CAROL); world.logins.person = { email: 'carol@example.org' }; const answer = await begun(world, carols); world.people.groups.set(SRE, new Set()); return world.handlers.finish(answer, BROWSER); }, 'not_an_approver'],
    ['a person who left the workspace meanwhile', async (world, secret) => { const answer = await begun(world, secret); world.people.members.delete(BOB); return world.handlers.finish(answer, BROWSER); }, 'not_a_member'],
    ['a request that was withdrawn meanwhile', async (world, secret, id) => { const answer = await begun(world, secret); await withdraw(world, id, ALICE); return world.handlers.finish(answer, BROWSER); }, 'already_decided'],
    ['a ticket of another plan', async (world, secret) => {
      const ticket = await world.tickets.read(sha256(secret));
      await world.tickets.issue(sha256(secret), { ...ticket!, digest: 'e'.repeat(64) as Sha256 });
      return world.handlers.show(secret);
    }, 'another_plan'],
  ];
  it.each(cases)('%s', async (_name, story, expected, approvals = 0) => {
    const { world, id, secret } = await waiting();
    expect(why(await story(world, secret, id))).toBe(expected);
    expect(world.attempts.map(({ refusal }) => ('why' in refusal ? refusal.why : refusal.code)), 'it is in the ledger').toEqual([expected]);
    expect(world.events(id).filter((event) => event === 'approved')).toHaveLength(approvals);
  });
  it('Redis being away, and it says so', async () => {
    const { world, id, secret } = await waiting();
    const answer = await begun(world, secret);
    world.script.away = true;
    for (const page of [world.handlers.show(secret), world.handlers.begin(secret, BROWSER), world.handlers.finish(answer, BROWSER)]) expect(await page).toEqual({ kind: 'unavailable' });
    world.script.away = false;
    expect(stateOf(world, id)).toBe('awaiting_approval');
  });
  it('looking at the page, however often', async () => {
    const { world, id, secret } = await waiting();
    for (let count = 0; count < 3; count += 1) expect((await world.handlers.show(secret)).kind).toBe('plan');
    expect(stateOf(world, id)).toBe('awaiting_approval');
    expect((await logIn(world, secret)).kind).toBe('approved');
  });
});

describe('where two are needed', () => {
  it('one login counts once, whatever accounts it comes from, and another person completes it', async () => {
    const { world, id, secret } = await waiting(rulesWith({ stepUp: true, approvals: 2 }));
    expect(await logIn(world, secret)).toMatchObject({ kind: 'approved', request: { state: 'awaiting_approval' } });
    world.logins.person = { subject: 'bob', email: 'carol@example.org' };
    expect(why(await logIn(world, await secretFor(world, id, CAROL)))).toBe('already_approved');
    world.logins.person = { subject: 'carol', email: 'Carol@Example.org' };
    expect(await logIn(world, await secretFor(world, id, CAROL))).toMatchObject({ kind: 'approved', request: { state: 'queued' } });
  });
});

describe('people whom kdebug.yaml maps', () => {
  const mapped = async (name: string, person: { readonly subject: string; readonly email: string | null }): Promise<string> => {
    const world = createStepUpWorld();
    const identity = { ...settings.identity, from: 'map' as const, map: new Map([[BOB, { user: name, groups: [] }]]) };
    const handlers = stepUpHandlers({ ...world.ports, identity });
    const id = await heldRequest(world);
    world.logins.person = person;
    return why(await handlers.finish(await begun({ ...world, handlers }, await secretFor(world, id)), BROWSER));
  };
  it('are who the map says, whatever address Slack has', async () => { expect(await mapped('robert@corp.example', { subject: '1', email: 'robert@corp.example' })).toBe('approved'); });
  it('by the subject of the issuer too', async () => { expect(await mapped('00u1abc', { subject: '00u1abc', email: null })).toBe('approved'); });
  it('and nobody else, not even with the address of Slack', async () => { expect(await mapped('robert@corp.example', { subject: 'bob', email: 'bob@example.org' })).toBe('another_person'); });
  it('subjects are compared to the letter', async () => { expect(await mapped('00u1abc', { subject: '00U1ABC', email: null })).toBe('no_address'); });
});

describe('at the grant', () => {
  it('an approval without its login does not count', async () => {
    const world = createStepUpWorld();
    const id = await heldRequest(world);
    const request = world.request(id)!;
    const now = world.clock.now;
    // as only an older kdebug, or a bug, could have written it
    await world.ports.store.append(request, [{ type: 'approved', at: now, by: BOB, digest: (request as unknown as { digest: Sha256 }).digest, notAfter: after(now, 60_000) }]);
    await world.ports.queues.enqueue(id, { step: 'decide', generation: request.version + 1 });
    await workAll(world);
    expect(world.request(id)).toMatchObject({ state: 'refused', refusal: { code: 'step_up_missing', approver: BOB } });
    expect(world.kubernetes.calls).not.toContain('add');
  });
});
