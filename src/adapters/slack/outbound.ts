/** The only file that writes to Slack. What it is given is checked here first, so that Slack never has to refuse it. */
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Sent } from '../../app/chat-port.ts';
import type { Budget, BudgetUse } from '../../app/budget-port.ts';
import { parseChannelId, parseMessageTs, type ChannelId, type MessageTs, type UserId } from '../../domain/names.ts';
import type { Clients } from './clients.ts';
import { BLOCKS_MAX, HOME_EVERY_MS, HOMES_BURST, HOMES_EVERY_MS, MESSAGE_CHARS_MAX, POST_BURST, POST_EVERY_MS, RETRY_SOON_MS, TEXT_BYTES_MAX, UPDATE_BURST, UPDATE_EVERY_MS, UPDATE_SAME_MESSAGE_EVERY_MS } from './limits.ts';
import { countedCharacters } from './render/count.ts';
import { bytesOf } from './render/escape.ts';
import type { Message } from './render/rich.ts';
import { notSent } from './sent.ts';

export interface Thread {
  readonly channel: ChannelId;
  readonly thread?: MessageTs;
  /** Whose message it is: while the channel's budget is spent he has a slot reserved. Absent: the thread's. */
  readonly holder?: string;
}

export interface Outbound {
  post(message: Message, to: Thread, by?: 'output' | 'audit'): Promise<Sent>;
  /** As a direct message to one person; the answer names the conversation. */
  direct(message: Message, person: UserId): Promise<Sent>;
  /** Repeating an update is safe, so its answer is never `uncertain`. */
  update(message: Message, at: { readonly channel: ChannelId; readonly ts: MessageTs }): Promise<Sent>;
  /** True when Slack took it; whether the person saw it is not known. */
  whisper(message: Message, to: Thread & { readonly user: UserId }): Promise<boolean>;
  /** The id of the view; must be called within 3 s of the click. Rejects when Slack does not open it. */
  openView(trigger: string, view: ModalView): Promise<string>;
  /** With `hash` only if nobody has changed it since. Rejects when Slack does not take it. */
  updateView(id: string, view: ModalView, hash?: string): Promise<void>;
  /** False: it was published a moment ago. Rejects when Slack does not take it. */
  publishHome(user: UserId, view: HomeView): Promise<boolean>;
}

/** How JSON writes half an emoji (a lone surrogate); in words of somebody's own it costs a needless look. */
const HALF = /\\ud[89a-f]/;

/** Half an emoji would throw URIError deep in Slack's client; every string on the way out is made whole. */
const wellFormed = <Value>(value: Value): Value => (HALF.test(JSON.stringify(value)) ? madeWhole(value) : value);

const madeWhole = <Value>(value: Value): Value => {
  if (typeof value === 'string') return value.toWellFormed() as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => madeWhole(item)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, madeWhole(member as unknown)])) as Value;
};

const whyNot = ({ text, blocks }: Message): string | undefined => {
  if (text === '' || bytesOf(text) > TEXT_BYTES_MAX) return `our own mistake: the text has ${bytesOf(text)} bytes`;
  if (blocks.length === 0 || blocks.length > BLOCKS_MAX) return `our own mistake: the message has ${blocks.length} blocks`;
  const characters = countedCharacters(blocks);
  return characters > MESSAGE_CHARS_MAX ? `our own mistake: the message has ${characters} characters` : undefined;
};

/** Never a link, a name or a picture made of plain words; `link_names` stays absent. */
const literally = ({ text, blocks }: Message): { text: string; blocks: KnownBlock[]; parse: 'none' } =>
  ({ text: wellFormed(text), blocks: wellFormed([...blocks]), parse: 'none' });

const QUIET = { unfurl_links: false, unfurl_media: false } as const;

