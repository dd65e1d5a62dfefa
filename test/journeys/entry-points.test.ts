/** Every way in, told as a story: the thread, the message, the form, the Home tab, help; and where the card then goes. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestId } from '../../src/domain/names.ts';
import { exampleConfiguration } from '../../src/playground/local/world.ts';
import { renderText } from '../../src/playground/slack/render/conversation.ts';
import { ALICE, APPROVALS, BOB, CAROL, DAVE, INCIDENT, openStage, OPS, OVER, type Stage } from './stage.ts';

const SEEN_WITHIN_MS = 5_000;
const POLL_MS = 20;
const FORM = { cluster: 'kdebug.form.cluster', namespace: 'kdebug.form.namespace', command: 'kdebug.form.command', container: 'kdebug.form.container', timeout: 'kdebug.form.timeout', reason: 'kdebug.form.reason' } as const;
const podIn = (namespace: string): string => `kdebug.form.pod main/${namespace}`;
const choiceIn = (namespace: string): string => `kdebug.form.choice main/${namespace}`;

let stage: Stage;
beforeAll(async () => {
  // the stories are told faster than people type
  stage = await openStage({ transport: 'socket', configuration: exampleConfiguration().replaceAll(/(commands_(?:per_person|per_channel|total)): \d+/g, '$1: 600') });
  await stage.world.start(['start']);
});
afterAll(() => stage.close());

const until = async <Value>(look: () => Value | undefined | false, what: string): Promise<Value> => {
  for (let waited = 0; waited < SEEN_WITHIN_MS; waited += POLL_MS) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    await delay(POLL_MS);
  }
  throw new Error(`Nothing came of it: ${what}`);
};

const people = () => stage.world.slack.people;
const slackWorld = () => stage.world.slack.world;
const words = (value: unknown): string => JSON.stringify(value);

/** The form that comes to this person's screen by what is done, once it has its fields. */
const formAfter = async (user: string, act: () => Promise<unknown>): Promise<{ readonly id: string; readonly text: string }> => {
  const before = slackWorld().views(user).at(-1)?.id;
  await act();
  return until(() => {
    const view = slackWorld().views(user).at(-1);
    return view !== undefined && view.id !== before && words(view.body).includes(FORM.namespace) && { id: view.id, text: words(view.body) };
  }, `a form for ${user}`);
};

const openForm = (user: string, channel = OPS) => formAfter(user, () => people().slash(user, channel, '/kdebug', ''));

const choose = async (user: string, view: string, menu: string, option: string, shows: string, query?: string): Promise<void> => {
  await people().chooseInView(user, view, menu, option, query === undefined ? {} : { query });
  await until(() => words(slackWorld().views(user).at(-1)?.body).includes(shows), `${option} chosen, and ${shows}`);
};

const optionsOf = async (user: string, view: string, menu: string, query: string): Promise<readonly string[]> =>
  (await people().suggest(user, view, menu, query)).map(({ value }) => (typeof value === 'string' ? value : ''));

const errorsOf = (user: string) => slackWorld().views(user).at(-1)?.errors ?? {};

const requestIn = (text: string): RequestId => {
  const id = /kd-[0-9a-z]{8}/.exec(text)?.[0];
  if (id === undefined) throw new Error(`There is no request in: ${text}`);
  return id as RequestId;
};

/** What this person alone was told since. */
const whisperedTo = (user: string, since: number): Promise<string> => until(() => slackWorld().ephemerals(user).slice(since).at(-1)?.text, `a word to ${user}`);

