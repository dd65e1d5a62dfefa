/** `--dry-run`: everything is checked that would be checked, and nothing runs. */
import { describe, expect, it } from 'vitest';
import { BOB } from '../fixtures/requests.ts';
import { approve, ask, codeOf, refusalOf, stateOf, type, workAll } from './stories.ts';
import { createWorld, DAVE } from './world.ts';

const HELD = 'prod api-7f9 --image netshoot --dry-run -- ss -tlnp';
const OPEN = 'staging api-7f9 --image netshoot --dry-run -- ss -tlnp';

describe('a command that is only checked', () => {
  it.each([
    ['would wait for an approval', HELD, { gate: 'held', rule: 'production needs one other person', hold: { needed: 1 } }],
    ['would run at once', OPEN, { gate: 'open', rule: 'everywhere else is open to the engineers' }],
  ])('%s: it is planned, tried by the cluster, held against the rules, and over', async (_name, text, gate) => {
    const world = createWorld();
    const id = await ask(world, text);
    await workAll(world);
    expect(world.request(id)).toMatchObject({ state: 'checked', gate });
    expect(world.events(id)).toEqual(['requested', 'planned', 'checked']);
    expect(world.kubernetes.calls).toEqual(['find', 'dryRun']);
    expect(world.slack.said.map(({ kind, of }) => `${kind} ${of}`)).toEqual(['card checked']);
  });
  it('is refused by a rule as it would be', async () => {
    expect(codeOf(await type(createWorld(), 'kube-system api-7f9 --image netshoot --dry-run -- ss'))).toBe('rule');
  });
  it('says why the cluster would not have it', async () => {
    const world = createWorld();
    world.kubernetes.script.dryRun.push({ kind: 'failure', failure: { code: 'admission', detail: 'no' } });
    const id = await ask(world, OPEN);
    await workAll(world);
    expect(refusalOf(world, id)).toMatchObject({ code: 'not_planned', failure: { code: 'admission' } });
  });
  it('breaks no glass, and is approved by nobody', async () => {
    const world = createWorld();
    const id = await ask(world, 'prod api-7f9 --image netshoot --dry-run --break-glass --reason "INC-1 burns" -- ss -tlnp', { user: DAVE });
    await workAll(world);
    expect(world.events(id)).toEqual(['requested', 'planned', 'checked']);
    expect(codeOf(await approve(world, id, BOB))).toBe('already_decided');
    expect([stateOf(world, id), world.kubernetes.calls.includes('add')]).toEqual(['checked', false]);
  });
  it('does not stand in the way of the same without --dry-run', async () => {
    const world = createWorld();
    await ask(world, OPEN);
    await workAll(world);
    const id = await ask(world, OPEN.replace(' --dry-run', ''));
    await workAll(world);
    expect(stateOf(world, id)).toBe('finished');
  });
});
