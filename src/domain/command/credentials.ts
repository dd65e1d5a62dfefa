/**
 * Credentials are refused at the door, so that requests, cards and the ledger can be shown as they are. It is a net and
 * no proof: what only the owner could recognise as a secret passes.
 */

import {
  CREDENTIALS, SECRET_FLAG, SECRET_LABEL, SECRET_VALUE, looksRandom,
} from './credential-patterns.ts';
import { type Read, read, wrong } from './mistake.ts';
import { optionFor } from './options.ts';
import { type Word, splitWords } from './words.ts';

export interface FoundCredential {
  /** Of the word, from 0. */
  readonly index: number;
  /** With its article: `a bearer token`. */
  readonly kind: string;
}

interface ToolFlag {
  readonly tools: RegExp;
  readonly flag: RegExp;
  /** `glued`: the value stands in the same word (`-psecret`); `next`: in the next one. */
  readonly value: 'glued' | 'next';
  /** What the value looks like, when not every value is a secret. */
  readonly only?: RegExp;
}

const LOGIN = /^[^\s:]{0,128}[:%].|^[^\s:]+:./;

const TOOL_FLAGS: readonly ToolFlag[] = [
  { tools: /^(?:mysql|mariadb)\w*(?:-\w+)?$/, flag: /^-p/, value: 'glued' },
  { tools: /^(?:mongo\w*|sshpass|rabbitmqadmin|cqlsh)$/, flag: /^-p/, value: 'glued' },
  { tools: /^(?:mongo\w*|sshpass|rabbitmqadmin|cqlsh)$/, flag: /^-p$/, value: 'next' },
  { tools: /^(?:redis|valkey|keydb)-\w+$/, flag: /^-a$/, value: 'next' },
  { tools: /^(?:redis|valkey|keydb)-\w+$/, flag: /^-a/, value: 'glued' },
  { tools: /^ldap\w+$/, flag: /^-w$/, value: 'next' },
  { tools: /^ldap\w+$/, flag: /^-w/, value: 'glued' },
  { tools: /^(?:sqlcmd|bcp)$/, flag: /^-P$/, value: 'next' },
  { tools: /^(?:sqlcmd|bcp)$/, flag: /^-P/, value: 'glued' },
  { tools: /^snmp\w+$/, flag: /^-[AX]$/, value: 'next' },
  { tools: /^(?:curl|etcdctl|smbclient|ncat)$/, flag: /^(?:-u|-U|--user|--proxy-user|--proxy-auth)$/, value: 'next', only: LOGIN },
  { tools: /^curl$/, flag: /^-[uU]/, value: 'glued', only: LOGIN },
  { tools: /^curl$/, flag: /^--(?:proxy-)?user=/, value: 'glued', only: LOGIN },
  { tools: /^(?:http|https|xh|xhs)$/, flag: /^-a$|^--auth$/, value: 'next' },
];

const isSecret = (value: string, only?: RegExp): boolean => SECRET_VALUE.test(value) && (only === undefined || only.test(value));

const baseName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

const flagsOf = (word: string): readonly ToolFlag[] => {
  const tool = baseName(word);
  return tool.length > 64 ? [] : TOOL_FLAGS.filter(({ tools }) => tools.test(tool));
};

const isGiven = (rule: ToolFlag, word: string, next: string | undefined): boolean => {
  const flag = rule.flag.exec(word)?.[0];
  if (flag === undefined) return false;
  const value = rule.value === 'glued' ? word.slice(flag.length) : next;
  return value !== undefined && value !== '' && isSecret(value, rule.only);
};

/** The index of the first word whose flag announces a secret that really follows. */
const afterFlag = (words: readonly string[]): number | undefined => {
  let flags: readonly ToolFlag[] = [];
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (next !== undefined && SECRET_FLAG.test(word) && isSecret(next)) return index + 1;
    const rule = flags.find((candidate) => isGiven(candidate, word, next));
    if (rule !== undefined) return rule.value === 'glued' ? index : index + 1;
    const own = flagsOf(word);
    if (own.length > 0) flags = own;
  }
  return undefined;
};

const inText = (text: string): string | undefined =>
  CREDENTIALS.find(({ pattern }) => pattern.test(text))?.kind ?? (looksRandom(text) ? 'a key or token' : undefined);

/** A word that holds blanks may be a script (`sh -c '…'`): its own words are looked at in the same way. */
const inScript = (text: string): string | undefined =>
  /\s/.test(text) && afterFlag(text.split(/[\s"'`;|&()]+/)) !== undefined ? 'a password or token' : undefined;

const inWords = (words: readonly string[], index: number): string | undefined => {
  const word = words[index] ?? '';
  const before = words[index - 1];
  return inText(word) ?? inScript(word)
    ?? (before !== undefined && SECRET_LABEL.test(before) ? inText(`${words[index - 2] ?? ''} ${before} ${word}`) : undefined);
};

/** The first word of a command that looks like a credential, or carries one. */
export const findCredential = (words: readonly string[]): FoundCredential | undefined => {
  const flagged = afterFlag(words);
  for (const index of words.keys()) {
    const kind = inWords(words, index) ?? (flagged === index ? 'a password or token' : undefined);
    if (kind !== undefined) return { index, kind };
  }
  return undefined;
};

const ADVICE = 'What is typed here is kept and shown: use a preset, or a file in the image. Nothing was saved.';

const placeOf = (head: readonly Word[], index: number): string => {
  const word = head[index]?.value ?? '';
  const option = optionFor(word.slice(0, word.indexOf('='))) ?? optionFor(head[index - 1]?.value ?? '');
  return option === undefined ? `Word ${index + 1}` : `The value of ${option.flag}`;
};

/** Refuses a credential anywhere in a command, before anything else is said that could repeat it. */
export const refuseCredentials = (head: readonly Word[], argv: readonly Word[]): Read<undefined> => {
  const before = findCredential(head.map((word) => word.value));
  if (before !== undefined) return wrong(`${placeOf(head, before.index)} looks like ${before.kind}. ${ADVICE}`, head[before.index]?.start ?? 0);
  const after = findCredential(argv.map((word) => word.value));
  if (after !== undefined) return wrong(`Argument ${after.index + 1} looks like ${after.kind}. ${ADVICE}`, argv[after.index]?.start ?? 0);
  return read(undefined);
};

/**
 * Whether a text, good or bad as a command, holds something that looks like a credential: who keeps or logs a refused
 * text asks here first.
 */
export const holdsCredential = (text: string): boolean => {
  const split = splitWords(text);
  const words = split.ok ? split.value.words.map((word) => word.value) : text.split(/[\s"'“”‘’]+/);
  return findCredential(words) !== undefined || inText(text) !== undefined;
};
