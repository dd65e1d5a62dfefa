/** Text of others on its way into a message. */

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The three characters that Slack's markup knows: https://docs.slack.dev/messaging/formatting-message-text/#escaping */
export const escaped = (text: string): string => text.replaceAll(/[&<>]/g, (character) => ESCAPES[character] ?? character);

// C0 without tab and line feed, DEL and C1, then what reorders or hides: soft hyphen, zero width, bidi, tag characters.
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** What cannot be seen is written as its number, so that nothing on a card is other than it looks. */
export const visible = (text: string): string =>
  text.toWellFormed().replaceAll(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** On one line; line breaks and tabs are shown as escapes. */
export const oneLine = (text: string): string =>
  visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');

/** At most `max` code points, the last of which says that something was cut. */
export const cut = (text: string, max: number): string => {
  if (text.length <= max) return text;
  const points = Array.from(text.slice(0, 2 * max + 1));
  return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`;
};

/** As long as Slack counts it: escaped, and with what cannot be seen written out. */
export const weightOf = (text: string): number => escaped(oneLine(text)).length;

/** At most `max` counted characters. */
export const cutByWeight = (text: string, max: number): string => {
  if (weightOf(text) <= max) return text;
  let kept = '';
  let room = max - 1;
  for (const character of text) {
    room -= weightOf(character);
    if (room < 0) break;
    kept += character;
  }
  return `${kept}…`;
};

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');
