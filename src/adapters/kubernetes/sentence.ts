/** A cluster's own sentence is shown after ours; longer ones (diffs of a whole pod spec) help nobody. */
const SENTENCE_CHARS_MAX = 300;
/** Nothing beyond this is even looked at: a status message may be a megabyte. */
const SENTENCE_READ_CHARS_MAX = 4_096;

// Escape sequences first, whole; then what is left of controls, bidi marks, zero-width and tag characters, lone surrogates.
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;

/** One printable line without controls, escapes or marks, however long. */
export const printable = (text: string): string => text.replace(ESCAPES, '').replace(INVISIBLE, ' ').replace(/ {2,}/g, ' ').trim();

/** One printable line of at most 300 characters, whatever a server, a runtime or a container wrote. */
export const sentence = (text: string): string => {
  const line = printable(text.slice(0, SENTENCE_READ_CHARS_MAX));
  const characters = Array.from(line);
  return characters.length <= SENTENCE_CHARS_MAX ? line : `${characters.slice(0, SENTENCE_CHARS_MAX - 1).join('')}…`;
};
