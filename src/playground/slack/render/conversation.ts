import { objectIn, objectsIn, textIn } from '../json.ts';
import type { Ephemeral, Message, Thread, View } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { blockLines, controlLines, textOrBlocks } from './blocks.ts';
import { channelName, clock, personName, type Reader } from './markup.ts';
import { columns, visible, wrapped } from './width.ts';

export const COLUMNS_MAX = 100;
const BODY_INDENT = '  ';
const THREAD_INDENT = '  │ ';

export interface RenderOptions {
  /** Shows only this person's private messages; absent, everybody's. */
  readonly viewer?: string;
  readonly timeZone?: string;
  readonly width?: number;
}

type Lines = readonly string[];

const sizeText = (bytes: number): string => (bytes < 1_024 ? `${bytes} bytes` : `${(bytes / 1_024).toFixed(1)} KiB`);

const fileLines = ({ world }: Reader, ids: readonly string[]): Lines =>
  world.files().filter((file) => ids.includes(file.id)).map((file) => `📄 ${file.title} (${file.name}, ${sizeText(file.length)})`);

const authorOf = (reader: Reader, message: Message): string => {
  const name = personName(reader, message.user).slice(1);
  return message.appId === undefined ? name : `${name} APP`;
};

const indented = (lines: Lines, indent: string): Lines => lines.map((line) => (indent + line).trimEnd());

const messageLines = (reader: Reader, message: Message, width: number): Lines => {
  const edited = message.editedTs !== undefined && message.appId === undefined ? ' (edited)' : '';
  const inner = width - BODY_INDENT.length;
  const body = [...textOrBlocks(reader, message, inner), ...fileLines(reader, message.fileIds).flatMap((line) => wrapped(line, inner))];
  return [`${authorOf(reader, message)}  ${clock(reader, message.ts)}${edited}`, ...indented(body, BODY_INDENT)];
};

const ephemeralLines = (reader: Reader, ephemeral: Ephemeral, width: number): Lines => {
  const author = ephemeral.via === 'slackbot' ? 'Slackbot' : `${personName(reader, reader.world.botUserId).slice(1)} APP`;
  const body = textOrBlocks(reader, ephemeral, width - BODY_INDENT.length);
  return [`${author}  ${clock(reader, ephemeral.ts)}  · Only ${personName(reader, ephemeral.viewer)} sees`, ...indented(body, BODY_INDENT)];
};

interface Entry {
  readonly ts: string;
  readonly lines: (width: number) => Lines;
}

const byTime = (entries: readonly Entry[]): readonly Entry[] => [...entries].sort((a, b) => (a.ts < b.ts ? -1 : 1));

const threadLines = (reader: Reader, thread: Thread, whispers: readonly Ephemeral[], width: number): Lines => {
  const inner = width - THREAD_INDENT.length;
  const entries = byTime([
    ...thread.replies.map((reply): Entry => ({ ts: reply.ts, lines: (columnsLeft) => messageLines(reader, reply, columnsLeft) })),
    ...whispers.map((whisper): Entry => ({ ts: whisper.ts, lines: (columnsLeft) => ephemeralLines(reader, whisper, columnsLeft) })),
  ]);
  const replies = entries.flatMap((entry, index) => [...(index === 0 ? [] : ['']), ...entry.lines(inner)]);
  return [...messageLines(reader, thread, width), ...(replies.length === 0 ? [] : ['  ╷']), ...indented(replies, THREAD_INDENT)];
};

const whispersIn = (world: World, channelId: string, viewer: string | undefined): readonly Ephemeral[] =>
  (viewer === undefined ? world.persons().map((person) => person.id) : [viewer])
    .flatMap((userId) => world.ephemerals(userId))
    .filter((ephemeral) => ephemeral.channel === channelId);

const titleLine = (title: string, width: number): string => `━━ ${title} ${'━'.repeat(Math.max(0, width - columns(title) - 4))}`;

/** A channel as plain text, as Slack would show it, at most 100 columns wide: for the demo and for failing tests. */
export const renderText = (world: World, channelId: string, { viewer, timeZone = 'UTC', width = COLUMNS_MAX }: RenderOptions = {}): string => {
  const reader: Reader = { world, timeZone };
  const threads = world.messages(channelId);
  const whispers = whispersIn(world, channelId, viewer);
  const parents = new Set(threads.map((thread) => thread.ts));
  const outside = whispers.filter((whisper) => whisper.threadTs === undefined || !parents.has(whisper.threadTs));
  const entries = byTime([
    ...threads.map((thread): Entry => ({ ts: thread.ts, lines: (left) => threadLines(reader, thread, whispers.filter((whisper) => whisper.threadTs === thread.ts), left) })),
    ...outside.map((whisper): Entry => ({ ts: whisper.ts, lines: (left) => ephemeralLines(reader, whisper, left) })),
  ]);
  const dropped = world.droppedMessages(channelId);
  const channel = world.channel(channelId);
  const title = channel?.kind === 'im' ? channel.members.map((member) => personName(reader, member)).join(' and ') : channelName(reader, channelId);
  const gone = dropped === 0 ? [] : ['', `(${dropped} older messages are no longer kept)`];
  return visible([titleLine(title, width), ...gone, ...entries.flatMap((entry) => ['', ...entry.lines(width)]), ''].join('\n'));
};

/** A modal or Home tab as plain text: title, blocks, what was refused, the buttons below. */
export const renderView = (world: World, view: View, { timeZone = 'UTC', width = COLUMNS_MAX }: RenderOptions = {}): string => {
  const reader: Reader = { world, timeZone };
  const refused = (blockId: string | undefined): Lines => (blockId === undefined || view.errors[blockId] === undefined ? [] : wrapped(`! ${view.errors[blockId]}`, width));
  const label = (key: string): string | undefined => textIn(objectIn(view.body, key), 'text');
  const buttons = [label('close') ?? 'Cancel', label('submit')].filter((text) => text !== undefined).map((text) => `[ ${text} ]`);
  return visible([
    titleLine(label('title') ?? 'Home', width), '',
    ...objectsIn(view.body, 'blocks').flatMap((block) => [...blockLines(reader, block, width), ...refused(textIn(block, 'block_id'))]),
    ...(view.type === 'home' ? [] : ['', ...controlLines(buttons, width)]), '',
  ].join('\n'));
};
