import { kindOfName } from './secret-names.ts';
import { type Value, isStandIn, shownOf } from './values.ts';

/** Whether the value of a name that announces a secret can be one. */

export interface Name {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Go prints `{User:app Password:x}`; Java prints `PasswordFilter.java:12`. */
const FIELD_OF_STRUCT = /^[A-Z][A-Za-z]{0,24}$/;
const STRONG = /^(?=[A-Za-z_+/=-]{0,64}[0-9])[^\s"':]{8}/;
const SECRET_ID = /secret[_-]?id$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const REFERENCE = /^[a-z0-9][a-z0-9.-]{0,100}\/[a-z0-9][a-z0-9.-]{0,100}$/;

/** `PASS: TestFoo`, `pass: 12`, `token: EOF`: what tests and parsers say. */
const OUTCOME = /^(?:pass|token)$/i;
const COUNTED = /^(?:\d{1,4}|Test\w*(?:\/\S*)?|[A-Z]{2,6})$/;
/** `secret="db-creds"` among the labels of a metric. */
const LABELS = /[a-z0-9_]\{[^{}\n]{0,180}$/;
const LABEL_VALUE = /^[a-z0-9][a-z0-9.-]*$/;
/** The letter that HTML binds to a link. */
const ACCESS_KEY = /^accesskey$/i;

const namesOne = (text: string, name: Name, shown: string): boolean =>
  name.text === 'secret' && LABEL_VALUE.test(shown) && LABELS.test(text.slice(Math.max(0, name.start - 200), name.start));

/** After a colon within a sentence only what does not read as a word is taken. */
export const isLikely = (text: string, name: Name, separator: string, value: Value, standsAlone: boolean): boolean => {
  const shown = shownOf(text, value);
  if (isStandIn(shown, value.quoted || standsAlone)) return false;
  // the id that opens a Vault role is a UUID; that of a secret elsewhere is its name
  if (SECRET_ID.test(name.text) && !UUID.test(shown)) return false;
  if (separator === ':' && OUTCOME.test(name.text) && COUNTED.test(shown) && !value.quoted) return false;
  if (namesOne(text, name, shown) || (shown.length === 1 && ACCESS_KEY.test(name.text))) return false;
  if (separator === '>' && !/[A-Za-z0-9]/.test(shown)) return false;
  // klog writes secret="namespace/name".
  if (/secrets?$/i.test(name.text) && REFERENCE.test(shown)) return false;
  if (/s$/i.test(name.text) && !/pass|credentials$/i.test(name.text) && /^\d+$/.test(shown)) return false;
  if (separator !== ':' || value.quoted || standsAlone) return true;
  return STRONG.test(shown) || (FIELD_OF_STRUCT.test(name.text) && text.charAt(name.end + 1) !== ' ' && !/^\d+$/.test(shown) && kindOfName(name.text) === 'password');
};
