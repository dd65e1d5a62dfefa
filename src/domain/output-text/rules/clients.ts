import { type Rule, behindLong, matchAt } from '../found.ts';
import { isStandIn, quotedEnd } from './values.ts';

/** Passwords among the arguments of programs, where only the program tells what its flag means. */

const COMMAND_CHARS = 400;
const BEFORE_CHARS = 16;

/** In a list of processes nothing is quoted: a quote ends the word only where the word of `sh -c 'mysql -p…'` ends. */
const WORD = /(?:[^\s"']|["'](?![\s);,\]}]|$))*/y;
const wordEnd = (text: string, at: number): number => (matchAt(WORD, text, at) === null ? at : WORD.lastIndex);

interface Client {
  readonly anchors: readonly string[];
  /** What stands before the anchor, when that is not the program. */
  readonly before?: RegExp;
  /** Up to the password, which must follow; the group is the quote it stands in, if there is one. */
  readonly upTo: RegExp;
  /** A word may be something else than a password: only what holds a digit is taken. */
  readonly withDigit?: true;
}

/** Three characters at least: the rest is a port, or a switch. */
const VALUE = String.raw`(["']?)(?=[^\s"'-][^\s"']{2})`;
/** A blank, or what stands between two items of a list. */
const APART = String.raw`(?:[ \t]?|[ \t]?=[ \t]?|["'][ \t]{0,4},[ \t]{0,4})`;

const flagOf = (program: string, flags: string, between = APART): RegExp => new RegExp(String.raw`^(?:${program})["']?(?=[ \t,])[^\n]*?[ \t"'](?:${flags})${between}${VALUE}`);

const CLIENTS: readonly Client[] = [
  { anchors: ['mysql', 'mariadb'], upTo: flagOf('(?:mysql|mariadb)(?:-?(?:dump|admin|check|import|show|slap|pump|sh|binlog|upgrade|backup))?', '-p(?!idfile|ort\\b)', '') },
  { anchors: ['mongo', 'sshpass', 'rabbitmqadmin', 'cqlsh'], upTo: flagOf('mongo(?:sh|dump|restore|export|import|stat|top|files)?|sshpass|rabbitmqadmin|cqlsh', '-p(?!ort\\b)') },
  { anchors: ['redis-cli', 'valkey-cli', 'redis-benchmark'], upTo: flagOf('redis-cli|valkey-cli|redis-benchmark', '-a|--pass') },
  { anchors: ['ldapsearch', 'ldapadd', 'ldapmodify', 'ldapwhoami', 'ldapdelete', 'ldappasswd'], upTo: flagOf('ldap[a-z]{1,12}', '-w') },
  { anchors: ['sqlcmd', 'bcp '], upTo: flagOf('sqlcmd|bcp', '-P') },
  { anchors: ['zip -'], upTo: new RegExp(String.raw`^zip(?=[ \t])[^\n]{0,200}?[ \t]-P[ \t]?${VALUE}`) },
  { anchors: ['7z ', '7za '], upTo: flagOf('7za?', '-p', '') },
  { anchors: ['curl ', 'etcdctl', 'smbclient'], upTo: /^[^\n]*?\s(?:-u|-U|--user|--proxy-user)[\s=]?(["']?)[^\s:%"']{0,64}[:%](?=[^\s"']{2})/ },
  { anchors: [' login '], before: /\b(?:docker|podman|nerdctl|buildah|auth|registry|az|oc|cf|skopeo|oras)$/, upTo: flagOf(' login', '-p') },
  { anchors: [' login '], before: /\bvault$/, upTo: new RegExp(String.raw`^ login (?:-[a-z-]+ )?${VALUE}(?![^\s=]{0,64}=)`), withDigit: true },
  { anchors: ['rabbitmqctl'], upTo: new RegExp(String.raw`^rabbitmqctl[ \t][^\n]*?(?:add_user|change_password|authenticate_user)[ \t]{1,4}[^\s"']{1,64}[ \t]{1,4}${VALUE}`) },
  ...['-c', '-A', '-X'].map((flag) => ({ anchors: ['snmp'], upTo: flagOf('snmp(?:get|getnext|bulkget|bulkwalk|walk|set|status|table|df|test|inform|trap)', flag) })),
  { anchors: ['sqlplus', 'expdp', 'impdp', 'sqlldr'], upTo: new RegExp(String.raw`^(?:sqlplus|expdp|impdp|sqlldr)[ \t](?:-\w{1,2}[ \t])*(?:userid=)?["']?[\w$#]{1,64}/${VALUE}`) },
  { anchors: ['jdbc:oracle:'], upTo: /^jdbc:oracle:\w{1,8}:[\w$#]{1,64}\/()(?=[^\s"'/@][^\s"'@]*@)/ },
  { anchors: ['-passin', '-passout', '-pass '], upTo: new RegExp(String.raw`^-pass(?:in|out)?${APART}["']?pass:()(?=[^\s"'])`) },
  { anchors: ['openssl enc', 'openssl aes'], upTo: flagOf('openssl (?:enc|aes[\\w-]{0,24})', '-k') },
  { anchors: ['htpasswd'], upTo: new RegExp(String.raw`^htpasswd[ \t]+(?:-[a-zA-Z]{1,8}[ \t]+)*(?:-(?=[a-zA-Z]*b)(?=[a-zA-Z]*n)[a-zA-Z]{1,8}[ \t]+|-(?=[a-zA-Z]*b)(?![a-zA-Z]*n)[a-zA-Z]{1,8}[ \t]+[^\s"']{1,128}[ \t]+)[^\s"']{1,64}[ \t]+${VALUE}`) },
  { anchors: ['mc alias set', 'mc config host add'], upTo: new RegExp(String.raw`^mc (?:alias set|config host add)[ \t]+\S{1,64}[ \t]+https?:\S{1,128}[ \t]+\S{1,128}[ \t]+${VALUE}`) },
  { anchors: ['xfreerdp'], upTo: /^xfreerdp(?= )[^\n]*?[ \t]\/p:(["']?)(?=[^\s"'])/ },
];

/** `scott/t1ger@orcl`: what is behind the last `@` says where. */
const beforeHost = (text: string, start: number, end: number, anchor: string): number => {
  const at = /^(?:sqlplus|expdp|impdp|sqlldr|jdbc)/.test(anchor) ? text.slice(start, Math.min(end, start + 256)).indexOf('@') : -1;
  return at === -1 ? end : start + at;
};

const clientRule = ({ anchors, before, upTo, withDigit }: Client): Rule => ({
  what: 'password',
  anchors,
  find: (text, at, anchor) => {
    if (before?.test(text.slice(Math.max(0, at - BEFORE_CHARS), at)) === false) return undefined;
    const [lead, quote] = upTo.exec(text.slice(at, at + COMMAND_CHARS)) ?? [];
    if (lead === undefined) return undefined;
    const start = at + lead.length;
    const end = beforeHost(text, start, quote ? quotedEnd(text, start, 0, quote) : wordEnd(text, start), anchor);
    const shown = text.slice(start, Math.min(end, start + 64));
    return isStandIn(shown) || (withDigit === true && !/\d/.test(shown)) ? behindLong(start, end) : { start, end };
  },
});

const COOKIE = /^curl(?= )[^\n]*?[ \t](?:-b|--cookie)[ \t=]?(["']?)(?=[\w.%-]{1,64}=[^\s"'])/;

export const CLIENT_RULES: readonly Rule[] = [
  ...CLIENTS.map(clientRule),
  {
    what: 'cookie',
    anchors: ['curl '],
    find: (text, at) => {
      const [lead, quote] = COOKIE.exec(text.slice(at, at + COMMAND_CHARS)) ?? [];
      if (lead === undefined) return undefined;
      const start = at + lead.length;
      return { start, end: quote ? quotedEnd(text, start, 0, quote) : wordEnd(text, start) };
    },
  },
];
