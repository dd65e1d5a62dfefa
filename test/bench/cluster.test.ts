import { describe, expect, it } from 'vitest';
import { ENDLESS, ONE_LINE } from '../../bench/cluster/flat.ts';
import { counted } from '../../bench/cluster/outcomes.ts';
import { skippedIn } from '../../bench/cluster/quiet.ts';
import { CLUSTER_SCENES } from '../../bench/cluster/scenes.ts';
import { typedIn } from '../../bench/load/typed.ts';
import { sceneLines } from '../../bench/scenarios.ts';
import { configurationOf } from '../../bench/world/workspace.ts';
import { settingsOf } from '../config/base.ts';
import { parseCommand } from '../../src/domain/command/parse.ts';

describe.each(Object.entries(CLUSTER_SCENES))('%s', (name, scene) => {
  it('has a configuration that kdebug accepts, with the limits it prints', () => {
    expect(settingsOf(configurationOf(scene)).limits).toMatchObject({ pendingPerPerson: scene.pendingPerPerson, runsPerCluster: scene.runsPerCluster });
    expect(sceneLines(name, scene).join('\n')).toContain(`${scene.runsPerCluster} runs a cluster`);
  });
});

it('the endless commands are what kdebug understands of them', () => {
  expect(parseCommand(typedIn(CLUSTER_SCENES.flat, 0, ENDLESS).text)).toMatchObject({ ok: true, command: { argv: ['yes', ...'a line of output that never ends n0'.split(' ')], options: { timeoutMs: 60_000 } } });
  expect(parseCommand(typedIn(CLUSTER_SCENES.flat, 0, ONE_LINE).text)).toMatchObject({ ok: true, command: { argv: ['sh', '-c', 'head -c 1073741824 /dev/zero | tr "\\0" x', 'n0'] } });
});

it('what needs a real cluster is skipped by name without one', () => {
  expect(skippedIn(undefined).join('\n')).toMatch(/KUBECONFIG[\s\S]*kubectl debug --attach/);
});

it('outcomes are counted by kind', () => {
  expect(counted(['exited 0', 'timed_out', 'exited 0'])).toBe('2 × exited 0, 1 × timed_out');
});
