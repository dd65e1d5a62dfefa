/** What a value looks like when nothing says what it is: asked only beside a cut, where the context of a value may be gone. */

const BASE64 = /^[A-Za-z0-9+/]{4,}={0,2}$/;
/** Keys and certificates are binary; so many letters are no word. */
const BINARY_CHARS_MIN = 24;
const PRINTABLE = /^[\t\n\r -~]+$/;
const MIXED = /^(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=[^0-9]*[0-9])/;
const DECODED_CHARS = 4_096;

/** A value of `data` in a Secret: whole groups of base64 of something readable, or long and of letters of both cases and digits. */
export const isSecretDatum = (value: string): boolean => {
  if (value.length % 4 !== 0 || !BASE64.test(value)) return false;
  return (value.length >= BINARY_CHARS_MIN && MIXED.test(value)) || PRINTABLE.test(atob(value.slice(0, DECODED_CHARS)));
};

const PASSWORD_CHARS_MIN = 8;
const PASSWORD_CHARS_MAX = 256;
/** Letters and digits with letters of the other case or a sign that names, versions and addresses have not. */
const STRONG = /^(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])(?:(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])|(?=[^!#$%^&*+~?]*[!#$%^&*+~?]))\S+$/;
/** A time, a path or an address with a scheme, an image, a quantity, a name in parts, a Java class, a number with its unit. */
const NO_PASSWORD = /^\d{4}-\d\d-\d\d|:\/\/|^[\w.-]*\/|@sha256:|^[\d.,]+[A-Za-z%]{0,3}$|^\w+(?:-\w+)+$|^[\w$]+(?:\.[\w$]+)+|[()[\]{}<>|]|^v?\d+\.\d/;

/** A password as machines and careful people make them; `hunter2` is not told from the name of a host. */
export const isPasswordLike = (value: string): boolean =>
  value.length >= PASSWORD_CHARS_MIN && value.length <= PASSWORD_CHARS_MAX && STRONG.test(value) && !NO_PASSWORD.test(value);
