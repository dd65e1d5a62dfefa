/**
 * The form's fields as the text that a person would have typed: it goes to the one parser, and a mistake that the parser
 * finds comes back to the field, and where the field stands in the text as typed, to the position in it.
 */
import { renderWord } from './render.ts';

/** What the form asks for, as it was filled in; empty: left out. */
export interface FormFields {
  readonly cluster: string;
  readonly namespace: string;
  readonly target: string;
  /** An image of the catalogue and a command, or a preset and its parameters. */
  readonly image: string;
  readonly preset: string;
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly command: string;
  readonly container: string;
  readonly timeout: string;
  readonly reason: string;
}

export type FormField = Exclude<keyof FormFields, 'set'> | `set:${string}`;

export interface ComposedForm {
  readonly text: string;
  /** Which field is at an offset of the text. `offset`: UTF-16 units in the field; null where it is not as it was typed. */
  fieldAt(offset: number): { readonly field: FormField; readonly offset: number | null };
}

interface Part {
  readonly field: FormField;
  readonly before: string;
  readonly text: string;
  /** The text stands as it was typed. */
  readonly isVerbatim: boolean;
}

const verbatim = (field: FormField, before: string, text: string): readonly Part[] => (text === '' ? [] : [{ field, before, text, isVerbatim: true }]);

/** One word, quoted as needed; with `=` a value that begins with a dash stays a value. */
const option = (field: FormField, flag: string, text: string): readonly Part[] =>
  (text === '' ? [] : [{ field, before: ` ${flag}=`, text: renderWord(text), isVerbatim: renderWord(text) === text }]);

const partsOf = (form: FormFields): readonly Part[] => [
  { field: 'cluster', before: '', text: form.cluster, isVerbatim: true },
  // with its cluster, a namespace that is named like a command is a namespace
  { field: 'namespace', before: '/', text: form.namespace, isVerbatim: true },
  ...verbatim('target', ' ', form.target),
  ...option('image', '--image', form.image),
  ...option('preset', '--preset', form.preset),
  ...form.set.flatMap(([name, value]): readonly Part[] => [{ field: `set:${name}`, before: ' --set=', text: renderWord(`${name}=${value}`), isVerbatim: false }]),
  ...option('container', '--target', form.container),
  ...option('timeout', '--timeout', form.timeout),
  ...option('reason', '--reason', form.reason),
  ...verbatim('command', ' -- ', form.command),
];

export const composeForm = (form: FormFields): ComposedForm => {
  let text = '';
  const spans = partsOf(form).map((part) => {
    const start = text.length + part.before.length;
    text += part.before + part.text;
    return { ...part, start, end: text.length };
  });
  const last = spans.at(-1);
  return {
    text,
    fieldAt: (offset) => {
      // what is missing at the very end is missing in the command
      const span = spans.find(({ end }) => offset < end) ?? (form.command === '' && form.preset === '' ? undefined : last);
      if (span === undefined) return { field: 'command', offset: null };
      return { field: span.field, offset: span.isVerbatim ? Math.max(0, offset - span.start) : null };
    },
  };
};