/** A budget that cannot be asked is spent. */
const waitFor = async (budget: Budget, uses: readonly BudgetUse[]): Promise<number> => {
  try {
    return (await budget.take(uses))?.afterMs ?? 0;
  } catch {
    return RETRY_SOON_MS;
  }
};

const postTo = (place: ChannelId | UserId, holder?: string): readonly BudgetUse[] => [{ key: `post:${place}`, perMs: POST_EVERY_MS, burst: POST_BURST, holder }];
const updateOf = (message: string): readonly BudgetUse[] => [
  { key: 'update', perMs: UPDATE_EVERY_MS, burst: UPDATE_BURST, holder: message }, { key: `update:${message}`, perMs: UPDATE_SAME_MESSAGE_EVERY_MS, burst: 1 },
];
const publishTo = (user: UserId): readonly BudgetUse[] => [{ key: `home:${user}`, perMs: HOME_EVERY_MS, burst: 1 }, { key: 'home', perMs: HOMES_EVERY_MS, burst: HOMES_BURST }];

type Call = () => Promise<{ ts?: string | undefined; channel?: string | undefined }>;

const attempt = async (call: Call): Promise<Sent> => {
  try {
    const answer = await call();
    const [ts, channel] = [parseMessageTs(answer.ts), parseChannelId(answer.channel)];
    // an answer without a time stamp is no answer to what we asked
    return ts === undefined ? { kind: 'uncertain' } : { kind: 'sent', ts, ...(channel !== undefined && { channel }) };
  } catch (error) {
    return notSent(error);
  }
};

const guarded = async (message: Message, budget: Budget, uses: readonly BudgetUse[], call: Call): Promise<Sent> => {
  const why = whyNot(message);
  if (why !== undefined) return { kind: 'never', why };
  const waitMs = await waitFor(budget, uses);
  return waitMs > 0 ? { kind: 'later', afterMs: waitMs } : attempt(call);
};

const whisper = async (client: WebClient, message: Message, { user, channel, thread }: Thread & { readonly user: UserId }): Promise<boolean> => {
  if (whyNot(message) !== undefined) return false;
  try {
    await client.chat.postEphemeral({ user, channel, ...literally(message), ...(thread !== undefined && { thread_ts: thread }) });
    return true;
  } catch {
    return false;
  }
};

const publishHome = async (client: WebClient, budget: Budget, user: UserId, view: HomeView): Promise<boolean> => {
  if (await waitFor(budget, publishTo(user)) > 0) return false;
  await client.views.publish({ user_id: user, view: wellFormed(view) });
  return true;
};

export const createOutbound = (clients: Clients, budget: Budget): Outbound => ({
  post: (message, { channel, thread, holder = thread }, by = 'output') => guarded(message, budget, postTo(channel, holder), () =>
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's, not a window's
    clients[by].chat.postMessage({ channel, ...literally(message), ...QUIET, mrkdwn: false, ...(thread !== undefined && { thread_ts: thread }) })),

  direct: (message, person) => guarded(message, budget, postTo(person), () =>
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's, not a window's
    clients.output.chat.postMessage({ channel: person, ...literally(message), ...QUIET, mrkdwn: false })),

  update: async (message, { channel, ts }) => {
    const sent = await guarded(message, budget, updateOf(`${channel}:${ts}`), () =>
      clients.output.chat.update({ channel, ts, ...literally(message) }));
    return sent.kind === 'uncertain' ? { kind: 'later', afterMs: RETRY_SOON_MS } : sent;
  },

  whisper: (message, to) => whisper(clients.interactive, message, to),

  openView: async (trigger, view) => {
    const opened = await clients.interactive.views.open({ trigger_id: trigger, view: wellFormed(view) });
    return opened.view?.id ?? '';
  },
  updateView: async (id, view, hash = '') => {
    await clients.interactive.views.update({ view_id: id, view: wellFormed(view), ...(hash !== '' && { hash }) });
  },
  publishHome: (user, view) => publishHome(clients.interactive, budget, user, view),
});
