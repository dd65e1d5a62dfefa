import { type Rule, matchAt } from '../found.ts';

/** A quote or a bracket that the password holds; not one that ends the text which the address stands in. */
const INSIDE = String.raw`\\{0,3}["'](?=[^\s"',;:)\]}>@\\])|<(?![^@\s<>]{0,64}>)`;
const LOGIN = new RegExp(String.raw`://([^\s/?#"'<>@:\\]{0,256}):((?:[^\s/"'<>@\\]|\\(?!["'])|${INSIDE}|<[^\s<>@/]{0,64}>(?=@)){1,256}(?:@[^\s/"'<>@:]{1,256}(?=@))?)@`, 'y');
/** A password that nobody encoded may hold a slash; `:8080/…@` is a port and a path. */
const LOGIN_WITH_SLASH = /:\/\/([^\s/?#"'<>@:\\]{1,256}):((?!\d{1,5}[/?])[^\s"'<>@]{1,256})@[A-Za-z0-9.-]{1,255}/y;
const DIGITS_AND_SLASH = /:\/\/([^\s/?#"'<>@:\\]{1,256}):(\d{1,5}[/?][^\s"'<>@]{1,256})@[A-Za-z0-9.-]{1,255}(?=[:/?]|\s|$)/y;
/** What has a port and a path, but no database behind a login. */
const WEB = /(?:https?|wss?|ftp)$/i;
const LONE_KEY = /:\/\/((?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{20,256})@/y;
/** Any word may be a password; these are none: `$VAR`, `${…}`, `$(…)`, `<…>`, `***`. */
const STAND_IN = /^(?:\$(?:[A-Z_][A-Z0-9_]*|(?=[A-Z_]*[a-z])[A-Za-z_]+|\{[^}]*\}|\([^)]*\)|\{\{[^}]*\}\})|\{\{[^}]*\}\}|\{[A-Za-z_]+\}|%[sv]|<[^<>]*>|[*x•]{3,}|\.{3}|\(hidden|[Rr]edacted|REDACTED|[Mm]asked|MASKED)$/;

/** Passwords in URLs (RFC 3986 §3.2.1), as database, broker and repository addresses carry them. */
export const URL_RULES: readonly Rule[] = [{
  what: 'URL password',
  anchors: ['://'],
  find: (text, at) => {
    const login = matchAt(LOGIN, text, at) ?? matchAt(LOGIN_WITH_SLASH, text, at) ?? (WEB.test(text.slice(Math.max(0, at - 5), at)) ? null : matchAt(DIGITS_AND_SLASH, text, at));
    const user = login?.[1];
    const password = login?.[2];
    if (user !== undefined && password !== undefined) {
      const start = at + '://'.length + user.length + ':'.length;
      return STAND_IN.test(password) ? undefined : { start, end: start + password.length };
    }
    const key = matchAt(LONE_KEY, text, at)?.[1];
    return key === undefined ? undefined : { start: at + '://'.length, end: at + '://'.length + key.length, what: 'key' };
  },
}];
