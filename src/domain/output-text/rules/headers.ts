import { type Rule, behindLong, groupAt, lineBefore, matchAt } from '../found.ts';
import { isStandIn, quotedEnd, readLine, readValue, textEnd } from './values.ts';

/** Credentials in HTTP headers (RFC 9110 §11, RFC 6265) as curl, browsers, proxies and Go print them. */

const AUTHORIZATION = /authorization\\{0,7}(?<closed>["'])?\]?[ \t]{0,8}(?:=>|[:=])[ \t]{0,8}\[?(?<slashes>\\{0,7})(?<quote>["'])?/iy;
const SCHEME = /(?:bearer|basic|token|digest|negotiate|ntlm|apikey|aws4-hmac-sha256|splunk|sso-key|hawk|oauth)[ \t]{1,4}/iy;
const BEARER = /bearer(?:[ \t]{1,4}|%20|\+)((?=[A-Za-z._~+/=-]{0,64}[0-9])[A-Za-z0-9._~+/=-]{8,}|[A-Za-z0-9._~+/=-]{24,})/iy;
const BASIC = /basic[ \t]{1,4}([A-Za-z0-9+/]{8,1000}={0,2})/iy;
const AUTH = /auth\\{0,7}"?[ \t]{0,4}[:=][ \t]{0,4}\\{0,7}"?([A-Za-z0-9+/_-]{6,1000}={0,2})/iy;
const COOKIE = /cookie2?\\{0,7}(?<closed>["'])?\]?[ \t]{0,8}(?:=>|[:=])[ \t]{0,8}\[?(?<slashes>\\{0,7})(?<quote>["'])?/iy;
const COOKIE_PAIR = /[A-Za-z0-9_.%-]{1,128}=[^\s;,]/y;
const SESSION = /(?:PHPSESSID|JSESSIONID|ASP\.NET_SessionId|connect\.sid|session_?id|_session|csrftoken|sid)["']?[=:][ \t]?["']?([A-Za-z0-9%._:/+-]{16,})/iy;
/** A number alone is a count, a word alone a name. */
const MIXED = /^(?=\D*\d)(?=\d*\D)/;
const SIGNED_QUERY = /(?:signature|sig|x-amz-signature|x-goog-signature|x-amz-credential|x-amz-security-token|hmac|sentry_key)(?:=|%3D)([A-Za-z0-9%+/_.=~-]{16,})/iy;

const isWordInside = (text: string, at: number): boolean => /[A-Za-z]/.test(text.charAt(at - 1));

/** `-H "Cookie: …"` and `-H 'X-Authorization: …'`: the quote that the header itself stands in. */
const QUOTE_BEFORE = /(?:^|[^\\])(["'])(?:proxy-|x-|set-)?$/i;
const LINE_BEGIN = /^[\s<>*|-]{0,16}(?:proxy-|x-|set-)?$/i;

/** To the closing quote, else to the end of a line that the header began, else one word behind a scheme. */
const endOfHeader = (text: string, at: number, valueAt: number, { groups = {} }: RegExpExecArray): number | undefined => {
  const { closed, slashes = '', quote } = groups;
  if (quote !== undefined) return quotedEnd(text, valueAt, slashes.length, quote);
  const around = closed === undefined ? QUOTE_BEFORE.exec(text.slice(Math.max(0, at - 8), at))?.[1] : undefined;
  if (around !== undefined) return textEnd(text, valueAt, around);
  return LINE_BEGIN.test(lineBefore(text, at, 24) ?? 'far') ? readLine(text, valueAt).end : undefined;
};

const wordBehindScheme = (text: string, at: number): number => readValue(text, matchAt(SCHEME, text, at) === null ? at : SCHEME.lastIndex).end;

/** RFC 7617: user and password, joined by a colon, in base64. */
export const holdsLogin = (base64: string): boolean => {
  const whole = base64.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  return /^[\u0020-\u007e]*:[\u0020-\u007e]*$/.test(atob(whole.slice(0, whole.length - (whole.length % 4 === 1 ? 1 : 0))));
};

export const HEADER_RULES: readonly Rule[] = [
  {
    what: 'authorization header',
    anchors: ['authorization'],
    ignoreCase: true,
    find: (text, at) => {
      const header = matchAt(AUTHORIZATION, text, at);
      if (header === null) return undefined;
      const start = AUTHORIZATION.lastIndex;
      const end = endOfHeader(text, at, start, header) ?? wordBehindScheme(text, start);
      const value = text.slice(start, Math.min(end, start + 64));
      const hasScheme = matchAt(SCHEME, text, start) !== null;
      const shown = hasScheme ? value.slice(SCHEME.lastIndex - start) : value;
      if (isStandIn(shown) || (!hasScheme && (end - start < 8 || !/\d/.test(text.slice(start, end))))) return behindLong(start, end) ?? start;
      return { start, end, what: /^bearer/i.test(value) ? 'bearer token' : 'authorization header' };
    },
  },
  {
    what: 'bearer token',
    anchors: ['bearer'],
    ignoreCase: true,
    find: (text, at) => (isWordInside(text, at) ? undefined : groupAt(BEARER, text, at)),
  },
  {
    what: 'authorization header',
    anchors: ['basic '],
    ignoreCase: true,
    find: (text, at) => {
      const basic = isWordInside(text, at) ? undefined : groupAt(BASIC, text, at);
      return basic && holdsLogin(text.slice(basic.start, basic.end)) ? basic : undefined;
    },
  },
  {
    // `"auth": "dXNlcjpwYXNz"` of Docker and npm, REDISCLI_AUTH.
    what: 'authorization header',
    anchors: ['auth"', 'auth=', 'auth: ', 'auth\\"'],
    ignoreCase: true,
    find: (text, at) => {
      const auth = groupAt(AUTH, text, at);
      const isSecret = auth && (/cli_$/i.test(text.slice(Math.max(0, at - 4), at)) || holdsLogin(text.slice(auth.start, auth.end)));
      return isSecret === true ? auth : undefined;
    },
  },
  {
    what: 'cookie',
    anchors: ['cookie'],
    ignoreCase: true,
    find: (text, at) => {
      const header = matchAt(COOKIE, text, at);
      if (header === null || matchAt(COOKIE_PAIR, text, COOKIE.lastIndex) === null) return undefined;
      const start = COOKIE.lastIndex;
      return { start, end: endOfHeader(text, at, start, header) ?? readLine(text, start).end };
    },
  },
  {
    what: 'session id',
    anchors: ['phpsessid', 'jsessionid', 'asp.net_sessionid', 'connect.sid', 'sessionid', 'session_id', '_session', 'csrftoken'],
    ignoreCase: true,
    find: (text, at) => {
      const session = groupAt(SESSION, text, at);
      if (!session || MIXED.test(text.slice(session.start, session.end))) return session;
      return behindLong(session.start, session.end);
    },
  },
  {
    what: 'URL signature',
    anchors: ['signature', 'sig=', 'sig%3d', 'x-amz-credential', 'x-amz-security-token', 'hmac=', 'sentry_key='],
    ignoreCase: true,
    find: (text, at) => (/[?&;-]/.test(text.charAt(at - 1)) ? groupAt(SIGNED_QUERY, text, at) : undefined),
  },
];
