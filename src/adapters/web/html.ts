/** HTML that is escaped by construction: only templates of ours are markup, whatever is put into them is text. */

declare const brand: unique symbol;
export type Html = string & { readonly [brand]: 'Html' };

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

// C0, DEL and C1, then what reorders or hides: soft hyphen, zero width, bidi, variation selectors, tag characters
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{fe00}-\u{fe0f}]|[\u{e0000}-\u{e01ef}]/gu;

/** What cannot be seen is written as its number, line breaks too: nobody's text begins a line that looks like ours. */
const visible = (text: string): string =>
  text.toWellFormed().replaceAll(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

const escaped = (text: string): Html => visible(text).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character) as Html;

/** What a template of ours made: a `string` that is none has no such wrapper around it. */
export interface Markup {
  readonly html: Html;
}

type Value = string | Markup | readonly Markup[];

const markupOf = (value: Value): string => {
  if (typeof value === 'string') return escaped(value);
  return 'html' in value ? value.html : value.map(({ html }) => html).join('');
};

/** html`<p>${text}</p>`: text is escaped, other templates and lists of them are put in as they are. */
export const html = (ours: TemplateStringsArray, ...values: readonly Value[]): Markup =>
  ({ html: ours.map((part, index) => `${part}${index < values.length ? markupOf(values[index] ?? '') : ''}`).join('') as Html });
