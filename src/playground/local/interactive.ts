import { createInterface } from 'node:readline';
import { renderText, renderView } from '../slack/render/conversation.ts';
import type { World } from '../slack/world/world.ts';
import type { LocalWorld } from './world.ts';

const HELP = `
  alice: /kdebug prod api-7f9 -- ss -tlnp        a slash command, as that person, in the current channel
  alice: @kdebug staging api -- ps               a mention
  bob presses Approve                            a button of the newest message that has it
  bob submits reason=not now                     the form on bob's screen
  in #ops                                        go to another channel
  show                                           the channel again        people · channels · help · quit`;

const SETTLE_MS = 1_500;

interface Scene {
  readonly world: LocalWorld;
  channel: string;
  viewer: string;
}

/** A prompt at which one is any person of the workspace; ends with `quit` or the end of the input. */
export const converse = async (world: LocalWorld): Promise<void> => {
  const scene: Scene = { world, channel: 'C0INC42', viewer: 'U0ALICE' };
  process.stdout.write(`${HELP}\n`);
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '\n> ' });
  lines.prompt();
  for await (const line of lines) {
    if (/^(?:quit|exit)$/.test(line.trim())) break;
    process.stdout.write(`${await answer(scene, line.trim())}\n`);
    lines.prompt();
  }
  lines.close();
};

const answer = async (scene: Scene, line: string): Promise<string> => {
  try {
    for (const [pattern, act] of ACTIONS) {
      const match = pattern.exec(line);
      if (match) return await act(scene, ...match.slice(1) as [string, string, string]);
    }
    return HELP;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

type Act = (scene: Scene, ...words: [string, string, string]) => Promise<string> | string;

const show = async ({ world, channel, viewer }: Scene): Promise<string> => {
  await new Promise((resolve) => { setTimeout(resolve, SETTLE_MS); });
  const view = world.slack.world.views(viewer).at(-1);
  return renderText(world.slack.world, channel, { viewer }) + (view ? `\n${renderView(world.slack.world, view)}` : '');
};

const personCalled = (world: World, name: string): string => {
  const person = world.persons().find((one) => one.name === name || one.id === name);
  if (!person) throw new Error(`There is nobody called ${name}: there are ${world.persons().map((one) => one.name).join(', ')}.`);
  return person.id;
};

const ACTIONS: readonly (readonly [RegExp, Act])[] = [
  [/^(?:show|)$/, (scene) => show(scene)],
  [/^people$/, ({ world }) => world.slack.world.persons().map((one) => `${one.name} (${one.id})`).join('\n')],
  [/^channels$/, ({ world }) => world.slack.world.channels().map((one) => `#${one.name} (${one.id})`).join('\n')],
  [/^in #?(\S+)$/, (scene, name) => {
    const channel = scene.world.slack.world.channels().find((one) => one.name === name || one.id === name);
    if (!channel) throw new Error(`There is no channel ${name}.`);
    scene.channel = channel.id;
    return show(scene);
  }],
  [/^(\w+): ?(\/\w+) ?(.*)$/s, async (scene, name, command, text) => {
    scene.viewer = personCalled(scene.world.slack.world, name);
    await scene.world.slack.people.slash(scene.viewer, scene.channel, command, text);
    return show(scene);
  }],
  [/^(\w+): ?@kdebug (.*)$/s, async (scene, name, text) => {
    scene.viewer = personCalled(scene.world.slack.world, name);
    await scene.world.slack.people.mention(scene.viewer, scene.channel, `<@${scene.world.slack.botUserId}> ${text}`);
    return show(scene);
  }],
  [/^(\w+) presses (.+)$/, async (scene, name, button) => {
    scene.viewer = personCalled(scene.world.slack.world, name);
    const { world } = scene.world.slack;
    const withButton = world.messages(scene.channel).flatMap((message) => [message, ...message.replies])
      .findLast((message) => JSON.stringify(message.blocks).includes(JSON.stringify(button).slice(1, -1)));
    if (!withButton) throw new Error(`No message here has a button ${button}.`);
    await scene.world.slack.people.press(scene.viewer, scene.channel, withButton.ts, button, { confirm: true });
    return show(scene);
  }],
  [/^(\w+) submits ?(\w*)=?(.*)$/, async (scene, name, field, value) => {
    scene.viewer = personCalled(scene.world.slack.world, name);
    const view = scene.world.slack.world.views(scene.viewer).at(-1);
    if (!view) throw new Error(`${name} has no form open.`);
    await scene.world.slack.people.submit(scene.viewer, view.id, field ? { [field]: value } : {});
    return show(scene);
  }],
];
