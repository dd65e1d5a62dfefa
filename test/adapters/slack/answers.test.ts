import { describe, expect, it } from 'vitest';
import { answer, clickAnswer } from '../../../src/adapters/slack/render/answers.ts';
import { denyView, detailsView, readCardRef, writeCardRef } from '../../../src/adapters/slack/render/modals.ts';
import type { Answer } from '../../../src/app/slack-port.ts';
import { parseCommand } from '../../../src/domain/command/parse.ts';
import type { ChannelId, ClusterName, ImageName, ImageRef, MessageTs, PresetName, TeamId } from '../../../src/domain/names.ts';
import { blockProblems } from '../../../src/playground/slack/blocks/blocks.ts';
import { viewProblems } from '../../../src/playground/slack/blocks/views.ts';
import type { Json } from '../../../src/playground/slack/json.ts';
import { ALICE, at, BOB, CAROL, given, ID, runCommand, STATES } from '../../fixtures/requests.ts';
import { seen } from './seen.ts';

const typed = (text: string): Answer => {
  const parsed = parseCommand(text);
  if (!parsed.ok) return { kind: 'unparsed', error: parsed.error, text };
  return { kind: 'accepted', request: ID, command: runCommand(text), normalised: parsed.normalised };
};

describe('what the person who typed reads', () => {
  it('says what is looked for and what was read differently', () => {
    expect(seen(answer(typed('prod api-7f9 —image netshoot — ss -tlnp')))).toEqual(['Looking for api-7f9 in prod… (kd-8fk20000) I read — as --.']);
  });

  it('puts a caret under a mistake', () => {
    expect(seen(answer(typed('prod api --imag netshoot -- ls')))).toEqual([
      '--imag is not an option; did you mean --image?', 'prod api --imag netshoot -- ls', '         ^',
    ]);
  });

  const LINE = { request: ID, state: 'running' as const, requester: ALICE, cluster: 'main' as ClusterName, namespace: 'prod', target: 'api-7f9', argv: ['ss', '-tlnp'], askedAt: at(0) };
  it.each<readonly [string, Answer, readonly string[]]>([
    ['a request asked twice', { kind: 'again', request: ID, state: 'awaiting_approval' }, ['You asked for exactly this a moment ago: kd-8fk20000 stands for both. It is waiting for approval.']],
    ['a queue that is down', { kind: 'unavailable' }, ['I could not save your request, so nothing will run. Try again in a minute.']],
    ['a cancelled request', { kind: 'cancelled', request: ID }, ['kd-8fk20000 is cancelled. It will not run.']],
    ['a missing pod', { kind: 'refused', namespace: 'prod', refusal: { code: 'not_planned', failure: { code: 'pod_not_found', prefix: 'api-7f9', near: [] } } }, ['No pod in prod starts with api-7f9. Check the name and the namespace.']],
    ['images', { kind: 'lines', listing: { of: 'images', images: [{ name: 'netshoot' as ImageName, ref: 'nicolaka/netshoot:v0.13' as ImageRef, isDefault: true, shell: true, description: 'network tools' }] } }, ['netshoot (used when no other is named) nicolaka/netshoot:v0.13: network tools']],
    ['presets', { kind: 'lines', listing: { of: 'presets', presets: [{ name: 'dns' as PresetName, command: ['dig', '{name}'], parameters: [{ name: 'name' }] }] } }, ["dns dig '{name}' with name"]],
    ['no presets', { kind: 'lines', listing: { of: 'presets', presets: [] } }, ['There are no presets that you may use.']],
    ['requests', { kind: 'lines', listing: { of: 'requests', which: 'status', requests: [LINE] } }, ['kd-8fk20000 running · @U0ALICE · main/prod api-7f9 · ss -tlnp · 08:53 UTC']],
    ['no requests', { kind: 'lines', listing: { of: 'requests', which: 'pending', requests: [] } }, ['Nothing waits for approval.']],
    ['who one is', { kind: 'lines', listing: { of: 'whoami', user: ALICE, pending: 1, approves: ['production'], outlooks: [{ environment: 'moon', paths: [] }], allows: [] } }, ['You are @U0ALICE. 1 request of yours is not finished.', 'You approve for: production.', 'moon: no rule lets you in']],
  ])('about %s', (_what, given_, lines) => {
    expect(seen(answer(given_))).toEqual(lines);
  });

  it('says nothing to a delivery that was answered before', () => {
    expect(answer({ kind: 'duplicate' })).toBeUndefined();
  });

  it('shows a card without buttons, for a copy of the card is not the card', () => {
    const message = answer({ kind: 'lines', listing: { of: 'request', request: given(...STATES.awaiting_approval) } });
    expect(message?.blocks.map((block) => block.type)).not.toContain('actions');
    expect(seen(message)).toContain('1  ss');
  });

  it('fits help into a message', () => {
    const message = answer({ kind: 'lines', listing: { of: 'help', mayDecide: true, namespaces: ['prod'], images: ['netshoot'], presets: [] } });
    expect(blockProblems(message?.blocks as unknown as Json)).toEqual([]);
    expect(seen(message).join('\n')).toContain('--image NAME');
  });

  it('of a requester who approves names who can', () => {
    const approvers = [{ kind: 'user', id: BOB }, { kind: 'user', id: CAROL }] as const;
    expect(seen(clickAnswer({ kind: 'refused', refusal: { code: 'own_request', approvers } }))).toEqual(['You asked for this, so somebody else has to approve it: @U0BOB or @U0CAROL.']);
    expect(clickAnswer({ kind: 'done' })).toBeUndefined();
  });
});

describe('the windows', () => {
  const click = { user: BOB, team: 'T0ACME' as TeamId, appId: 'A0KDEBUG', channel: 'C0INC42' as ChannelId, ts: '1760000000.000100' as MessageTs, request: ID, trigger: 't' };

  it('to deny asks why and remembers which card it is for', () => {
    const view = denyView(click);
    expect(viewProblems(view as unknown as Json, 'modal')).toEqual([]);
    expect(readCardRef(view.private_metadata ?? '')).toEqual({ request: ID, channel: click.channel, ts: click.ts });
  });

  it.each(['', 'kd-8fk20000', 'kd-8fk20000 C0INC42 1760000000.000100 more', 'kd-8fk20000 X 1760000000.000100', '__proto__ C0INC42 1.1'])('does not believe %j to name a card', (text) => {
    expect(readCardRef(text)).toBeUndefined();
    expect(writeCardRef(click)).toBe('kd-8fk20000 C0INC42 1760000000.000100');
  });

  it.each(Object.entries(STATES))('with details of a request that is %s', (_state, events) => {
    const view = detailsView({ kind: 'shown', request: given(...events) });
    expect(viewProblems(view as unknown as Json, 'modal')).toEqual([]);
    expect(seen(view as never)[0]).toMatch(/^kd-8fk20000 is /);
  });

  it('shows whole digest, uids and policy version', () => {
    const lines = seen(detailsView({ kind: 'shown', request: given(...STATES.queued) }) as never);
    expect(lines).toContain('pod uid 4f1c0000-0000-4000-8000-000000000001');
    expect(lines).toContain(`policy version ${'a'.repeat(64)}`);
    expect(lines).toContain('approved by: @U0BOB');
  });
});
