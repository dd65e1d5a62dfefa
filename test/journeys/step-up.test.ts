/** An approval that a click alone does not give, against a real provider; nothing of kdebug is in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectProducer } from '../../src/adapters/redis/client.ts';
import { openEmbeddedRedis } from '../../src/adapters/redis/embedded.ts';
import { keysUnder } from '../../src/adapters/redis/keys.ts';
import { createTickets } from '../../src/adapters/redis/tickets.ts';
import type { Ticket } from '../../src/app/step-up-port.ts';
import { sha256 } from '../../src/domain/canonical.ts';
import type { Instant, RequestId, Sha256 } from '../../src/domain/names.ts';
import { createRecordKeys } from '../../src/ops/record-keys.ts';
import { exampleConfiguration } from '../../src/playground/local/world.ts';
import { ALICE, AUDIT, BOB, DAVE, INCIDENT, openStage, type Stage } from './stage.ts';
import { loginAddress, logIn, newBrowser, press, type Browser, type Seen } from './step-up/browser.ts';
import { freePort } from '../../src/playground/local/free-port.ts';
import { CLIENT, startLoginProvider, type LoginProvider } from './step-up/login-provider.ts';

const configuration = exampleConfiguration().replace('    mention: true ', '    step_up: true\n    mention: true ');
const environment = (issuer: string) => ({ KDEBUG_OIDC_ISSUER: issuer, KDEBUG_OIDC_CLIENT_ID: CLIENT.id, KDEBUG_OIDC_CLIENT_SECRET: CLIENT.secret });

/** A request that waits, and the link that Bob alone is told for his click on Approve. */
const asked = async (stage: Stage, command: string): Promise<{ readonly id: RequestId; readonly link: string }> => {
  const id = await stage.ask(ALICE, INCIDENT, command);
  await stage.until(id, ['awaiting_approval']);
  return { id, link: await linkOf(stage, id) };
};
const linkOf = async (stage: Stage, id: RequestId): Promise<string> => {
  expect(await stage.press(BOB, id, 'Approve')).toContain('confirmed by a login outside Slack');
  const told = JSON.stringify(stage.world.slack.world.ephemerals(BOB).at(-1));
  return /http:\/\/localhost:\d+\/step-up\/[\w-]{43}/.exec(told)?.[0] ?? '';
};

const confirm = async (link: string, name: string, browser: Browser = newBrowser()): Promise<Seen> =>
  logIn(browser, loginAddress(await press(browser, await browser.open(link))), name);

