/**
 * Text from containers, made safe to show: what a terminal would obey is taken out, what would disguise text is made
 * visible or removed. Redaction and cutting come after, on what this returns.
 */
import { defuseMarkers } from './marker.ts';

/* oxlint-disable no-control-regex, no-misleading-character-class -- control characters are what this is about */
/** Nothing to do: tab, newline and printable ASCII. */
const STRANGE = /[^\t\n\u0020-\u007e]/;
const CSI = String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?`;
/** OSC, DCS, APC, PM, SOS up to BEL or ST; one without an end takes its line. Another beginning ends it: so it is linear. */
const STRING_BEGIN = String.raw`(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])`;
const STRING = String.raw`${STRING_BEGIN}(?:[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|[^\u0007\n\u001b\u0090\u0098\u009c-\u009f]*)`;
const ESCAPES = new RegExp(String.raw`${CSI}|${STRING}|\u001b[ -/]*[0-~]?`, 'g');
/** C0 but tab and newline, DEL, C1. NUL is left: see nul.ts. */
const CONTROLS = /[\u0001-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Bidi controls, zero-width characters, variation selectors, tags, BOM: text that reads other than it is. */
const INVISIBLE = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{13430}-\u{1345f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
const LINE_SEPARATORS = /[\u2028\u2029]/g;

/** `a\rb` shows as `b` on a terminal; of a progress line only its last state is kept. */
const foldReturns = (line: string): string => {
  if (!line.includes('\r')) return line;
  const end = line.replace(/\r+$/, '').length;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
};

/** `x\b` was overstruck: each backspace takes the character before it. */
const foldBackspaces = (line: string): string => {
  if (!line.includes('\b')) return line;
  const kept: string[] = [];
  for (const character of line) {
    if (character === '\b') kept.pop();
    else kept.push(character);
  }
  return kept.join('');
};

const foldLines = (text: string): string =>
  /[\r\b]/.test(text) ? text.split('\n').map((line) => foldBackspaces(foldReturns(line))).join('\n') : text;

/** Well-formed text of printable characters, tabs, newlines and NUL. */
export const sanitise = (text: string): string => {
  if (!STRANGE.test(text)) return defuseMarkers(text);
  const still = text.replace(ESCAPES, '').replace(INVISIBLE, '').replace(LINE_SEPARATORS, '\n');
  return defuseMarkers(foldLines(still).replace(CONTROLS, '').toWellFormed());
};
