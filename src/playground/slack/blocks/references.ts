import { isList, objectsBelow, typeOf, type Json } from '../json.ts';

/** Whom or what a message would notify or link, as Slack reads it: the thing text of strangers must never do. */
export type Reference =
  | { readonly kind: 'person' | 'group' | 'channel'; readonly id: string; readonly where: string }
  | { readonly kind: 'everyone'; readonly range: string; readonly where: string }
  | { readonly kind: 'link'; readonly url: string; readonly label?: string; readonly auto: boolean; readonly where: string };

/** Names that automatic parsing would recognise. */
export interface Directory {
  readonly person: (name: string) => string | undefined;
  readonly group: (handle: string) => string | undefined;
  readonly channel: (name: string) => string | undefined;
}

/** What Slack does with plain words: `links` makes URLs links, `names` makes @name and #channel mentions. */
export interface AutoParse {
  readonly links: boolean;
  readonly names: boolean;
}

const ENTITY = /<([^<>]+)>/g;
const CODE = /```[\s\S]*?```|`[^`\n]+`/g;
const URL = /\bhttps?:\/\/[^\s<>|]+|\bwww\.[^\s<>|]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|sh|co|app)\b(?:\/[^\s<>|]*)?/gi;
const NAME = /(?<![\w@#/])([@#])([\w.-]*\w)/g;
const BROADCASTS = ['here', 'channel', 'everyone'];

const split = (body: string): readonly [string, string | undefined] => {
  const bar = body.indexOf('|');
  return bar === -1 ? [body, undefined] : [body.slice(0, bar), body.slice(bar + 1)];
};

const link = (url: string, label: string | undefined, auto: boolean, where: string): Reference =>
  ({ kind: 'link', url, ...(label === undefined ? {} : { label }), auto, where });

const entity = (body: string, where: string): Reference | undefined => {
  const [target, label] = split(body);
  if (/^@[UWB]/.test(target)) return { kind: 'person', id: target.slice(1), where };
  if (/^#[CG]/.test(target)) return { kind: 'channel', id: target.slice(1), where };
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice('!subteam^'.length), where };
  if (target.startsWith('!date^')) {
    const url = target.split('^')[3];
    return url === undefined ? undefined : link(url, label, false, where);
  }
  if (target.startsWith('!')) return { kind: 'everyone', range: target.slice(1), where };
  return /^(?:https?|mailto|tel|slack|ftp):/i.test(target) ? link(target, label, false, where) : undefined;
};

const named = (sign: string, name: string, directory: Directory, where: string): Reference | undefined => {
  if (sign === '#') {
    const id = directory.channel(name);
    return id === undefined ? undefined : { kind: 'channel', id, where };
  }
  if (BROADCASTS.includes(name)) return { kind: 'everyone', range: name, where };
  const person = directory.person(name);
  if (person !== undefined) return { kind: 'person', id: person, where };
  const group = directory.group(name);
  return group === undefined ? undefined : { kind: 'group', id: group, where };
};

const automatic = (text: string, auto: AutoParse, directory: Directory, where: string): Reference[] => {
  const plain = text.replaceAll(ENTITY, ' ').replaceAll(CODE, ' ');
  const links = auto.links ? [...plain.matchAll(URL)].map((match) => link(match[0], undefined, true, where)) : [];
  const names = auto.names ? [...plain.matchAll(NAME)].map((match) => named(match[1] ?? '', match[2] ?? '', directory, where)) : [];
  return [...links, ...names.filter((name) => name !== undefined)];
};

/** What Slack makes of a text with markup. Entities count even inside code ticks: better one too many than a ping missed. */
export const referencesInText = (text: string, auto: AutoParse, directory: Directory, where: string): Reference[] => [
  ...[...text.matchAll(ENTITY)].map((match) => entity(match[1] ?? '', where)).filter((found) => found !== undefined),
  ...(auto.links || auto.names ? automatic(text, auto, directory, where) : []),
];

const idIn = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const inObject = (object: { readonly [key: string]: Json | undefined }, directory: Directory, where: string): Reference[] => {
  switch (typeOf(object)) {
    case 'mrkdwn': {
      const plainWords = object['verbatim'] !== true;
      return referencesInText(idIn(object['text']), { links: plainWords, names: plainWords }, directory, where);
    }
    case 'markdown': return referencesInText(idIn(object['text']), { links: true, names: true }, directory, where);
    case 'user': return [{ kind: 'person', id: idIn(object['user_id']), where }];
    case 'usergroup': return [{ kind: 'group', id: idIn(object['usergroup_id']), where }];
    case 'channel': return [{ kind: 'channel', id: idIn(object['channel_id']), where }];
    case 'broadcast': return [{ kind: 'everyone', range: idIn(object['range']), where }];
    case 'link': return [link(idIn(object['url']), typeof object['text'] === 'string' ? object['text'] : undefined, false, where)];
    case 'button': return typeof object['url'] === 'string' ? [link(object['url'], undefined, false, where)] : [];
    default: return [];
  }
};

export const referencesInBlocks = (blocks: Json | undefined, directory: Directory): Reference[] => {
  if (!isList(blocks)) return [];
  return [...objectsBelow(blocks, '/blocks')].flatMap(([object, where]) => inObject(object, directory, where));
};