describe.each(['socket', 'http'] as const)('a rule with step_up, over %s', (transport) => {
  let stage: Stage;
  let provider: LoginProvider | undefined;
  let [port, providerPort] = [0, 0];
  beforeAll(async () => {
    port = await freePort();
    providerPort = await freePort(port);
    stage = await openStage({ transport, configuration, env: environment(`http://127.0.0.1:${providerPort}`) });
    await stage.world.start(['start'], { PORT: String(port) });
  });
  afterAll(async () => { await stage.close(); await provider?.close(); });

  const stateOf = async (id: RequestId): Promise<string> => (await stage.progress.request(id)).state;

  it('kdebug is up without the provider, says so to whoever needs it, and asks it again', async () => {
    const { link } = await asked(stage, 'prod web -- id');
    const browser = newBrowser();
    expect((await press(browser, await browser.open(link))).text).toContain('login provider does not answer');
    provider = await startLoginProvider(providerPort, [`http://localhost:${port}/step-up/callback`]);
    expect(new URL(loginAddress(await press(browser, await browser.open(link)))).origin).toBe(provider.issuer);
  });

  it('the person of the click reads the plan again, logs in, and it runs; link and callback work once', async () => {
    const { id, link } = await asked(stage, 'prod api-7f9 --reason "INC-42 <b>slow</b>" -- ss -tlnp');
    expect(await stateOf(id)).toBe('awaiting_approval');
    expect(stage.sees(INCIDENT)).not.toContain('/step-up/');
    const browser = newBrowser();
    const page = await browser.open(link);
    expect(page.status).toBe(200);
    for (const part of ['as bob', 'alice', 'prod / api-7f9c4d8b6-2r6zw', 'ss -tlnp', 'nicolaka/netshoot:v0.13', 'general: can read and change everything', 'INC-42 <b>slow</b>', 'Plan']) expect(page.text.toLowerCase(), part).toContain(part.toLowerCase());
    expect(page.html).not.toMatch(/<script|<b>slow/);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(page.headers.get('x-frame-options')).toBe('DENY');

    const done = await confirm(link, 'bob', browser);
    expect(done.text).toContain('Your approval is counted');
    // over one transport it is waited for until Slack shows it
    const finished = transport === 'socket' ? stage.until(id, ['finished']) : stage.reached(id, ['finished']);
    expect(await finished).toMatchObject({ authorization: { by: 'approvals', approvals: [{ by: BOB, stepUp: { issuer: provider?.issuer, subject: 'bob' } }] } });

    if (transport === 'socket') expect(stage.sees(INCIDENT)).toMatch(/Finished: exit code 0.*approved by @bob/s);

    expect((await browser.open(done.url)).text, 'the same callback again').toContain('Nobody is waiting for this login');
    expect((await browser.open(link)).text, 'the same link again').toContain('has been used already');
  });

  if (transport === 'http') return;

  it('what is refused approves nothing, is told in one sentence and is in the audit channel', async () => {
    const { id, link } = await asked(stage, 'prod api-7f9 -- hostname');
    const [bob, other] = [newBrowser(), newBrowser()];
    const page = await bob.open(link);

    const refused: [string, () => Promise<Seen>, string][] = [
      ['a form from elsewhere, in a browser that never saw the page', () => press(other, page), 'began in another browser'],
      ['a form from elsewhere, in the browser that saw it', () => bob.open(link, { proof: 'x' }, { origin: 'https://evil.example' }), 'began in another browser'],
      ['a login that somebody else\'s browser ends', async () => logIn(other, loginAddress(await press(bob, page)), 'bob'), 'began in another browser'],
      ['a link that nobody was given', () => bob.open(link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A')), 'none that kdebug knows'],
      ['another person', () => confirm(link, 'carol', bob), 'logged in as somebody else'],
      ['the link of that attempt', () => bob.open(link), 'has been used already'],
      ['a person whose address nobody verified', async () => confirm(await linkOf(stage, id), 'nobody'), 'no verified address'],
      ['a login that the person gave up', async () => bob.open(`${new URL(link).origin}/step-up/callback?error=access_denied&state=${new URL(loginAddress(await press(bob, await bob.open(await linkOf(stage, id))))).searchParams.get('state')}`), 'did not confirm the login'],
    ];
    for (const [name, attempt, sentence] of refused) {
      const seen = await attempt();
      expect(seen.text, name).toContain(sentence);
      expect(seen.text, `${name}: nothing of the request`).not.toMatch(/hostname|api-7f9|alice/i);
    }
    expect(await stateOf(id)).toBe('awaiting_approval');
    expect(await stage.press(DAVE, id, 'Approve'), 'who may not approve gets no link').not.toContain('login outside Slack');
    expect(await stage.press(ALICE, id, 'Approve')).toContain('somebody else has to approve');
    await expect.poll(() => stage.sees(AUDIT), { timeout: 5_000 }).toMatch(/click refused: @bob.*another person/s);
  });

  it('a ticket that is over, of another plan, or edited in Redis', async () => {
    const { id, link } = await asked(stage, 'prod api-7f9 -- uptime');
    const redis = connectProducer((await openEmbeddedRedis({ stateDir: stage.world.stateDir, appendfsync: 'no', persistent: false })).url);
    const tickets = createTickets(redis, keysUnder(), createRecordKeys(Buffer.from(stage.world.env['KDEBUG_RECORD_KEY'] ?? '', 'hex')));
    const ticket = sha256(new URL(link).pathname.slice('/step-up/'.length));
    const [given, key] = [await tickets.read(ticket) as Ticket, keysUnder().ticket(ticket)];

    await tickets.issue(ticket, { ...given, until: (Date.now() - 1) as Instant });
    expect((await newBrowser().open(link)).text).toContain('has expired');
    await tickets.issue(ticket, { ...given, digest: 'e'.repeat(64) as Sha256 });
    expect((await newBrowser().open(link)).text).toContain('has changed since you pressed Approve');
    await tickets.issue(ticket, given);
    await redis.set(key, String(await redis.get(key)).replace(id, 'kd-00000000'));
    expect((await newBrowser().open(link)).text).toContain('none that kdebug knows');
    redis.disconnect();
    expect(await stateOf(id)).toBe('awaiting_approval');
  });
});

describe('without a login provider', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ configuration });
    await stage.world.start(['start']);
  });
  afterAll(() => stage.close());

  it('such a rule refuses, before anything is planned', async () => {
    expect(await stage.slash(ALICE, INCIDENT, 'prod api-7f9 -- ls')).toMatch(/production needs one other person.*login outside Slack, and this installation has none/);
  });
});
