/** The form: few fields with good defaults, so that it can be filled in on a phone. */
import type { InputBlock, KnownBlock, ModalView, PlainTextOption, StaticSelect } from '@slack/types';
import type { FormAnswer, FormChoices } from '../../../app/entry-port.ts';
import { REASON_CHARS_MAX } from '../../../domain/limits.ts';
import { duration } from '../wording/quantities.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { code, joined, say, strong, type Sentence } from '../wording/sentence.ts';
import { paragraph } from './answers.ts';
import { plain } from './buttons.ts';
import { cut, oneLine } from './escape.ts';
import { FIELDS, fieldFor, fieldOfParameter, FORM_VIEW, writeFormState, type FormState } from './form-state.ts';
import { noticeView } from './modals.ts';

export const OPTION_TEXT_CHARS_MAX = 75;
export const OPTION_VALUE_CHARS_MAX = 150;
const OPTIONS_MAX = 100;
/** Slack's own limit for a text field. */
const COMMAND_CHARS_MAX = 3_000;
const PARAMETER_CHARS_MAX = 253;
const TIMEOUT_CHARS_MAX = 20;
const CONTAINER_CHARS_MAX = 63;

export const formOption = (value: string, text = value, description?: string): PlainTextOption => ({
  text: plain(cut(oneLine(text), OPTION_TEXT_CHARS_MAX)), value,
  ...(description !== undefined && description !== '' && { description: plain(cut(oneLine(description), OPTION_TEXT_CHARS_MAX)) }),
});

type Field = Pick<InputBlock, 'label' | 'element' | 'hint' | 'optional' | 'dispatch_action'>;

const input = (id: string, label: string, element: Field['element'], more: Partial<Pick<Field, 'optional' | 'dispatch_action'>> & { readonly hint?: string } = {}): InputBlock => {
  const { hint, ...rest } = more;
  return { type: 'input', block_id: id, label: plain(label), element, ...rest, ...(hint !== undefined && { hint: plain(hint) }) };
};

const text = (id: string, placeholder: string, maxLength: number): Field['element'] =>
  ({ type: 'plain_text_input', action_id: id, placeholder: plain(placeholder), max_length: maxLength });

const clusterField = ({ clusters, cluster }: FormChoices): readonly KnownBlock[] => clusters.length < 2 ? [] : [
  input(FIELDS.cluster, 'Cluster', {
    type: 'static_select', action_id: FIELDS.cluster, initial_option: formOption(cluster), options: clusters.slice(0, OPTIONS_MAX).map((name) => formOption(name)),
  }, { dispatch_action: true }),
];

const namespaceField = ({ namespace }: FormState): KnownBlock => input(FIELDS.namespace, 'Namespace', {
  type: 'external_select', action_id: FIELDS.namespace, min_query_length: 0, placeholder: plain('Choose or type'),
  ...(namespace !== undefined && { initial_option: formOption(namespace) }),
}, { dispatch_action: true });

const podField = (state: FormState): KnownBlock => {
  const id = fieldFor('target', state);
  const pod = state.mentions.find(({ namespace }) => namespace === null || namespace === state.namespace)?.pod;
  return input(id, 'Pod', {
    type: 'external_select', action_id: id, min_query_length: 0, placeholder: plain(state.namespace === undefined ? 'Choose the namespace first' : 'Choose, or type a name'),
    ...(pod !== undefined && pod.length <= OPTION_VALUE_CHARS_MAX && { initial_option: formOption(pod) }),
  }, { hint: 'A name, its beginning, or deploy/NAME. When nothing is offered, type the whole name.' });
};

/** In the order in which they are offered; the first is the default. */
const choicesIn = ({ images, presets }: FormChoices): readonly string[] =>
  [...images.toSorted((left, right) => Number(right.isDefault) - Number(left.isDefault)).map(({ name }) => `image ${name}`), ...presets.map(({ name }) => `preset ${name}`)];

