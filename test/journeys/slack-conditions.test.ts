/**
 * kdebug with several replicas while Slack has a bad day. What one connection survives alone (frames, signatures, skew,
 * an outage at its start) is in test/adapters/slack/outage.test.ts and outbound.test.ts; replays and forgeries over HTTP
 * in refusals.test.ts. Here are whole processes, two of them.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RequestId } from '../../src/domain/names.ts';
import { measureAcks, SLOWEST_MS_MAX } from '../../bench/slack/ack-load.ts';
import { isKept, measureOutage } from '../../bench/slack/outage.ts';
import { exampleConfiguration } from '../../src/playground/local/world.ts';
import { ACME } from '../../src/playground/slack/seed.ts';
import { startFakeSlack } from '../../src/playground/slack/server.ts';
import { connectTo, playedHandlers, quietLog } from '../adapters/slack/workspace.ts';
import { ALICE, APPROVALS, BOB, CAROL, INCIDENT, openStage, OPS, type Stage } from './stage.ts';

const words = (value: unknown): string => JSON.stringify(value);
const requestsIn = (text: string): readonly RequestId[] => [...new Set(text.match(/kd-[0-9a-z]{8}/g) ?? [])] as RequestId[];
const cardsOf = (stage: Stage, id: RequestId) =>
  [OPS, INCIDENT, APPROVALS].flatMap((channel) => stage.world.slack.world.messages(channel).flatMap((message) => [message, ...message.replies])).filter((message) => message.appId !== undefined && words(message.blocks).includes(`"${id}`));

describe('two replicas over Socket Mode', () => {
  let stage: Stage;
  beforeAll(async () => {
    // the stories are told faster than people type
    stage = await openStage({ configuration: exampleConfiguration().replaceAll(/(commands_(?:per_person|per_channel|total)): \d+/g, '$1: 600') });
    await Promise.all([stage.world.start(['serve']), stage.world.start(['serve']), stage.world.start(['worker', '--cluster', 'main'])]);
  });
  afterAll(() => stage.close());

  const told = async (user: string, since: number): Promise<string> => {
    const seen = () => stage.world.slack.world.ephemerals(user).slice(since).map(({ text }) => text).join('\n');
    await vi.waitFor(() => { if (seen() === '') throw new Error('nothing was said'); }, { timeout: 5_000, interval: 20 });
    return seen();
  };

  it('both take commands, and a click may meet the other one', async () => {
    expect(stage.world.slack.socket.connections()).toBe(2);
    const id = await stage.ask(ALICE, INCIDENT, 'prod web -- echo from either');
    await stage.until(id, ['awaiting_approval']);
    expect(await stage.press(BOB, id, 'Approve')).toBeUndefined();
    expect(await stage.reached(id, ['finished'])).toMatchObject({ ends: [{ outcome: { kind: 'exited', code: 0 } }] });
  });

  it('the same envelope to both at once is one request', async () => {
    const { attacks, people } = stage.world.slack;
    const first = await people.slash(BOB, OPS, '/kdebug', 'staging api-5d6f7b8c9-2 -- echo twice?');
    const again = await Promise.all([attacks.replay(first.sent), attacks.replay(first.sent), attacks.replay(first.sent)]);
    const [id, ...others] = requestsIn(words([first.ok && first.body, ...again.map((outcome) => outcome.ok && outcome.body)]));
    expect(others).toEqual([]);
    await stage.until(id as RequestId, ['finished']);
    expect(cardsOf(stage, id as RequestId).filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
  });

  it('a mention that Slack offers again is one request', async () => {
    const since = stage.world.slack.world.ephemerals(BOB).length;
    const outcome = await stage.world.slack.people.mention(BOB, OPS, 'staging api-5d6f7b8c9-2 -- echo offered again');
    await Promise.all([stage.world.slack.attacks.replay(outcome.sent), stage.world.slack.attacks.replay(outcome.sent)]);
    await delay(300);
    expect(requestsIn(await told(BOB, since))).toHaveLength(1);
  });

  it('while Slack replaces every connection at once, each command is answered or the person is told, and soon all are answered again', async () => {
    const { slack } = stage.world;
    const typed: { readonly answer: string; readonly at: number }[] = [];
    for (const [index, user] of [ALICE, BOB, CAROL, 'U0DAVE', ALICE, BOB, CAROL, 'U0DAVE', ALICE, BOB, CAROL, 'U0DAVE'].entries()) {
      if (index === 3) slack.socket.refresh();
      typed.push({ answer: await stage.slash(user, OPS, 'whoami').catch(String), at: performance.now() });
      await delay(50);
    }
    const unanswered = typed.filter(({ answer }) => !answer.includes('You are'));
    for (const { answer } of unanswered) expect(answer).toMatch(/dispatch_failed|operation_timeout/);
    expect((unanswered.at(-1)?.at ?? 0) - (unanswered[0]?.at ?? 0)).toBeLessThan(1_000);
    expect(typed.slice(-3).filter(({ answer }) => answer.includes('You are'))).toHaveLength(3);
    await vi.waitFor(() => { expect(slack.socket.connections()).toBe(2); }, { timeout: 5_000, interval: 20 });
  });

  it('a channel that Slack slows down does not keep another one waiting', async () => {
    const { slack } = stage.world;
    const struck = slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'rate_limited', retryAfterS: 3 }, when: ({ channel }) => channel === INCIDENT });
    const slow = await stage.ask(CAROL, INCIDENT, 'prod web -- echo slow');
    const quick = await stage.ask(CAROL, OPS, 'prod web -- echo quick');
    await stage.until(quick, ['awaiting_approval']);
    expect(cardsOf(stage, slow)).toEqual([]);
    expect(struck()).toBeGreaterThan(0);
    await stage.until(slow, ['awaiting_approval']);
    expect(cardsOf(stage, slow).filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
    for (const id of [slow, quick]) expect(await stage.press(CAROL, id, 'Withdraw')).toBeUndefined();
  }, 30_000);

  it('somebody of another workspace, of another app, or with another\'s payload opens and asks nothing', async () => {
    const { people, world } = stage.world.slack;
    const alert = people.say(ALICE, OPS, 'prod/api-7f9c4d8b6-2r6zw is slow');
    const foreign = [
      { team: { id: 'T0OTHER', domain: 'other' } }, { api_app_id: 'A0OTHER' }, { user: { id: ALICE, team_id: 'T0OTHER' } }, { enterprise: { id: 'E0OTHER' } },
    ];
    for (const change of foreign) await people.messageShortcut(ALICE, OPS, alert.ts, 'kdebug_from_message', { tamper: (content) => ({ ...content, ...change }) });
    await people.openHome(ALICE, { tamper: (content) => ({ ...content, team_id: 'T0OTHER' }) });
    await delay(300);
    expect(world.views(ALICE)).toEqual([]);
    expect(world.home(ALICE)).toBeUndefined();

    await people.slash(ALICE, OPS, '/kdebug', '');
    await vi.waitFor(() => { if (!words(world.views(ALICE).at(-1)?.body).includes('kdebug.form.namespace')) throw new Error('not yet'); }, { timeout: 5_000, interval: 20 });
    const view = world.views(ALICE).at(-1)?.id ?? '';
    for (const change of foreign) {
      await people.chooseInView(ALICE, view, 'kdebug.form.namespace', 'prod', { tamper: (content) => ({ ...content, ...change }) });
    }
    await delay(200);
    expect(words(world.views(ALICE).at(-1)?.body)).not.toContain('kdebug.form.pod main/prod');
  });

  it('a replica that starts while Slack is down is ready once Slack is back, and the others come back too', async () => {
    const { slack } = stage.world;
    await slack.faults.down();
    const state = { isReady: false };
    const starting = stage.world.start(['serve']).then((process) => { state.isReady = true; return process; });
    starting.catch(() => undefined); // told by the await below
    await delay(2_000);
    expect(state.isReady).toBe(false);
    await slack.faults.up();
    await starting;
    await vi.waitFor(() => { expect(slack.socket.connections()).toBe(3); }, { timeout: 15_000, interval: 50 });
    expect(await stage.slash(ALICE, OPS, 'whoami')).toContain('You are');
  }, 40_000);
});

describe('an acknowledgement that Slack did not wait for', () => {
  it('is told as an error, and the card is the truth', async () => {
    const stage = await openStage({ slack: { clockScale: 20, ackWindowMs: 1 } });
    try {
      await stage.world.start(['start']);
      const outcome = await stage.world.slack.people.slash(BOB, OPS, '/kdebug', 'staging api-5d6f7b8c9-2 -- echo acknowledged late');
      expect(outcome).toMatchObject({ ok: false, error: 'operation_timeout' });
      await vi.waitFor(() => { expect(stage.sees(OPS)).toContain('acknowledged late'); }, { timeout: 10_000, interval: 50 });
      const [id] = requestsIn(stage.sees(OPS));
      expect(stage.sees(OPS)).toContain('@bob');
      // typed again, because Slack said that it failed: the first stands for both, or is over
      const again = await stage.world.slack.people.slash(BOB, OPS, '/kdebug', 'staging api-5d6f7b8c9-2 -- echo acknowledged late');
      expect(again.ok).toBe(false);
      expect(id).toBeDefined();
    } finally {
      await stage.close();
    }
  }, 40_000);
});

describe('scopes at the start', () => {
  const started = async (lacking: readonly string[]) => {
    const slack = await startFakeSlack({ clockScale: 200, seed: { ...ACME, scopes: ACME.scopes.filter((scope) => !lacking.includes(scope)) } });
    const log = quietLog();
    const connection = await connectTo(slack, 'socket', playedHandlers().handlers, log);
    await vi.waitFor(() => { if (connection.identity() === undefined || connection.unready() === 'not connected') throw new Error('not yet'); }, { timeout: 10_000, interval: 20 });
    await connection.close();
    await slack.close();
    return { log: log.lines.filter((line) => line.includes('lacks the scope')), ready: connection.unready() };
  };

  it.each<readonly [string, readonly string[], readonly RegExp[], RegExp]>([
    ['nothing', [], [], /^not connected$/],
    ['files', ['files:write'], [/lacks the scope files:write.*long output as a file/], /^not connected$/],
    ['groups and mentions', ['usergroups:read', 'app_mentions:read'], [/app_mentions:read/, /usergroups:read/], /^not connected$/],
    ['posting', ['chat:write'], [/chat:write.*cards, results and answers/], /lacks the scope chat:write/],
  ])('without %s', async (_what, lacking, lines, unready) => {
    const { log, ready } = await started(lacking);
    expect(log).toHaveLength(lines.length);
    lines.forEach((line, index) => { expect(log[index]).toMatch(line); });
    // it is closed by now; only what it lacks for good is said before that
    expect(ready).toMatch(unready);
  });
});

/** The short forms of bench/slack: whether the promises hold at all; how well is for the long ones, on a machine of its own. */
describe('under load and through an outage', () => {
  it('two replicas acknowledge everything in time, 20 requests a second for 5 s', async () => {
    const { failed, acknowledged, slowest } = await measureAcks({ seconds: 5, perSecond: 20, replicas: 2 });
    expect(failed).toEqual([]);
    expect(acknowledged).toBe(100);
    expect(slowest).toBeLessThan(SLOWEST_MS_MAX);
  }, 40_000);

  it('results that became due while Slack was away all arrive, once, in order, at its pace', async () => {
    const figures = await measureOutage({ results: 4, outageMs: 40_000 });
    expect(isKept(figures), words(figures)).toBe(true);
  }, 120_000);
});
