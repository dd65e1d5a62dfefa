/**
 * Text from containers, made safe to show: what a terminal would obey is taken out, what would disguise text is made
 * visible or removed. The order matters: redaction and cutting come after, on what this returns.
 */

/** Escape sequences: CSI, OSC, DCS, APC, PM, SOS (ended by BEL or ST, or cut off), then any two-character one. */
const ESCAPES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|\u001b[ -/]*[0-~]?/g;
/** C0 but tab and newline, DEL, C1. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Bidi controls, zero-width characters, variation selectors, tags, BOM: text that reads other than it is. */
const INVISIBLE = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}\u{1d173}-\u{1d17a}]/gu;

/** `a\rb` shows as `b` on a terminal; of a progress line only its last state is kept. */
const foldReturns = (line: string): string => {
  const end = line.endsWith('\r') ? line.length - 1 : line.length;
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

/** NUL separates the entries of /proc/*\/environ and cmdline. */
export const sanitise = (text: string): string =>
  text.replaceAll('\u0000', '\n').replace(ESCAPES, '').split('\n')
    .map((line) => foldBackspaces(foldReturns(line)).replace(CONTROLS, '').replace(INVISIBLE, '')).join('\n').toWellFormed();

const SAMPLE_BYTES = 8_192;
const STRANGE_SHARE_MAX = 0.1;

/** Undecodable bytes or controls in more than a tenth of the first 8 KiB; NUL-separated text is text. */
export const isBinary = (bytes: Uint8Array): boolean => {
  const sample = new TextDecoder('utf-8').decode(bytes.subarray(0, SAMPLE_BYTES));
  if (sample.length === 0) return false;
  const strange = [...sample].filter((character) => character === '\ufffd' || /[\u0001-\u0006\u000e-\u001a\u001c-\u001f\u007f]/.test(character)).length;
  const nulRuns = /\u0000{2,}/.test(sample) ? sample.split('\u0000').length : 0;
  return (strange + nulRuns) / sample.length > STRANGE_SHARE_MAX;
};
