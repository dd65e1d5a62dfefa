/** The door of the form, its type-ahead, the message shortcut and the Home tab: the second half of door.ts. */
import type { z } from 'zod';
import type { Entrant } from '../../../app/entry-port.ts';
import { composeForm, type ComposedForm, type FormField } from '../../../domain/command/form.ts';
import { parseClusterName, parseNamespace, type TeamId, type UserId } from '../../../domain/names.ts';
import { podMentions } from '../../../domain/pod-mentions.ts';
import type { TypedCommand } from '../../../app/slack-port.ts';
import type { Identity } from '../identity.ts';
import { FIELDS, FORM_VIEW, readFormState, type FormState } from '../render/form-state.ts';
import { refused, shaped, whyForeign, type Read } from './door.ts';
import { FORM_ACTION, FORM_SUBMISSION, HOME, SHORTCUT, SUGGESTION, type Values } from './entry-shapes.ts';
import { wordsOf } from './message-words.ts';

/** The value of the first field whose name begins so: a field that is for one place has that in its name. */
export const valueIn = (values: Values, field: string): string => {
  const [, elements] = Object.entries(values).find(([block]) => block === field || block.startsWith(`${field} `)) ?? [];
  const [filled] = Object.values(elements ?? {});
  return (filled?.value ?? filled?.selected_option?.value ?? '').trim();
};

const parametersIn = (values: Values, preset: string): readonly (readonly [string, string])[] => {
  const prefix = `${FIELDS.set} ${preset} `;
  return Object.keys(values).filter((block) => block.startsWith(prefix)).map((block) => [block.slice(prefix.length), valueIn(values, block)]);
};

type FormPayload = z.output<typeof FORM_ACTION> | z.output<typeof FORM_SUBMISSION> | z.output<typeof SUGGESTION>;

export interface FormRead {
  readonly viewId: string;
  readonly hash: string;
  readonly entrant: Entrant;
  /** What the view remembers, and over it what was chosen since. */
  readonly state: FormState;
  readonly values: Values;
}

const originOf = ({ team, user, enterprise, is_enterprise_install: isEnterpriseInstall, api_app_id: appId }: Pick<z.output<typeof FORM_ACTION>, 'team' | 'user' | 'enterprise' | 'is_enterprise_install' | 'api_app_id'>) =>
  ({ team: team.id, userTeam: user.team_id, enterprise: enterprise?.id, isEnterpriseInstall, appId });

const chosenNow = (remembered: FormState, values: Values): FormState => {
  const [cluster, namespace, choice] = [parseClusterName(valueIn(values, FIELDS.cluster)), parseNamespace(valueIn(values, FIELDS.namespace)), valueIn(values, FIELDS.choice)];
  return { ...remembered, ...(cluster !== undefined && { cluster }), ...(namespace !== undefined && { namespace }), ...(choice !== '' && { choice }) };
};

const readForm = <Payload extends FormPayload>(payload: Payload, identity: Identity): Read<FormRead & { readonly payload: Payload }> => {
  const { view } = payload;
  if (view.callback_id !== FORM_VIEW) return refused('malformed', 'the form is none of ours');
  const remembered = readFormState(view.private_metadata);
  if (remembered === undefined) return refused('malformed', 'the form does not say where it was opened');
  const foreign = whyForeign(originOf(payload), identity);
  if (foreign !== undefined) return refused('foreign', foreign);
  const { values } = view.state;
  return { ok: true, value: { payload, viewId: view.id, hash: view.hash, entrant: { user: payload.user.id, team: payload.team.id, channel: remembered.channel }, state: chosenNow(remembered, values), values } };
};

export const readFormAction = (body: unknown, identity: Identity): Read<FormRead> => {
  const read = shaped(FORM_ACTION, body);
  return read.ok ? readForm(read.value, identity) : read;
};

export interface Submitted {
  readonly input: TypedCommand;
  readonly form: ComposedForm;
  readonly state: FormState;
  readonly fields: readonly string[];
}

/** The filled-in form as the text that a person would have typed. */
export const readFormSubmission = (body: unknown, identity: Identity): Read<Submitted> => {
  const shape = shaped(FORM_SUBMISSION, body);
  if (!shape.ok) return shape;
  const read = readForm(shape.value, identity);
  if (!read.ok) return read;
  const { entrant, state, values, payload, viewId, hash } = read.value;
  const [kind = '', name = ''] = (state.choice ?? '').split(' ');
  const value = (field: Exclude<FormField, `set:${string}`> & keyof typeof FIELDS): string => valueIn(values, FIELDS[field]);
  const form = composeForm({
    cluster: state.cluster ?? '', namespace: state.namespace ?? '', target: value('target'), timeout: value('timeout'), reason: value('reason'),
    ...(kind === 'preset'
      ? { image: '', preset: name, set: parametersIn(values, name), command: '', container: '' }
      : { image: name, preset: '', set: [], command: value('command'), container: value('container') }),
  });
  return {
    ok: true,
    value: {
      form, state, fields: Object.keys(values),
      input: { ...entrant, text: form.text, escaped: false, trigger: payload.trigger_id ?? `${viewId} ${hash}`, source: 'form', ...(state.thread !== undefined && { thread: state.thread }) },
    },
  };
};

export interface SuggestionRead extends FormRead {
  readonly of: 'namespace' | 'pod';
  readonly typed: string;
}

export const readSuggestion = (body: unknown, identity: Identity): Read<SuggestionRead> => {
  const shape = shaped(SUGGESTION, body);
  if (!shape.ok) return shape;
  const { action_id: action, value: typed } = shape.value;
  const of = action === FIELDS.namespace ? 'namespace' : action.startsWith(`${FIELDS.target} `) ? 'pod' : undefined;
  if (of === undefined) return refused('malformed', 'the menu is none of ours');
  const read = readForm(shape.value, identity);
  return read.ok ? { ok: true, value: { ...read.value, of, typed } } : read;
};

export interface ShortcutRead {
  readonly entrant: Entrant;
  readonly trigger: string;
  readonly responseUrl: string | undefined;
  readonly state: FormState;
}

/** "Debug from this message": the card will go to the thread of that message. */
export const readShortcut = (body: unknown, identity: Identity): Read<ShortcutRead> => {
  const read = shaped(SHORTCUT, body);
  if (!read.ok) return read;
  const { value } = read;
  const foreign = whyForeign(originOf(value), identity);
  if (foreign !== undefined) return refused('foreign', foreign);
  const mentions = podMentions(wordsOf(value.message));
  const namespace = mentions[0]?.namespace;
  const state: FormState = { channel: value.channel.id, thread: value.message.thread_ts ?? value.message.ts, mentions, ...(namespace && { namespace }) };
  return { ok: true, value: { entrant: { user: value.user.id, team: value.team.id, channel: value.channel.id }, trigger: value.trigger_id, responseUrl: value.response_url, state } };
};

export interface HomeRead {
  readonly user: UserId;
  readonly team: TeamId;
}

export const readHome = (body: unknown, identity: Identity): Read<HomeRead> => {
  const read = shaped(HOME, body);
  if (!read.ok) return read;
  const { event, ...value } = read.value;
  if (event.tab !== 'home') return refused('ignored', 'another tab was opened');
  const foreign = whyForeign({ team: value.team_id, enterprise: value.enterprise_id, appId: value.api_app_id }, identity);
  return foreign === undefined ? { ok: true, value: { user: event.user, team: value.team_id } } : refused('foreign', foreign);
};