describe('a mention', () => {
  it('in a thread is answered in the thread, and its card and output stand there', async () => {
    const alert = people().say(BOB, OPS, 'api is slow again');
    const since = slackWorld().ephemerals(BOB).length;
    await people().mention(BOB, OPS, 'staging api-5d6f7b8c9-2 -- echo from the thread', alert.ts);
    const id = requestIn(await whisperedTo(BOB, since));
    expect(slackWorld().ephemerals(BOB).at(-1)).toMatchObject({ threadTs: alert.ts });
    await stage.until(id, ['finished']);
    const thread = slackWorld().messages(OPS).find(({ ts }) => ts === alert.ts)?.replies ?? [];
    expect(thread.filter((message) => words(message.blocks).includes(id)).length).toBeGreaterThan(0);
    expect(thread.some((message) => words(message.blocks).includes('from the thread'))).toBe(true);
  });

  it('in code ticks is read as it was typed', async () => {
    const since = slackWorld().ephemerals(BOB).length;
    const ticks = (content: Record<string, unknown>): Record<string, never> => {
      const event = content['event'] as Record<string, unknown>;
      const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U0KDEBUG' }, { type: 'text', text: ' ' }, { type: 'text', text: 'staging api-5d6f7b8c9-2 -- echo a—b "c"', style: { code: true } }] }] }];
      return { ...content, event: { ...event, blocks } } as unknown as Record<string, never>;
    };
    await people().mention(BOB, OPS, 'as Slack would change it', undefined, { tamper: ticks });
    const request = await stage.reached(requestIn(await whisperedTo(BOB, since)), ['finished']);
    expect(request).toMatchObject({ plan: { argv: ['echo', 'a—b', 'c'] } });
  });

  it('with a mistake is whispered in the thread with a caret, and nothing else happens', async () => {
    const alert = people().say(BOB, OPS, 'another one');
    const since = slackWorld().ephemerals(BOB).length;
    await people().mention(BOB, OPS, 'staging api --imag netshoot -- ls', alert.ts);
    expect(await whisperedTo(BOB, since)).toContain('did you mean --image?');
    expect(slackWorld().ephemerals(BOB).at(-1)).toMatchObject({ threadTs: alert.ts });
    expect(words(slackWorld().ephemerals(BOB).at(-1)?.blocks)).toContain('^');
    expect(slackWorld().messages(OPS).find(({ ts }) => ts === alert.ts)?.replies.map(({ user }) => user)).toEqual([BOB]);
  });
});

describe('"Debug from this message"', () => {
  it('finds the pod in an alert, opens the form with it, and the card goes to the thread of the alert', async () => {
    const alert = people().say(ALICE, INCIDENT, 'FIRING: KubePodCrashLooping namespace="staging" pod="api-5d6f7b8c9-2r6zw" (5 restarts)');
    const { id: view, text } = await formAfter(ALICE, () => people().messageShortcut(ALICE, INCIDENT, alert.ts, 'kdebug_from_message'));
    expect(text).toContain('api-5d6f7b8c9-2r6zw');
    await people().submit(ALICE, view, { [FORM.command]: 'echo from the alert' });
    const answer = await until(() => words(slackWorld().views(ALICE).at(-1)?.body).includes('Looking for') && words(slackWorld().views(ALICE).at(-1)?.body), 'an answer in the form');
    const request = await stage.until(requestIn(answer), ['finished']);
    expect(request).toMatchObject({ ask: { command: { namespace: 'staging' }, place: { thread: alert.ts, cardIn: INCIDENT } } });
    expect(slackWorld().messages(INCIDENT).find(({ ts }) => ts === alert.ts)?.replies.some((message) => words(message.blocks).includes('from the alert'))).toBe(true);
  });

  it('of a reply puts the card in the thread that the reply is in', async () => {
    const alert = people().say(ALICE, OPS, 'something is wrong');
    const reply = people().say(BOB, OPS, 'it is prod/web-86d5c9f4b-2r6zw', alert.ts);
    const { text } = await formAfter(ALICE, () => people().messageShortcut(ALICE, OPS, reply.ts, 'kdebug_from_message'));
    expect(text).toContain('web-86d5c9f4b-2r6zw');
    expect(text).toContain(alert.ts);
    expect(text).not.toContain(reply.ts);
  });
});

