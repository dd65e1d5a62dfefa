/** The commands that run nothing: `status kd-…`, `allow @alice prod 2h preset:dns`, … */

import { type RequestId, type UserId, parseRequestId, parseUserId } from '../names.ts';
import {
  ALLOW_MAX_MS, ALLOW_MIN_MS, ALLOW_SCOPES_MAX, type AllowScope, COMMAND_NAMES, type Command, type CommandName, HELP_TOPICS, isOneOf,
} from './command.ts';
import { boundedDuration } from './duration.ts';
import { type Read, read, shown, wrong } from './mistake.ts';
import { suggest } from './suggest.ts';
import { readPlace } from './target.ts';
import { readImage, readPreset, readReason } from './values.ts';
import { type Word, pieceOf } from './words.ts';

const HELP_WORDS: readonly string[] = ['--help', '-h', '?'];
const PERSON = /^(?:<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>|@?([UW][A-Z0-9]{1,20}))$/;

/** The command that a first word names, if it names one. */
export const commandNamed = (word: string): CommandName | undefined => {
  if (isOneOf(COMMAND_NAMES, word)) return word;
  return HELP_WORDS.includes(word) ? 'help' : undefined;
};

const alone = (name: string, words: readonly Word[], most: number): Read<undefined> => {
  const surplus = words[most];
  if (surplus === undefined) return read(undefined);
  const room = most === 0 ? 'stands alone' : 'takes one word';
  return wrong(`${name} ${room}: take ${shown(surplus.value)} out, or write CLUSTER/${name} for a namespace of that name.`, surplus.start);
};

const readHelp = (words: readonly Word[]): Read<Command> => {
  const rest = alone('help', words, 1);
  if (!rest.ok) return rest;
  const [topic] = words;
  if (topic === undefined) return read({ kind: 'help' });
  return isOneOf(HELP_TOPICS, topic.value)
    ? read({ kind: 'help', topic: topic.value })
    : wrong(`There is no help on ${shown(topic.value)}; there is on ${HELP_TOPICS.join(', ')}.`, topic.start, suggest(topic.value, HELP_TOPICS));
};

const readId = (name: string, words: readonly Word[], end: number): Read<RequestId> => {
  const rest = alone(name, words, 1);
  if (!rest.ok) return rest;
  const [word] = words;
  if (word === undefined) return wrong(`${name} needs the request's id: ${name} kd-….`, end, `${name} ID`);
  const id = parseRequestId(word.value);
  return id === undefined
    ? wrong(`${shown(word.value)} is not a request's id: those look like kd-8fk2m9xq, and pending lists them.`, word.start)
    : read(id);
};

const readAbout = (kind: 'status' | 'cancel' | 'rerun', words: readonly Word[], end: number): Read<Command> => {
  if (kind === 'status' && words.length === 0) return read({ kind });
  const id = readId(kind, words, end);
  return id.ok ? read({ kind, id: id.value }) : id;
};

const readPerson = (word: Word): Read<UserId> => {
  const found = PERSON.exec(word.value);
  const person = parseUserId(found?.[1] ?? found?.[2]);
  return person === undefined
    ? wrong(`${shown(word.value)} is not a person: pick the name from Slack's list after @, or write the member ID (U…).`, word.start)
    : read(person);
};

const readScope = (word: Word): Read<AllowScope> => {
  if (word.value.startsWith('preset:')) {
    const preset = readPreset(pieceOf(word, 'preset:'.length));
    return preset.ok ? read({ kind: 'preset', name: preset.value }) : preset;
  }
  if (word.value.startsWith('image:')) {
    const image = readImage(pieceOf(word, 'image:'.length));
    return image.ok ? read({ kind: 'image', name: image.value }) : image;
  }
  return wrong(`${shown(word.value)} is not a scope: write preset:NAME or image:NAME.`, word.start, 'preset:NAME');
};

