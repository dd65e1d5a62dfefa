/** What Slack shows under a field: plain text, no markup. */
import type { Answer } from '../../../app/slack-port.ts';
import type { ComposedForm, FormField } from '../../../domain/command/form.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import { plainWords } from '../wording/plain.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { cut } from './escape.ts';
import { NOT_SAVED } from './answers.ts';
import { FIELDS, fieldFor, fieldOfParameter, type FormState } from './form-state.ts';

export interface FilledForm {
  readonly form: ComposedForm;
  readonly state: FormState;
  /** Names of the fields that the form has. */
  readonly fields: readonly string[];
}

const MISTAKE_CHARS_MAX = 500;

const blockOf = (field: FormField, { state }: FilledForm): string => {
  if (field.startsWith('set:')) return fieldOfParameter(state.choice?.split(' ')[1] ?? '', field.slice('set:'.length));
  if (field === 'target') return fieldFor('target', state);
  if (field === 'image' || field === 'preset') return fieldFor('choice', state);
  return FIELDS[field as Exclude<keyof typeof FIELDS, 'set'>];
};

const FIELD_OF: { readonly [Code in Refusal['code']]?: FormField } = {
  timeout_too_long: 'timeout', reason_missing: 'reason', cluster_unknown: 'cluster', digest_required: 'image', unbounded_image: 'image', not_planned: 'image',
};

/** The field that has to be changed for the refusal to go away. */
const fieldOf = (refusal: Refusal): FormField => FIELD_OF[refusal.code] ?? 'namespace';

/** Under the namespace when the form has no such field: that one it always has. */
const under = (filled: FilledForm, field: FormField, text: string): Readonly<Record<string, string>> => {
  const block = blockOf(field, filled);
  return { [filled.fields.includes(block) ? block : FIELDS.namespace]: cut(text, MISTAKE_CHARS_MAX) };
};

const unparsed = (filled: FilledForm, { error }: Extract<Answer, { kind: 'unparsed' }>): Readonly<Record<string, string>> => {
  const { field, offset } = filled.form.fieldAt(error.offset);
  const place = offset === null || offset === 0 ? '' : ` (at character ${offset + 1})`;
  const hint = error.hint === undefined || error.message.includes(error.hint) ? '' : ` Try: ${error.hint}`;
  return under(filled, field, `${error.message}${place}${hint}`);
};

/** Undefined: there is nothing to mend. */
export const formMistakes = (filled: FilledForm, given: Answer): Readonly<Record<string, string>> | undefined => {
  if (given.kind === 'unparsed') return unparsed(filled, given);
  if (given.kind === 'unavailable') return under(filled, 'namespace', plainWords(NOT_SAVED));
  if (given.kind !== 'refused') return undefined;
  return under(filled, fieldOf(given.refusal), plainWords(refusalSentence(given.refusal, given.namespace === undefined ? {} : { namespace: given.namespace })));
};