describe('the form', () => {
  it('opens by /kdebug alone, with good defaults and nothing asked of a cluster', async () => {
    stage.world.cluster.control.resetRequests();
    const { text } = await openForm(ALICE);
    expect(stage.world.cluster.control.requests().filter(({ path }) => path.startsWith('/api'))).toEqual([]);
    for (const part of ['Namespace', 'Pod', 'What to run', 'Command', 'netshoot', 'sockets']) expect(text, part).toContain(part);
    // one cluster need not be chosen
    expect(text).not.toContain(FORM.cluster);
  });

  it('offers namespaces and pods that the rules could let this person reach, and no others', async () => {
    const { id: view } = await openForm(ALICE);
    expect(await optionsOf(ALICE, view, FORM.namespace, '')).toEqual(['prod', 'staging']);
    expect(await optionsOf(ALICE, view, FORM.namespace, 'stag')).toEqual(['staging', 'stag']);
    expect(await optionsOf(ALICE, view, FORM.namespace, 'prod-eu')).toEqual(['prod-eu']);
    expect(await optionsOf(ALICE, view, FORM.namespace, 'kube-system')).toEqual([]);
    await choose(ALICE, view, FORM.namespace, 'prod', podIn('prod'), '');
    const pods = await optionsOf(ALICE, view, podIn('prod'), '');
    expect(pods).toHaveLength(2);
    expect(pods.join(' ')).toMatch(/api-7f9c4d8b6-\w{5} web-86d5c9f4b-\w{5}/);
    expect(await optionsOf(ALICE, view, podIn('prod'), 'we')).toEqual([pods[1], 'we']);
    expect(await optionsOf(ALICE, view, podIn('prod'), 'deploy/api')).toEqual(['deploy/api']);

    const { id: davesView } = await openForm(DAVE);
    expect(await optionsOf(DAVE, davesView, FORM.namespace, '')).toEqual(['prod']);
    expect(await optionsOf(DAVE, davesView, FORM.namespace, 'staging')).toEqual([]);
  });

  it('runs what was filled in, by the same parser and the same intake', async () => {
    const { id: view } = await openForm(BOB);
    await choose(BOB, view, FORM.namespace, 'staging', podIn('staging'), '');
    const [pod = ''] = await optionsOf(BOB, view, podIn('staging'), 'api-');
    await people().submit(BOB, view, { [podIn('staging')]: pod, [FORM.command]: 'echo "two words" $HOME', [FORM.timeout]: '20s', [FORM.reason]: "it's slow" });
    const request = await stage.reached(requestIn(words(slackWorld().views(BOB).at(-1)?.body)), ['finished']);
    expect(request).toMatchObject({ plan: { argv: ['echo', 'two words', '$HOME'], timeoutMs: 20_000, targets: [{ pod }] }, ask: { command: { options: { reason: "it's slow" } } } });
  });

  it('asks for the parameters of a preset instead of a command', async () => {
    const { id: view } = await openForm(ALICE);
    await choose(ALICE, view, FORM.namespace, 'prod', podIn('prod'), '');
    await choose(ALICE, view, choiceIn('prod'), 'preset dns', 'kdebug.form.set dns name');
    expect(words(slackWorld().views(ALICE).at(-1)?.body)).not.toContain(FORM.command);
    await people().submit(ALICE, view, { [podIn('prod')]: 'web', 'kdebug.form.set dns name': '-x evil' });
    expect(errorsOf(ALICE)['kdebug.form.set dns name']).toMatch(/never begins with -/);
    await people().submit(ALICE, view, { [podIn('prod')]: 'web', 'kdebug.form.set dns name': 'example.org' });
    const request = await stage.reached(requestIn(words(slackWorld().views(ALICE).at(-1)?.body)), OVER);
    expect(request).toMatchObject({ ask: { command: { options: { preset: 'dns', set: [['name', 'example.org']] } } }, plan: { argv: ['dig', '+short', 'example.org'] } });
  });

  const mistakes: readonly [string, string, Readonly<Record<string, string>>, RegExp][] = [
    ['a pipe in the command', FORM.command, { [FORM.command]: 'ss | head' }, /sh -c.*|at character 4/],
    ['an unclosed quote', FORM.command, { [FORM.command]: 'echo "x' }, /at character 6/],
    ['a credential', FORM.command, { [FORM.command]: 'curl -H "Authorization: Bearer abcdef0123456789abcdef"' }, /kept and shown/],
    ['a timeout that is none', FORM.timeout, { [FORM.timeout]: 'soon' }, /--timeout/],
    ['a timeout beyond the limit', FORM.timeout, { [FORM.timeout]: '1h' }, /15/],
    ['a container name that cannot be', FORM.container, { [FORM.container]: 'API' }, /container name/],
    ['a pod that cannot be', podIn('staging'), { [podIn('staging')]: 'a_b' }, /pod name.*at character 2/],
  ];
  it.each(mistakes)('shows %s under its field and stays open', async (_what, field, filled, sentence) => {
    const { id: view } = await openForm(CAROL);
    await choose(CAROL, view, FORM.namespace, 'staging', podIn('staging'), '');
    const answer = await people().submit(CAROL, view, { [podIn('staging')]: 'api-5d6f7b8c9-2', [FORM.command]: 'ls', ...filled });
    expect(answer.ok, words(answer)).toBe(true);
    expect(Object.keys(errorsOf(CAROL))).toEqual([field]);
    expect(errorsOf(CAROL)[field]).toMatch(sentence);
  });

  it('shows nothing to a guest but why', async () => {
    await people().slash('U0GUEST', INCIDENT, '/kdebug', '');
    const text = await until(() => (words(slackWorld().views('U0GUEST').at(-1)?.body) ?? '').includes('full members') && 'told', 'why not');
    expect(text).toBe('told');
  });

  it('says under the pod that the cluster does not answer, by taking the name as typed', async () => {
    const { id: view } = await openForm(ALICE);
    await choose(ALICE, view, FORM.namespace, 'staging', podIn('staging'), '');
    const mend = stage.world.cluster.control.inject({ when: ({ method, path }) => method === 'GET' && path.endsWith('/pods'), fault: { kind: 'hang' } });
    const started = performance.now();
    const options = await people().suggest(ALICE, view, podIn('staging'), 'nobody-has-asked-this');
    expect(performance.now() - started).toBeLessThan(2_500);
    expect(options.map((option) => option['value'])).toEqual(['nobody-has-asked-this']);
    expect(words(options)).toContain('did not answer');
    mend();
  });
});

