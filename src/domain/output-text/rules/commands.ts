import { lineBefore, matchAt } from '../found.ts';
import { type Value, isStandIn, readValue, shownOf } from './values.ts';

/** `--password …` among the arguments of a program: the value is the next word, if the line is a command and no text about one. */

const FLAG_VALUE = /[ \t]{1,4}(?![ \t-])/y;
/** `["--password", "…"]`, and the arguments of `kubectl describe pod` and YAML, one a line: there it is the value. */
const NEXT_ARGUMENT = /(?:(["'])[ \t]{0,4},\s{0,64}(?=\1(?!-))|["']?\n[ \t]{0,32}(?:- )?(?=["']?[^\s"'-][^\s]{0,256}[ \t]{0,8}(?:\n|$)))/y;
const ALONE = /(?:^|\n)[ \t]*(?:- )?["']?$|[[,]\s{0,64}["']$/;
const NOT_A_WORD = /\d|[^A-Za-z\d]|[a-z][A-Z]/;
const SHORT_CHARS = 4;

const COMMAND_CHARS = 200;
/** A prompt, what a list of processes writes before a command, `sudo`; then a program and its arguments. */
const COMMAND = /^\s{0,16}(?:(?:[\w.@:~/-]{0,40}[$#>%+]|[\w+-]{1,32}[ \t]+\d{1,7}[ \t][\d.:?a-zA-Z/ \t+<-]{0,80}[ \t]\d+:\d\d(?::\d\d|\.\d\d)?)[ \t]+)?((?:sudo )?(?:exec )?\.{0,2}[\w/][\w./@+-]*(?:[ \t][^\s"'<>[\](){}|,;]+){0,16}[ \t])$/;
/** What sentences about flags say before one, and what no program is called. */
const PROSE = /(?:^|[ \t])(?:usages?|use|uses|using|sets|passing|passed|try|specify|specified|see|give|given|provide|provided|with|without|via|the|an|of|missing|unknown|undefined|invalid|error|errors|flag|flags|option|options|argument|arguments|either|or|and|please|requires?|required|needs?|if|when|deprecated|warning|warn|info|debug|fatal|note|default|defaults|by|is|are|was|not|no|both|only|instead|replace|replaced|supply|via|that|this|for|must|should|can|cannot|may|you|your|how)(?:[ \t]|$)|^\s*(?:set|add|pass|run|a)[ \t]|[:.,;!?](?:[ \t]|$)/i;
/** What follows the value in a command: another flag, an address, a path, nothing. */
const REST = /(?:[ \t]{1,4}(?:-|[a-z]{1,16}:\/\/|\.{0,2}\/|[\w.-]{1,64}\.[a-z]{2,10}(?:[:/\s]|$)))|[ \t]{0,8}(?:\n|$)/y;
/** Whose words behind a password are known. */
const KNOWN = /(?:^|[\s/])(?:wget|redis-cli|valkey-cli|mongosh?|mongodump|influx|clickhouse-client|clickhouse|psql|mysql|mysqldump|mysqladmin|cqlsh|ldapsearch)[ \t]/;
/** Their flag can mean nothing else. */
const STORE_FLAG = /^-(?:src|dest|new)?(?:store|key)pass$/;

const isCommand = (text: string, start: number, end: number, flag: string, value: string): boolean => {
  const before = lineBefore(text, start, COMMAND_CHARS);
  const command = before === undefined ? undefined : COMMAND.exec(before)?.[1];
  if (command === undefined || PROSE.test(command)) return false;
  return /^[A-Za-z0-9]+$/.test(value) && /[a-z]/.test(value) && !flag.toLowerCase().endsWith(value) && !PROSE.test(value) && (KNOWN.test(command) || matchAt(REST, text, end) !== null);
};

const nextWord = (text: string, start: number, flagEnd: number): Value | undefined => {
  if (matchAt(FLAG_VALUE, text, flagEnd) === null) return undefined;
  const value = readValue(text, FLAG_VALUE.lastIndex);
  const shown = shownOf(text, value);
  const flag = text.slice(start, flagEnd);
  if (shown.length < SHORT_CHARS || isStandIn(shown)) return undefined;
  const isOdd = NOT_A_WORD.test(shown.replace(/[.,:]$/, ''));
  return isOdd || STORE_FLAG.test(flag) || isCommand(text, start, value.quoted ? value.end + 1 : value.end, flag, shown) ? value : undefined;
};

/** The value of the flag that stands from `start` to `end`. */
export const argumentOf = (text: string, start: number, end: number): Value | undefined => {
  if (!ALONE.test(text.slice(Math.max(0, start - 48), start)) || matchAt(NEXT_ARGUMENT, text, end) === null) return nextWord(text, start, end);
  const value = readValue(text, NEXT_ARGUMENT.lastIndex);
  return isStandIn(shownOf(text, value), value.quoted) ? undefined : value;
};
