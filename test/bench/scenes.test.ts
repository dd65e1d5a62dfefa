import { describe, expect, it } from 'vitest';
import { typedIn } from '../../bench/load/typed.ts';
import { linesOf, SCENARIO_NAMES, SCENES, type Scene } from '../../bench/scenarios.ts';
import { answerOf } from '../../bench/world/answer.ts';
import { channelsOf, configurationOf, peopleOf, podsOf, workspaceOf } from '../../bench/world/workspace.ts';
import { settingsOf } from '../config/base.ts';
import { buildContainer } from '../../src/adapters/kubernetes/build.ts';
import { parseCommand } from '../../src/domain/command/parse.ts';
import { parseChannelId, parsePodName, parseUserId, type RequestId } from '../../src/domain/names.ts';
import { EPHEMERAL_CONTAINERS_WARN } from '../../src/domain/limits.ts';
import type { Image } from '../../src/domain/catalogue.ts';

const ALL: readonly (readonly [string, Scene])[] = Object.entries(SCENES);

describe.each(ALL)('%s', (_name, scene) => {
  it('has a configuration that kdebug accepts, with the limits it prints', () => {
    const settings = settingsOf(configurationOf(scene));
    expect(settings.limits).toMatchObject({ pendingPerPerson: scene.pendingPerPerson, runsPerCluster: scene.runsPerCluster });
    expect(settings.redis.durability).toBe(scene.durability === 'keeps nothing' ? 'none' : 'required');
  });

  it('names people, channels and pods as Slack and Kubernetes do, each once', () => {
    const kinds: readonly (readonly [readonly string[], (text: unknown) => unknown, number])[] = [
      [peopleOf(scene), parseUserId, scene.people], [channelsOf(scene), parseChannelId, scene.channels], [podsOf(scene), parsePodName, scene.pods],
    ];
    for (const [names, parse, count] of kinds) {
      expect(names.map((name) => parse(name))).toEqual(names);
      expect(new Set(names).size).toBe(count);
    }
  });

  it('lets the bot and everybody into every channel that is typed in', () => {
    const seed = workspaceOf(scene);
    const typed = seed.channels.filter((channel) => channelsOf(scene).includes(channel.id));
    expect(typed).toHaveLength(scene.channels);
    for (const channel of typed) expect(channel.members).toEqual(expect.arrayContaining([seed.app.botUserId, ...peopleOf(scene)]));
  });

  it('types what kdebug understands, no text twice', () => {
    const texts = Array.from({ length: 1_250 }, (_, index) => typedIn(scene, index, '-- answer 0').text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(parseCommand(texts[7] ?? '')).toMatchObject({ ok: true, command: { kind: 'run', namespace: scene.gate, argv: ['answer', '0', 'n7'] } });
  });
});

it('a thousand runs stay below the number of debug containers that a pod is warned of', () => {
  expect(1_000 / SCENES.runs.pods).toBeLessThan(EPHEMERAL_CONTAINERS_WARN);
});

it('every scenario says in words what it does', () => {
  for (const name of SCENARIO_NAMES) expect(linesOf(name)[0]).toMatch(new RegExp(`^${name}: .{20,}`));
});

it('the answer waits as long as the command says, behind the wrapper that kdebug builds', () => {
  const image = { name: 'answer', ref: 'bench.local/answer:1', isDefault: true, shell: true } as Image;
  const built = buildContainer({ image, profile: 'general', argv: ['answer', '1500', 'n1'], env: [], target: null, timeoutMs: 60_000, marker: 'kd-00000000' as RequestId });
  expect(answerOf(built.command.toSpliced(4, 0, '1700000000'))).toMatchObject({ exitCode: 0, afterMs: 1_500 });
});