describe('the Home tab', () => {
  it('shows what waits for me, what I asked, and what I may do; it is made when it is opened', async () => {
    const id = await stage.ask(ALICE, INCIDENT, 'prod web -- uptime');
    await stage.until(id, ['awaiting_approval']);
    expect(slackWorld().home(BOB)).toBeUndefined();
    await people().openHome(BOB);
    const bobs = words((await until(() => slackWorld().home(BOB), 'a home for Bob')).body);
    expect(bobs).toMatch(new RegExp(`Waits for your approval.*${id}.*Your open requests`));
    expect(bobs).toContain(`https://acme.slack.com/archives/${INCIDENT}/p${stage.card(id).ts.replace('.', '')}`);
    expect(bobs).toContain('/kdebug help');

    await people().openHome(ALICE);
    const alices = words((await until(() => slackWorld().home(ALICE), 'a home for Alice')).body);
    expect(alices).toMatch(new RegExp(`Waits for your approval.*Nothing.*Your open requests.*${id}.*Your last requests.*${id}`));
    expect(await stage.press(ALICE, id, 'Withdraw')).toBeUndefined();
  });

  it('is not published for another tab, nor for a guest\'s eyes', async () => {
    await people().openHome(CAROL, { tamper: (content) => ({ ...content, event: { ...(content['event'] as object), tab: 'messages' } }) });
    await people().openHome('U0GUEST');
    const guests = words((await until(() => slackWorld().home('U0GUEST'), 'a home for the guest')).body);
    expect(guests).toContain('full members');
    expect(guests).not.toContain('production');
    expect(slackWorld().home(CAROL)).toBeUndefined();
  });
});

