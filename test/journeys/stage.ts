/** The hands and eyes of the journeys: a local world, people who act in it, and what they then see. */
import { setTimeout as delay } from 'node:timers/promises';
import { watchProgress, type Progress } from '../../src/playground/local/progress.ts';
import { startLocalWorld, type LocalWorld, type LocalWorldOptions } from '../../src/playground/local/world.ts';
import { renderText } from '../../src/playground/slack/render/conversation.ts';
import { parseRequestId, type RequestId } from '../../src/domain/names.ts';
import type { Request } from '../../src/domain/request-states.ts';

export const [ALICE, BOB, CAROL, DAVE] = ['U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAVE'] as const;
export const [INCIDENT, OPS, AUDIT, APPROVALS] = ['C0INC42', 'C0OPS', 'C0AUDIT', 'C0APPROVALS'] as const;
export const OVER = ['finished', 'refused', 'denied', 'withdrawn', 'cancelled', 'expired'] as const;

export interface Stage {
  readonly world: LocalWorld;
  readonly progress: Progress;
  /** Types a slash command; answers with what the person alone reads. */
  slash(user: string, channel: string, text: string): Promise<string>;
  /** Types one that is accepted; answers with its request. */
  ask(user: string, channel: string, text: string): Promise<RequestId>;
  until(id: RequestId, states: readonly Request['state'][]): Promise<Request>;
  /** The same, but for Slack's sake nobody waits. */
  reached(id: RequestId, states: readonly Request['state'][]): Promise<Request>;
  /** Presses a button of the request's card; answers with what the person alone reads of it, if anything. */
  press(user: string, id: RequestId, button: string): Promise<string | undefined>;
  card(id: RequestId): { readonly channel: string; readonly ts: string; readonly text: string };
  /** What is on this person's screen, once it is. */
  view(user: string): Promise<string>;
  /** The channel as everybody in it sees it. */
  sees(channel: string, viewer?: string): string;
  close(): Promise<void>;
}

const STATE_WITHIN_MS = 25_000;
const TOLD_WITHIN_MS = 3_000;
const POLL_MS = 20;

export const openStage = async (options: Partial<LocalWorldOptions> = {}): Promise<Stage> => {
  const world = await startLocalWorld({ pace: 'at once', slack: { clockScale: 20 }, ...options });
  const progress = { current: undefined as Progress | undefined };
  const slack = world.slack;
  const progressNow = async (): Promise<Progress> => (progress.current ??= await watchProgress(world));

  const slash = async (user: string, channel: string, text: string): Promise<string> => {
    const before = slack.world.ephemerals(user).length;
    const outcome = await slack.people.slash(user, channel, '/kdebug', text);
    if (!outcome.ok) throw new Error(`Slack told ${user}: ${outcome.error} (${outcome.detail})`);
    return slack.world.ephemerals(user).slice(before).map((ephemeral) => ephemeral.text).join('\n');
  };
  const card = (id: RequestId) => {
    // the audit channel names every request, and has no card of any
    for (const channel of slack.world.channels().filter((one) => one.id !== AUDIT)) {
      const message = slack.world.messages(channel.id).find((one) => JSON.stringify(one.blocks).includes(id));
      if (message) return { channel: channel.id, ts: message.ts, text: message.text };
    }
    throw new Error(`There is no card of ${id} in any channel.`);
  };

  return {
    world, slash, card,
    get progress() { return progress.current ?? (() => { throw new Error('nothing was asked yet'); })(); },
    ask: async (user, channel, text) => {
      const said = await slash(user, channel, text);
      const id = parseRequestId(/kd-[0-9a-z]{8}/.exec(said)?.[0]);
      if (!id) throw new Error(`This was not accepted: ${text}\n${said}`);
      return id;
    },
    until: async (id, states) => (await progressNow()).until(id, states, STATE_WITHIN_MS),
    reached: async (id, states) => (await progressNow()).reached(id, states, STATE_WITHIN_MS),
    press: async (user, id, button) => {
      const before = slack.world.ephemerals(user).length;
      const version = (await (await progressNow()).request(id)).version;
      const { channel, ts } = card(id);
      await slack.people.press(user, channel, ts, button, button === 'Approve' ? { confirm: true } : {});
      for (let waited = 0; waited < TOLD_WITHIN_MS; waited += POLL_MS) {
        const told = slack.world.ephemerals(user).slice(before).at(-1)?.text;
        if (told !== undefined) return told;
        if ((await (await progressNow()).request(id)).version > version) return undefined;
        await delay(POLL_MS);
      }
      throw new Error(`${user} pressed ${button} on ${id}, and nothing came of it.`);
    },
    view: async (user) => {
      for (let waited = 0; waited < TOLD_WITHIN_MS; waited += POLL_MS) {
        const view = slack.world.views(user).at(-1);
        if (view) return view.id;
        await delay(POLL_MS);
      }
      throw new Error(`Nothing opened on the screen of ${user}.`);
    },
    sees: (channel, viewer) => renderText(slack.world, channel, viewer === undefined ? {} : { viewer }),
    close: async () => { progress.current?.close(); await world.close(); },
  };
};
