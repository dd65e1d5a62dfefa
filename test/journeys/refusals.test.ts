import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALICE, BOB, CAROL, DAVE, INCIDENT, openStage, OPS, OVER, type Stage } from './stage.ts';

describe('what is refused, told and changes nothing', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ transport: 'http' });
    await stage.world.start(['start']);
  });
  afterAll(() => stage.close());

  const events = async (): Promise<number> => stage.world.cluster.control.requests().length;

  it('a replayed command makes no second request', async () => {
    const outcome = await stage.world.slack.people.slash(BOB, OPS, '/kdebug', 'staging api-5d6f7b8c9-2 -- echo replayed');
    await Promise.all(Array.from({ length: 20 }, () => stage.world.slack.attacks.replay(outcome.sent)));
    const id = /kd-[0-9a-z]{8}/.exec(JSON.stringify(outcome.ok && outcome.body))![0] as Parameters<Stage['until']>[0];
    await stage.until(id, OVER);
    expect(stage.sees(OPS).match(/│ replayed/g) ?? stage.sees(OPS).match(/replayed +│/g)).toHaveLength(1);
  });

  it('the same text twice is answered with the first request', async () => {
    const first = await stage.ask(ALICE, INCIDENT, 'prod api-7f9 -- ls');
    const second = await stage.slash(ALICE, INCIDENT, 'prod api-7f9 -- ls');
    expect(second).toContain(first);
    await stage.until(first, ['awaiting_approval']);
    expect(await stage.press(ALICE, first, 'Withdraw')).toBeUndefined();
    await stage.until(first, ['withdrawn']);
    expect(stage.sees(INCIDENT)).not.toContain('[ Approve ]');
  });

  it('an unsigned, a wrongly signed, an old and a future command are 401', async () => {
    const { attacks } = stage.world.slack;
    const body = 'command=%2Fkdebug&text=staging+api+--+ls&user_id=U0BOB&team_id=T0ACME&channel_id=C0OPS&trigger_id=1.2.3';
    for (const wrong of [{ secret: null }, { secret: 'another secret' }, { ageS: 400 }, { ageS: -400 }]) {
      expect(await attacks.request({ body, ...wrong }), JSON.stringify(wrong)).toMatchObject({ status: 401 });
    }
  });

  it('a second click on Approve, and one on a copy of the card, change nothing', async () => {
    const id = await stage.ask(ALICE, INCIDENT, 'prod web -- id');
    await stage.until(id, ['awaiting_approval']);
    const { channel, ts } = stage.card(id);
    const copy = stage.world.slack.attacks.copyMessage(channel, ts, OPS);
    await stage.world.slack.people.press(BOB, OPS, copy.ts, 'Approve', { confirm: true });
    expect((await stage.progress.request(id)).state).toBe('awaiting_approval');
    await Promise.all([BOB, CAROL].map((user) => stage.world.slack.people.press(user, channel, ts, 'Approve', { confirm: true })));
    const request = await stage.until(id, ['finished']);
    expect(request).toMatchObject({ authorization: { approvals: [{}] } });
    expect(stage.world.cluster.control.requests().filter(({ method, query }) => method === 'PATCH' && !String(query).includes('dryRun') && String(query).includes('kdebug')).length).toBeGreaterThan(0);
  });

  it('a denial asks why, and is final', async () => {
    const id = await stage.ask(ALICE, INCIDENT, 'prod web -- hostname');
    await stage.until(id, ['awaiting_approval']);
    const { channel, ts } = stage.card(id);
    await stage.world.slack.people.press(BOB, channel, ts, 'Deny…');
    await stage.world.slack.people.submit(BOB, await stage.view(BOB), { 'kdebug.reason': 'not during the sale' });
    expect(await stage.until(id, OVER)).toMatchObject({ state: 'denied', by: BOB, reason: 'not during the sale' });
    expect(stage.sees(INCIDENT)).toContain('not during the sale');
  });

  const typed: readonly [string, string, RegExp][] = [
    ['a typo of an option', 'prod api-7f9 --imag netshoot -- ls', /--imag is not an option; did you mean --image\?/],
    ['an image that is not in the catalogue', 'staging api --image alpine -- ls', /alpine.*netshoot, busybox/s],
    ['a credential', 'staging api -- curl -H "Authorization: Bearer abcdef0123456789abcdef"', /What is typed here is kept and shown/],
    ['a pipe', 'staging api -- ss | head', /sh -c/],
    ['no command', 'prod api', /--/],
    ['an unknown cluster', 'moon/prod api -- ls', /main/],
    ['an interactive session', 'prod api -it -- sh', /kubectl debug/],
    ['a timeout beyond the limit', 'staging api --timeout 1h -- ls', /15 ?min|15m/],
  ];
  it.each(typed)('%s', async (_name, text, sentence) => {
    const before = await events();
    expect(await stage.slash(BOB, OPS, text)).toMatch(sentence);
    expect(await events(), 'the cluster was asked nothing').toBe(before);
  });

  it('a guest, a stranger and somebody of another workspace may not ask', async () => {
    expect(await stage.slash('U0GUEST', OPS, 'staging api -- ls').catch((error: Error) => error.message)).toMatch(/member|guest|not in/i);
    expect(await stage.slash(DAVE, OPS, 'staging api -- ls')).toMatch(/no rule/i);
  });
});
