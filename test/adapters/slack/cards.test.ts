import { describe, expect, it } from 'vitest';
import { card } from '../../../src/adapters/slack/render/card.ts';
import type { RequestEvent } from '../../../src/domain/events.ts';
import type { GroupId, PodName, PodUid } from '../../../src/domain/names.ts';
import type { Request } from '../../../src/domain/request-states.ts';
import { blockProblems } from '../../../src/playground/slack/blocks/blocks.ts';
import type { Json } from '../../../src/playground/slack/json.ts';
import { allowed, approvedBy, at, BOB, given, held, hold, plan, planned, requested, STATES } from '../../fixtures/requests.ts';
import { seen } from './seen.ts';

const RAN = '@U0ALICE %s ss -tlnp in prod / api-7f9c4d8b6-x2k9p (cluster main, container api, node eu-3, pod uid 4f1c0000…)';
const approved = 'approved by @U0BOB after 40 s · rule: production needs one other person';

const candidates = [{ pod: 'api-1' as PodName, ready: '1/1', status: 'Running', restarts: 3, createdAt: at(-3 * 86_400 + 1), node: 'eu-3' }, { pod: 'api-2' as PodName, ready: '0/1', status: 'CrashLoopBackOff', restarts: 1, createdAt: null, node: null }];
const EVERY: { readonly [State in Request['state']]: readonly RequestEvent[] } = { ...STATES, choosing: [requested, { type: 'choosing', at: at(1), candidates, expiresAt: at(121) }] };

const EXPECTED: { readonly [State in Request['state']]: readonly string[] } = {
  requested: ['*🔎 Checking*', '@U0ALICE asks to run in prod / api-7f9 (cluster main): ss -tlnp', 'kd-8fk20000'],
  choosing: ['*🔎 Several pods match*', '@U0ALICE asks to run in prod / api-7f9 (cluster main): ss -tlnp', '2 pods start with api-7f9: pick one, @U0ALICE.', 'expires at 08:55 UTC', 'kd-8fk20000', ''],
  planned: ['*🔎 Checking the rules*', RAN.replace('%s', 'asks to run'), 'kd-8fk20000'],
  checked: [
    '*🧪 Checked: nothing was run*', '@U0ALICE asks whether kdebug could run ss -tlnp in prod / api-7f9c4d8b6-x2k9p (cluster main, container api, node eu-3, pod uid 4f1c0000…)',
    'It would wait for 1 approval, by the rule production needs one other person. The cluster admits it.', '1  ss', '2  -tlnp', 'image  netshoot: nicolaka/netshoot:v0.13 (tag: may move)',
    'profile  general: can read and change everything the app holds: memory, files, environment, its service-account token (as the user of the image, with SYS_PTRACE)',
    'limits  stops after 60 s · must start within 10 min of the last approval · 2 of 50 debug containers used in this pod', 'output  to this thread, for everybody in #C0INC42',
    'checked  dry run admitted · Pod Security: none enforced', 'plan  2590 444c 46e8 85ee', 'kd-8fk20000',
  ],
  awaiting_approval: [
    '*⏳ Waiting for approval: 1 of 1 needed*',
    '@U0ALICE asks to run in prod / api-7f9c4d8b6-x2k9p (cluster main, container api, node eu-3, pod uid 4f1c0000…)',
    'rule: production needs one other person',
    '1  ss',
    '2  -tlnp',
    'image  netshoot: nicolaka/netshoot:v0.13 (tag: may move)',
    'profile  general: can read and change everything the app holds: memory, files, environment, its service-account token (as the user of the image, with SYS_PTRACE)',
    'limits  stops after 60 s · must start within 10 min of the last approval · 2 of 50 debug containers used in this pod',
    'output  to this thread, for everybody in #C0INC42',
    'checked  dry run admitted · Pod Security: none enforced',
    expect.stringMatching(/^plan {2}([0-9a-f]{4} ){3}[0-9a-f]{4}$/) as string,
    'expires at 09:08 UTC',
    'cc @U0BOB, @U0CAROL',
    'kd-8fk20000',
    '[ Approve ]', '[ Deny… ]', '[ Details ]', '[ Withdraw ]',
  ],
  queued: [
    '*▶️ About to run*',
    '@U0ALICE asks to run in prod / api-7f9c4d8b6-x2k9p (cluster main, container api, node eu-3, pod uid 4f1c0000…)',
    approved, 'runs no later than 09:04 UTC', '1  ss', '2  -tlnp',
    ...Array.from({ length: 6 }, () => expect.any(String) as string),
    'kd-8fk20000', '[ Cancel ]', '[ Details ]',
  ],
  running: ['*▶️ Running*', RAN.replace('%s', 'runs'), approved, 'cannot be stopped from here: this cluster does not permit it. Ends by itself at 09:05 UTC at the latest', 'kd-8fk20000', '[ Details ]'],
  finished: ['*✅ Finished: exit code 0 in under 1 s*', RAN.replace('%s', 'ran'), approved, 'kd-8fk20000'],
  refused: ['*⛔ Refused*', RAN.replace('%s', 'asked to run'), 'No rule allows this, so it is refused. Ask the people who keep the rules of kdebug, or try another namespace, image or preset.', 'kd-8fk20000'],
  denied: ['*🚫 Denied*', RAN.replace('%s', 'asked to run'), 'denied by @U0BOB: not now', 'kd-8fk20000'],
  withdrawn: ['*↩️ Withdrawn*', RAN.replace('%s', 'asked to run'), '@U0ALICE took it back', 'kd-8fk20000'],
  cancelled: ['*🚫 Cancelled before it started*', RAN.replace('%s', 'asked to run'), 'cancelled by @U0ALICE', 'kd-8fk20000'],
  expired: ['*⌛ Expired*', RAN.replace('%s', 'asked to run'), 'It did not run: nobody approved it in time. Ask again if it is still needed.', 'kd-8fk20000', '[ Ask again ]'],
};