const readScopes = (words: readonly Word[]): Read<readonly AllowScope[]> => {
  const surplus = words[ALLOW_SCOPES_MAX];
  if (surplus !== undefined) return wrong(`allow takes ${ALLOW_SCOPES_MAX} scopes at most.`, surplus.start);
  const scopes: AllowScope[] = [];
  for (const word of words) {
    const scope = readScope(word);
    if (!scope.ok) return scope;
    const { kind, name } = scope.value;
    if (scopes.some((other) => other.kind === kind && other.name === name)) return wrong(`${shown(word.value)} is given twice: keep one of them.`, word.start);
    scopes.push(scope.value);
  }
  return read(scopes);
};

/** A namespace of such a name is reached by its cluster: the first word after `allow` is a person, never a place. */
const readAllowAbout = ([first, ...rest]: readonly Word[], end: number): Read<Command> | undefined => {
  if (first?.value === 'list') {
    const surplus = alone('allow list', rest, 0);
    return surplus.ok ? read({ kind: 'allow', about: 'list' }) : surplus;
  }
  if (first?.value !== 'revoke') return undefined;
  const id = readId('allow revoke', rest, end);
  return id.ok ? read({ kind: 'allow', about: 'revoke', id: id.value }) : id;
};

const readAllow = (words: readonly Word[], end: number): Read<Command> => {
  const about = readAllowAbout(words, end);
  if (about) return about;
  const [who, where, howLong, ...what] = words;
  if (who === undefined || where === undefined || howLong === undefined || what.length === 0) {
    return wrong('allow is incomplete: write allow @PERSON NAMESPACE TIME preset:NAME or image:NAME.', end, 'allow @PERSON NAMESPACE TIME SCOPE');
  }
  const person = readPerson(who);
  if (!person.ok) return person;
  const place = readPlace(where);
  if (!place.ok) return place;
  const duration = boundedDuration('A pre-approval', howLong.value, ALLOW_MIN_MS, ALLOW_MAX_MS);
  if (!duration.ok) return wrong(duration.message, howLong.start, duration.hint);
  const scopes = readScopes(what);
  if (!scopes.ok) return scopes;
  const { cluster, namespace } = place.value;
  return read({ kind: 'allow', person: person.value, cluster, namespace, durationMs: duration.value, scopes: scopes.value });
};

/** `freeze deploying v3`, `freeze --reason "deploying v3"`. */
const readFreeze = (kind: 'freeze' | 'unfreeze', words: readonly Word[]): Read<Command> => {
  const [first] = words;
  if (first === undefined) return read({ kind });
  const labelled = first.value === '--reason';
  const rest = labelled ? words.slice(1) : words;
  const option = rest.find((word) => !word.quoted && word.value.startsWith('-'));
  if (option !== undefined) return wrong(`${shown(option.value)} is not an option of ${kind}: write ${kind} and the reason.`, option.start, '--reason');
  const start = rest[0]?.start ?? first.end;
  const text = rest.map((word) => word.value).join(' ');
  const reason = readReason({ text, start, at: rest.length === 1 ? (rest[0]?.at ?? []) : [], link: false });
  return reason.ok ? read({ kind, reason: reason.value }) : reason;
};

/** Reads the words after the command's name; `end` is where the text ends. */
export const readOther = (name: CommandName, words: readonly Word[], end: number): Read<Command> => {
  switch (name) {
    case 'help':
      return readHelp(words);
    case 'status':
    case 'cancel':
    case 'rerun':
      return readAbout(name, words, end);
    case 'allow':
      return readAllow(words, end);
    case 'freeze':
    case 'unfreeze':
      return readFreeze(name, words);
    case 'history':
    case 'pending':
    case 'presets':
    case 'images':
    case 'whoami':
    case 'timeline':
    default: {
      const rest = alone(name, words, 0);
      return rest.ok ? read({ kind: name }) : rest;
    }
  }
};