describe('help and who one is', () => {
  it('is of what one may do', async () => {
    expect(await stage.slash(BOB, OPS, 'help')).toMatch(/allow @PERSON/);
    expect(await stage.slash(DAVE, OPS, 'help')).not.toMatch(/allow @PERSON|freeze/);
    expect(await stage.slash(DAVE, OPS, 'help approvals')).not.toContain('allow @PERSON');
    const presets = await stage.slash(DAVE, OPS, 'help presets');
    expect(presets).toContain('--preset dns');
  });

  it('whoami says place by place what would happen', async () => {
    const alices = await stage.slash(ALICE, OPS, 'whoami');
    expect(alices).toMatch(/production: .*with the preset sockets or dns: you may run at once .*otherwise needs 1 approval by /s);
    expect(alices).toMatch(/staging: .*with netshoot or busybox: you may run at once/s);
    const daves = await stage.slash(DAVE, OPS, 'whoami');
    expect(daves).toMatch(/production: .*needs 1 approval by /s);
    expect(daves).not.toMatch(/you may run at once/);
  });

  it('names nobody an image or a preset that no rule lets them use', async () => {
    expect(await stage.slash(ALICE, OPS, 'images')).toMatch(/netshoot.*busybox/s);
    expect(await stage.slash('U0GUEST', INCIDENT, 'images')).toMatch(/full members/);
    expect(await stage.slash(ALICE, OPS, 'staging api --image alpine -- ls')).toMatch(/There are: netshoot, busybox/);
  });
});

describe('where the card goes', () => {
  it('from a direct message and from a channel that kdebug is not in: to the approvals channel', async () => {
    await people().openHome(ALICE); // the conversation with the bot is there from now on
    for (const channel of ['D0ALICE', 'C0NOBOT', 'C0PRIVATE']) {
      const id = await stage.ask(ALICE, channel, `prod web -- echo ${channel}`);
      await stage.until(id, ['awaiting_approval']);
      expect(stage.card(id).channel, channel).toBe(APPROVALS);
      expect(await stage.press(ALICE, id, 'Withdraw')).toBeUndefined();
    }
  });

  it('in a channel that another organisation reads: nowhere, and the cluster is asked nothing', async () => {
    stage.world.cluster.control.resetRequests();
    expect(await stage.slash(ALICE, 'C0SHARED', 'prod web -- ls')).toMatch(/shared with another organisation/);
    expect(stage.world.cluster.control.requests().filter(({ path }) => path.startsWith('/api'))).toEqual([]);
  });

  it('with the approvals channel archived: refused, with how to invite kdebug', async () => {
    slackWorld().changeChannel(APPROVALS, { archived: true });
    // what Slack said of a channel is remembered for a moment, so Dave, whom no rule lets into staging, asks: either way nothing runs
    expect(await stage.slash(DAVE, 'C0NOBOT', 'staging api -- echo archived')).toMatch(/\/invite @kdebug|no rule/i);
    slackWorld().changeChannel(APPROVALS, { archived: false });
  });
});

describe('what failed can be asked another way with one press', () => {
  it('a profile that Pod Security refuses: with the weakest one, in the name of whoever presses', async () => {
    const id = await stage.ask(ALICE, OPS, 'locked vault-0 --image busybox --profile general -- id');
    await stage.until(id, ['refused']);
    expect(stage.sees(OPS)).toContain('[ Run with --profile restricted ]');
    const next = requestIn(await stage.press(CAROL, id, 'Run with --profile restricted') ?? '');
    const request = await stage.reached(next, OVER);
    expect(request).toMatchObject({ state: 'finished', plan: { profile: 'restricted' }, ask: { requester: CAROL, place: { thread: stage.card(id).ts }, command: { argv: ['id'] } } });
    expect(await stage.press(DAVE, id, 'Run with --profile restricted')).toMatch(/no rule/i);
  });

  it('a command that is not in the image: with the default image', async () => {
    const id = await stage.ask(BOB, OPS, 'staging api-5d6f7b8c9-2 --image busybox -- strace -V');
    await stage.until(id, ['finished']);
    const result = await until(() => slackWorld().messages(OPS).find(({ ts }) => ts === stage.card(id).ts)?.replies.find((reply) => words(reply.blocks).includes('Run with netshoot')), 'a button below the result');
    const since = slackWorld().ephemerals(BOB).length;
    await people().press(BOB, OPS, result.ts, 'Run with netshoot');
    const request = await stage.reached(requestIn(await whisperedTo(BOB, since)), OVER);
    expect(request).toMatchObject({ plan: { image: 'netshoot', argv: ['strace', '-V'] } });
  });
});

it('nobody saw a mention, a link or a name that kdebug did not mean', () => {
  expect(renderText(slackWorld() as never, OPS)).not.toContain('undefined');
});