describe('the card', () => {
  it.each(Object.entries(EVERY))('of a request that is %s', (state, events) => {
    const message = card(given(...events));
    expect(seen(message)).toEqual(EXPECTED[state as Request['state']]);
    expect(blockProblems(message.blocks as unknown as Json)).toEqual([]);
    expect(message.text.length).toBeGreaterThan(10);
  });

  it('begins with a section in every state, because Slack does not replace a message of rich text alone by another kind', () => {
    expect(Object.values(EVERY).map((events) => card(given(...events)).blocks[0]?.type)).toEqual(Object.keys(EVERY).map(() => 'section'));
  });

  it('carries nothing but the request id in its buttons, and asks again before Approve', () => {
    const actions = card(given(...STATES.awaiting_approval)).blocks.find((block) => block.type === 'actions');
    expect(actions).toMatchObject({
      block_id: 'kdebug.card.actions',
      elements: [
        { action_id: 'kdebug.approve', value: 'kd-8fk20000', confirm: { text: { type: 'plain_text', text: 'Run ss -tlnp in prod / api-7f9c4d8b6-x2k9p?' } } },
        { action_id: 'kdebug.deny', value: 'kd-8fk20000' }, { action_id: 'kdebug.details', value: 'kd-8fk20000' }, { action_id: 'kdebug.withdraw', value: 'kd-8fk20000' },
      ],
    });
  });

  it('offers the pods to choose from with what helps to choose', () => {
    expect(card(given(...EVERY.choosing)).blocks.at(-1)).toMatchObject({
      type: 'actions', block_id: 'kdebug.card.actions',
      elements: [{ type: 'static_select', options: [
        { text: { text: 'api-1', emoji: false }, value: 'kd-8fk20000 0', description: { text: '1/1 · Running · 3 restarts · 3 d old · eu-3' } },
        { text: { text: 'api-2' }, value: 'kd-8fk20000 1', description: { text: '0/1 · CrashLoopBackOff · 1 restart' } },
      ] }],
    });
  });

  it('says the command to those who hear it or read a notification only', () => {
    expect(card(given(...STATES.awaiting_approval)).text).toMatch(/^⏳ Waiting for approval: 1 of 1 needed\. <@U0ALICE> asks to run in prod \/ .* command: ss -tlnp$/);
  });

  it('counts down the approvals that are still needed', () => {
    const lines = seen(card(given(requested, planned, held(2), approvedBy(BOB))));
    expect(lines[0]).toBe('*⏳ Waiting for approval: 1 of 2 needed*');
    expect(lines).toContain('approved so far by @U0BOB');
  });

  it('pings a group only where the rule says so', () => {
    const group = { kind: 'usergroup', id: 'S0SRE' as GroupId } as const;
    const mentioning = (mention: boolean) => seen(card(given(requested, planned, { type: 'held', at: at(2), rule: 'r', hold: { ...hold, approvers: [group], mention }, expiresAt: at(902) })));
    expect(mentioning(true)).toContain('cc @S0SRE');
    expect(mentioning(false).join('\n')).not.toContain('S0SRE');
  });

  it('of a long run says how far it is, and when it ends by itself', () => {
    const running = given(...STATES.running);
    const progress = { runningSince: at(43), at: at(55), lines: 340, bytes: 12 * 1_024 };
    expect(seen(card(running, false, { progress, canStop: true }))).toEqual([
      '*▶️ Running*', RAN.replace('%s', 'runs'), approved, 'running for 12 s · 340 lines, 12 KiB so far', 'ends by itself at 08:55 UTC at the latest', 'kd-8fk20000', '[ Cancel ]', '[ Details ]',
    ]);
    const stopping = card(given(...STATES.running, { type: 'stop_requested', at: at(50), by: BOB }), false, { progress, canStop: true });
    expect(seen(stopping)).toContain('@U0BOB asked to stop it');
    expect(seen(stopping)).not.toContain('[ Cancel ]');
  });

  it('names each of several pods on a line of its own, by uid', () => {
    const targets = ['a', 'b'].map((letter) => ({ ...plan.targets[0]!, pod: `api-${letter}` as PodName, uid: `${letter.repeat(8)}-0000` as PodUid }));
    const lines = seen(card(given(requested, { ...(planned as Extract<RequestEvent, { type: 'planned' }>), plan: { ...plan, targets } }, held())));
    expect(lines.slice(1, 4)).toEqual(['@U0ALICE asks to run in 2 pods:', '• prod / api-a (cluster main, container api, node eu-3, pod uid aaaaaaaa…)', '• prod / api-b (cluster main, container api, node eu-3, pod uid bbbbbbbb…)']);
  });

  it('says of an open gate that the time runs from the request', () => {
    expect(seen(card(given(requested, planned, allowed))).join('\n')).toContain('must start within 10 min of the request');
  });

  it('marks a repeated post', () => {
    expect(seen(card(given(...STATES.awaiting_approval), true))).toContain('kd-8fk20000 (repeat)');
  });
});
