/** The form, its type-ahead, the message shortcut and the Home tab over both transports, the use cases played. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FormChoices } from '../../../src/app/entry-port.ts';
import { readFormState, writeFormState } from '../../../src/adapters/slack/render/form-state.ts';
import type { ClusterName, ImageName, MessageTs, Namespace, PodName, PresetName } from '../../../src/domain/names.ts';
import { ID, INCIDENT, runCommand } from '../../fixtures/requests.ts';
import { openWorkspace, type Mode, type Workspace } from './workspace.ts';

const MAIN = 'main' as ClusterName;
const CHOICES: FormChoices = {
  cluster: MAIN, clusters: [MAIN, 'eu' as ClusterName], namespace: 'prod' as Namespace, namespaces: ['prod' as Namespace],
  images: [{ name: 'netshoot' as ImageName, isDefault: true }], presets: [{ name: 'dns' as PresetName, parameters: [{ name: 'name', pattern: '.*' }] }], timeoutDefaultMs: 60_000, timeoutMaxMs: 900_000,
};
const POD = 'kdebug.form.pod main/prod';
const COMMAND = 'kdebug.form.command';

describe.each<Mode>(['socket', 'http'])('over %s', (mode) => {
  let workspace: Workspace;
  beforeAll(async () => { workspace = await openWorkspace(mode); });
  beforeEach(() => { workspace.played.form = () => Promise.resolve({ kind: 'form', choices: CHOICES }); });
  afterAll(() => workspace.close());

  const opened = async (): Promise<string> => {
    const { people, world } = workspace.slack;
    const before = world.views('U0ALICE').at(-1)?.id;
    expect(await people.slash('U0ALICE', 'C0INC42', '/kdebug', '  ')).toMatchObject({ ok: true });
    return vi.waitFor(() => {
      const view = world.views('U0ALICE').at(-1);
      if (view === undefined || view.id === before || !JSON.stringify(view.body).includes(COMMAND)) throw new Error('not yet');
      return view.id;
    }, { timeout: 3_000, interval: 10 });
  };
  const view = () => workspace.slack.world.views('U0ALICE').at(-1);

  it('opens before anything is looked up', async () => {
    workspace.played.form = async () => { await new Promise((resolve) => { setTimeout(resolve, 500); }); return { kind: 'form', choices: CHOICES }; };
    void workspace.slack.people.slash('U0ALICE', 'C0INC42', '/kdebug', '');
    await vi.waitFor(() => { expect(JSON.stringify(view()?.body)).toContain('Reading what you may run'); }, { timeout: 400, interval: 5 });
  });

  it('sends what was filled in as one text, in the channel where it was opened', async () => {
    workspace.played.command = () => Promise.resolve({ kind: 'accepted', request: ID, command: runCommand('prod api -- ls'), normalised: [] });
    await workspace.slack.people.submit('U0ALICE', await opened(), { [POD]: 'api-7f9', [COMMAND]: 'ss —tlnp' });
    expect(workspace.heard.commands.slice(-1)).toMatchObject([{ text: 'main/prod api-7f9 --image=netshoot -- ss —tlnp', source: 'form', channel: 'C0INC42', escaped: false }]);
    expect(JSON.stringify(view()?.body)).toContain('Looking for');
  });

  it.each<readonly [string, Parameters<Workspace['played']['command']>[0] extends never ? never : Awaited<ReturnType<Workspace['played']['command']>>, string, RegExp]>([
    ['a mistake in the command', { kind: 'unparsed', text: '', error: { message: 'A pipe needs a shell.', offset: 'main/prod api --image=netshoot -- ss '.length, hint: "-- sh -c '…'" } }, COMMAND, /A pipe needs a shell. \(at character 4\) Try: -- sh -c/],
    ['a refusal by a rule', { kind: 'refused', refusal: { code: 'no_rule' } }, 'kdebug.form.namespace', /No rule allows this/],
    ['a reason that is missing', { kind: 'refused', refusal: { code: 'reason_missing', rule: 'two' } }, 'kdebug.form.reason', /wants a reason/],
    ['Redis away', { kind: 'unavailable' }, 'kdebug.form.namespace', /could not save/],
  ])('shows %s under the field and stays open', async (_what, answered, field, sentence) => {
    workspace.played.command = () => Promise.resolve(answered);
    const id = await opened();
    const outcome = await workspace.slack.people.submit('U0ALICE', id, { [POD]: 'api', [COMMAND]: 'ss | x' });
    expect(outcome.ok, JSON.stringify(outcome)).toBe(true);
    expect(view()?.id).toBe(id);
    expect(Object.keys(view()?.errors ?? {})).toEqual([field]);
    expect(view()?.errors[field]).toMatch(sentence);
  });

  it('says that it does not know when saving takes too long, and the truth later, alone', async () => {
    workspace.played.command = async () => { await new Promise((resolve) => { setTimeout(resolve, 1_900); }); return { kind: 'unavailable' }; };
    const before = workspace.slack.world.ephemerals('U0ALICE').length;
    await workspace.slack.people.submit('U0ALICE', await opened(), { [POD]: 'api', [COMMAND]: 'ls' });
    expect(JSON.stringify(view()?.body)).toContain('I do not know yet');
    await vi.waitFor(() => { expect(workspace.slack.world.ephemerals('U0ALICE').slice(before).at(-1)?.text).toContain('nothing will run'); }, { timeout: 2_000, interval: 20 });
  });

  it('asks for suggestions with what is chosen, and shows them', async () => {
    workspace.played.suggest = () => Promise.resolve({ isBlind: false, suggestions: [{ value: 'api-7f9', kind: 'known', detail: '1/1 Running' }, { value: `a${'-'.repeat(200)}b`, kind: 'typed' }] });
    const options = await workspace.slack.people.suggest('U0ALICE', await opened(), POD, 'ap');
    expect(options).toMatchObject([{ value: 'api-7f9', description: { text: '1/1 Running' } }]);
    expect(workspace.heard.suggests.slice(-1)).toMatchObject([{ of: 'pod', cluster: 'main', namespace: 'prod', typed: 'ap', mentioned: [] }]);
  });

  it('follows the choice of a preset', async () => {
    const id = await opened();
    await workspace.slack.people.chooseInView('U0ALICE', id, 'kdebug.form.choice main/prod', 'preset dns');
    await vi.waitFor(() => { if (!JSON.stringify(view()?.body).includes('kdebug.form.set dns name')) throw new Error('not yet'); }, { timeout: 2_000, interval: 10 });
    expect(JSON.stringify(view()?.body)).not.toContain(COMMAND);
  });

  it('the Home tab is published when it is opened, once a moment', async () => {
    workspace.played.home = () => Promise.resolve({ kind: 'home', open: [], pending: [], history: [], outlooks: [] });
    await workspace.slack.people.openHome('U0ALICE');
    await vi.waitFor(() => { if (workspace.slack.world.home('U0ALICE') === undefined) throw new Error('not yet'); }, { timeout: 2_000, interval: 10 });
    expect(JSON.stringify(workspace.slack.world.home('U0ALICE')?.body)).toContain('How to start');
  });
});

describe('what a form remembers', () => {
  const state = { channel: INCIDENT, thread: '1700000000.000100' as MessageTs, cluster: MAIN, namespace: 'prod' as Namespace, choice: 'image netshoot', mentions: [{ pod: 'api-0' as PodName, namespace: null }] };

  it('comes back as it was, within what Slack keeps', () => {
    expect(readFormState(writeFormState(state))).toEqual(state);
    expect(writeFormState({ ...state, mentions: Array.from({ length: 5 }, () => ({ pod: 'a'.repeat(253) as PodName, namespace: 'n'.repeat(63) as Namespace })) }).length).toBeLessThan(3_000);
  });

  it.each(['', 'null', '{}', '[]', '["X"]', '["C0OPS","no time"', '[{"a":1}]'])('%j is no form of ours', (text) => {
    expect(readFormState(text)).toBeUndefined();
  });

  it('believes only names that can be', () => {
    expect(readFormState('["C0OPS","yesterday","Main!","../x","",[["Pod","x"],["api-0","<@U1>"]]]')).toEqual({ channel: 'C0OPS', mentions: [{ pod: 'api-0', namespace: null }] });
  });
});