export const chosenIn = (state: FormState, choices: FormChoices): string => {
  const all = choicesIn(choices);
  return all.find((one) => one === state.choice) ?? all[0] ?? '';
};

const choiceField = (state: FormState, choices: FormChoices, chosen: string): readonly KnownBlock[] => {
  const id = fieldFor('choice', state);
  const groups = [
    { label: plain('A command of yours, with the image'), options: choices.images.slice(0, OPTIONS_MAX).map(({ name, description }) => formOption(`image ${name}`, name, description)) },
    { label: plain('Prepared'), options: choices.presets.slice(0, OPTIONS_MAX).map(({ name, description }) => formOption(`preset ${name}`, name, description)) },
  ].filter(({ options }) => options.length > 0);
  const initial = groups.flatMap(({ options }) => options).find(({ value }) => value === chosen);
  const element: StaticSelect = { type: 'static_select', action_id: id, option_groups: groups, ...(initial !== undefined && { initial_option: initial }) };
  return groups.length === 0 ? [] : [input(id, 'What to run', element, { dispatch_action: true })];
};

const commandFields = (choices: FormChoices, chosen: string): readonly KnownBlock[] => {
  const preset = choices.presets.find(({ name }) => `preset ${name}` === chosen);
  if (preset === undefined) {
    return [
      input(FIELDS.command, 'Command', text(FIELDS.command, 'ss -tlnp', COMMAND_CHARS_MAX), { hint: 'As after --: word by word, without a shell.' }),
      input(FIELDS.container, 'Container', text(FIELDS.container, 'the pod’s main one', CONTAINER_CHARS_MAX), { optional: true }),
    ];
  }
  return preset.parameters.map(({ name, description }) => {
    const id = fieldOfParameter(preset.name, name);
    return input(id, name, text(id, cut(description ?? name, PARAMETER_CHARS_MAX / 2), PARAMETER_CHARS_MAX));
  });
};

const mentioned = ({ mentions }: FormState): readonly KnownBlock[] => {
  const shown = mentions.map(({ pod, namespace }): Sentence => (namespace === null ? [code(pod)] : say`${code(pod)} in ${strong(namespace)}`));
  return shown.length === 0 ? [] : [paragraph(say`The message speaks of ${joined(shown, ', ')}.`)];
};

const filled = ({ namespace: _wanted, ...state }: FormState, choices: FormChoices): ModalView => {
  const now: FormState = { ...state, cluster: choices.cluster, ...(choices.namespace !== null && { namespace: choices.namespace }) };
  const chosen = chosenIn(now, choices);
  return {
    type: 'modal', callback_id: FORM_VIEW, private_metadata: writeFormState({ ...now, choice: chosen }),
    title: plain('Debug a pod'), submit: plain('Ask'), close: plain('Go back'),
    blocks: [
      ...mentioned(now), ...clusterField(choices), namespaceField(now), podField(now), ...choiceField(now, choices, chosen), ...commandFields(choices, chosen),
      input(FIELDS.timeout, 'Stop after', text(FIELDS.timeout, `${duration(choices.timeoutDefaultMs)}; at most ${duration(choices.timeoutMaxMs)}`, TIMEOUT_CHARS_MAX), { optional: true, hint: '90s, 5m' }),
      input(FIELDS.reason, 'Reason', text(FIELDS.reason, 'INC-42: latency', REASON_CHARS_MAX), { optional: true }),
    ],
  };
};

/** Opened at once, before anything is looked up: the trigger lives three seconds. */
export const waitingForm = (): ModalView => ({ type: 'modal', callback_id: FORM_VIEW, title: plain('Debug a pod'), close: plain('Go back'), blocks: [paragraph(['Reading what you may run…'])] });

export const formView = (state: FormState, given: FormAnswer): ModalView => {
  if (given.kind === 'form') return filled(state, given.choices);
  return noticeView(given.kind === 'refused' ? refusalSentence(given.refusal) : ['What you may run could not be read right now. Try again in a minute.']);
};
