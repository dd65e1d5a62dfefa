import { type Rule, matchAt } from '../found.ts';
import { isStandIn } from './values.ts';

const LOGIN = /:\/\/([^\s/?#"'<>@:\\]{0,256}):([^\s/"'<>@]{1,256}(?:@[^\s/"'<>@:]{1,256}(?=@))?)@/y;
/** A password that nobody encoded may hold a slash; `:8080/…@` is a port and a path. */
const LOGIN_WITH_SLASH = /:\/\/([^\s/?#"'<>@:\\]{1,256}):((?!\d{1,5}[/?])[^\s"'<>@]{1,256})@[A-Za-z0-9.-]{1,255}/y;
const LONE_KEY = /:\/\/((?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{20,256})@/y;

/** Passwords in URLs (RFC 3986 §3.2.1), as database, broker and repository addresses carry them. */
export const URL_RULES: readonly Rule[] = [{
  what: 'URL password',
  anchors: ['://'],
  find: (text, at) => {
    const login = matchAt(LOGIN, text, at) ?? matchAt(LOGIN_WITH_SLASH, text, at);
    const user = login?.[1];
    const password = login?.[2];
    if (user !== undefined && password !== undefined) {
      const start = at + '://'.length + user.length + ':'.length;
      return isStandIn(password) ? undefined : { start, end: start + password.length };
    }
    const key = matchAt(LONE_KEY, text, at)?.[1];
    return key === undefined ? undefined : { start: at + '://'.length, end: at + '://'.length + key.length, what: 'key' };
  },
}];
