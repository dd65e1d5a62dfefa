import type { World } from '../world/world.ts';

/** What rendering must look up: names, and the zone in which times are shown. */
export interface Reader {
  readonly world: Pick<World, 'person' | 'group' | 'channel' | 'files' | 'botUserId'>;
  readonly timeZone: string;
}

const EMOJI: Readonly<Record<string, string>> = {
  white_check_mark: '✅', heavy_check_mark: '✔', x: '❌', no_entry: '⛔', no_entry_sign: '🚫', warning: '⚠️', hourglass: '⌛',
  hourglass_flowing_sand: '⏳', rotating_light: '🚨', lock: '🔒', unlock: '🔓', stopwatch: '⏱️', eyes: '👀', arrow_right: '➡️',
  arrows_counterclockwise: '🔄', page_facing_up: '📄', mag: '🔍', information_source: 'ℹ️', octagonal_sign: '🛑', repeat: '🔁',
};

export const emoji = (name: string): string => EMOJI[name] ?? `:${name}:`;
export const personName = ({ world }: Reader, id: string): string => `@${world.person(id)?.name ?? id}`;
export const groupName = ({ world }: Reader, id: string): string => `@${world.group(id)?.handle ?? id}`;
export const channelName = ({ world }: Reader, id: string): string => `#${world.channel(id)?.name ?? id}`;

const inZone = (seconds: number, zone: string, format: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...format }).format(new Date(seconds * 1_000));

const DATES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  time: { hour: '2-digit', minute: '2-digit' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  date: { day: 'numeric', month: 'long', year: 'numeric' },
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date_short: { day: 'numeric', month: 'short', year: 'numeric' },
  date_long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
};

/** https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export const dateText = ({ timeZone }: Reader, seconds: number, format: string): string =>
  format.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const known = DATES[name.replace('_pretty', '')];
    return known === undefined ? whole : inZone(seconds, timeZone, known);
  });

const unescaped = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const special = (reader: Reader, body: string, label: string | undefined): string => {
  if (body.startsWith('!subteam^')) return groupName(reader, body.slice('!subteam^'.length));
  if (!body.startsWith('!date^')) return `@${body.slice(1)}`;
  const [, seconds = '', format = ''] = body.split('^');
  return /^\d+$/.test(seconds) ? dateText(reader, Number(seconds), format) : (label ?? body);
};

const entityText = (reader: Reader, whole: string, inside: string): string => {
  const bar = inside.indexOf('|');
  const body = bar === -1 ? inside : inside.slice(0, bar);
  const label = bar === -1 ? undefined : inside.slice(bar + 1);
  if (body.startsWith('@')) return personName(reader, body.slice(1));
  if (body.startsWith('#')) return channelName(reader, body.slice(1));
  if (body.startsWith('!')) return special(reader, body, label);
  return /^(?:https?|mailto|tel|slack):/.test(body) ? (label ?? body) : whole;
};

const STYLE = /(?<![\w*_~`])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~`])/g;

/** Emphasis is shown without its marks; what is between code ticks is left as it is. */
const prose = (reader: Reader, text: string): string =>
  text.split(/(`[^`\n]+`)/).map((part, index) => (index % 2 === 1 ? part : part
    .replaceAll(STYLE, '$2')
    .replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) => EMOJI[name] ?? whole))).join('')
    .replaceAll(/<([^<>\n]+)>/g, (whole, inside: string) => entityText(reader, whole, inside));

export type Part = { readonly kind: 'prose' | 'code'; readonly text: string };

/** mrkdwn as people read it: prose, and fenced code apart. */
export const markup = (reader: Reader, text: string): readonly Part[] =>
  text.split(/```\n?([\s\S]*?)```/).map((part, index): Part => (index % 2 === 1
    ? { kind: 'code', text: unescaped(part) }
    : { kind: 'prose', text: unescaped(prose(reader, part)) })).filter(({ text: shown }) => shown.trim() !== '');

export const clock = (reader: Reader, ts: string): string => dateText(reader, Number(ts), '{time_secs}');
