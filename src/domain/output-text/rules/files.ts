import { type Rule, lineBefore, lineEnd, matchAt } from '../found.ts';
import { isStandIn } from './values.ts';

/** Files that name no password but by its place: .pgpass (https://www.postgresql.org/docs/current/libpq-pgpass.html), netrc. */

const FIELD_CHARS = 200;
const PGPASS = /^(?!arn:)(?:\*|[\w./-]{1,128}):(?:\*|\d{1,5}):(?:[^:\\\s]|\\.){1,64}:(?:[^:\\\s]|\\.){1,64}:(?=[^\s:])/;
const REST = /(?:[^\s\\:]|\\.){1,200}[ \t]{0,8}(?![^\n])/y;
/** In any order; without a login before it (see tools.ts) only what ends the line or the entry is a password. */
const NETRC = /machine[ \t]{1,8}[\w.:-]{1,128}\s{1,64}(?:account[ \t]{1,8}\S{1,128}\s{1,64})?password[ \t]{1,8}(\S{1,256})(?=[ \t]{0,8}(?:\n|$)|\s{1,64}(?:login|account)[ \t])/y;

export const FILE_RULES: readonly Rule[] = [
  {
    what: 'password',
    anchors: [':*:', ':5432:', ':5433:', ':6432:'],
    find: (text, at) => {
      const before = lineBefore(text, at, FIELD_CHARS);
      if (before === undefined) return undefined;
      const begin = at - before.length;
      const fields = PGPASS.exec(text.slice(begin, Math.min(lineEnd(text, at), begin + 2 * FIELD_CHARS)));
      const start = begin + (fields?.[0].length ?? 0);
      if (fields === null || matchAt(REST, text, start) === null) return undefined;
      const value = text.slice(start, REST.lastIndex).trimEnd();
      return isStandIn(value, true) ? undefined : { start, end: start + value.length };
    },
  },
  {
    what: 'password',
    anchors: ['machine '],
    find: (text, at) => {
      const value = matchAt(NETRC, text, at)?.[1];
      return value === undefined || isStandIn(value, true) ? undefined : { start: NETRC.lastIndex - value.length, end: NETRC.lastIndex };
    },
  },
];
