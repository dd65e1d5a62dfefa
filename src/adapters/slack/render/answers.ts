/** What the person who typed something reads at once, alone. */
import type { Answer, ClickAnswer, Listing, RequestLine } from '../../../app/slack-port.ts';
import { DECIDERS_COMMANDS, helpText } from '../../../domain/command/help.ts';
import { caretLine } from '../../../domain/command/render.ts';
import type { Normalisation } from '../../../domain/command/normalise.ts';
import type { Target } from '../../../domain/command/command.ts';
import { outlookSentence } from '../wording/outlooks.ts';
import { countOf } from '../wording/quantities.ts';
import { allowLine, doneSentence, frozenSentence, reviewLine } from '../wording/authority.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { at, code, joined, linkTo, person, say, someOf, strong, type Sentence } from '../wording/sentence.ts';
import { stateInWords } from '../wording/states.ts';
import { shortCommand } from './arguments.ts';
import { card } from './card.ts';
import { outcomeInShort } from './mirror.ts';
import { cut, visible } from './escape.ts';
import { box, line, lines, richText, spoken, worded, type Message } from './rich.ts';

const NORMALISED_SHOWN_MAX = 5;
const LINES_SHOWN_MAX = 20;
const DESCRIPTION_CHARS_MAX = 200;

const name = (target: Target): string => {
  if (target.kind === 'name') return target.name;
  return target.kind === 'workload' ? `${target.resource}/${target.name}` : `-l ${target.selector}`;
};

const change = ({ from, to }: Normalisation): Sentence =>
  to === '' ? say`left out ${code(visible(from))}` : say`read ${code(from === '\u00a0' ? 'a no-break space' : cut(visible(from), DESCRIPTION_CHARS_MAX))} as ${code(to === ' ' ? 'a space' : cut(to, DESCRIPTION_CHARS_MAX))}`;

/** The same change is told once, however often it was made. */
const changes = (normalised: readonly Normalisation[]): Sentence => {
  const distinct = [...new Map(normalised.map((one) => [`${one.from}\u0000${one.to}`, one])).values()];
  if (distinct.length === 0) return [];
  const shown = distinct.slice(0, NORMALISED_SHOWN_MAX).map(change);
  return say` I ${joined(shown, ', ')}${distinct.length > shown.length ? ` and ${distinct.length - shown.length} more` : ''}.`;
};

const accepted = ({ command, request, normalised }: Extract<Answer, { kind: 'accepted' }>): Message =>
  worded(say`Looking for ${code(name(command.target))} in ${strong(command.namespace)}… (${code(request)})${changes(normalised)}`);

const unparsed = ({ error, text }: Extract<Answer, { kind: 'unparsed' }>): Message => {
  const sentence = say`${error.message}`;
  const hint: Sentence = error.hint === undefined || error.message.includes(error.hint) ? [] : say`Try: ${code(error.hint)}`;
  return {
    text: spoken([sentence, hint]),
    blocks: [richText(line(sentence), ...(text.trim() === '' ? [] : [box(caretLine(text, error.offset))]), ...(hint.length === 0 ? [] : [line(hint)]))],
  };
};

export const verdict = ({ state, outcomes }: RequestLine): string => (outcomes === undefined ? stateInWords(state) : outcomes.map(outcomeInShort).join(', '));

export const requestLine = (one: RequestLine): Sentence =>
  say`${code(one.request)} ${verdict(one)} · ${person(one.requester)} · ${one.cluster}/${one.namespace} ${code(cut(one.target, DESCRIPTION_CHARS_MAX))} · ${code(shortCommand(one.argv, 60))} · ${at(one.askedAt)}${linkTo(one.link, 'card')}`;

const NONE: { readonly [Which in Extract<Listing, { of: 'requests' }>['which']]: string } = {
  status: 'You have no request that is not finished.',
  pending: 'Nothing waits for approval.',
  history: 'Nothing was run lately.',
  timeline: 'Nothing was asked in this channel lately.',
};

const firstOf = <Item>(items: readonly Item[], show: (item: Item) => Sentence, none: string): Message => {
  if (items.length === 0) return worded([none]);
  const more = items.length - LINES_SHOWN_MAX;
  return worded(...items.slice(0, LINES_SHOWN_MAX).map(show), ...(more > 0 ? [say`… and ${countOf(more, 'more', 'more')}`] : []));
};

const described = (description: string | undefined): string => (description === undefined ? '' : `: ${cut(description, DESCRIPTION_CHARS_MAX)}`);

type ListingOf<Of extends Listing['of']> = Extract<Listing, { of: Of }>;

const LISTINGS: { readonly [Of in Listing['of']]: (list: ListingOf<Of>) => Message } = {
  help: ({ topic, mayDecide, namespaces, images, presets }) => {
    const text = helpText(topic, mayDecide ? [] : DECIDERS_COMMANDS).join('\n');
    const reach = [say`You can reach the namespaces ${someOf(namespaces, 'none')}, with the images ${someOf(images, 'none')} and the presets ${someOf(presets, 'none')}.`];
    return { text: spoken([['How to use kdebug:'], say`${text}`]), blocks: [richText(line(['How to use kdebug:']), box(text), ...reach.map(line))] };
  },
  images: ({ images }) => firstOf(images, (image) => say`${strong(image.name)}${image.isDefault ? ' (used when no other is named)' : ''} ${code(image.ref)}${image.shell ? '' : ' (no shell)'}${described(image.description)}`, 'There are no images that you may use.'),
  presets: ({ presets }) => firstOf(presets, (preset) => say`${strong(preset.name)} ${code(shortCommand(preset.command, 80))}${preset.parameters.length === 0 ? '' : ` with ${preset.parameters.map((one) => one.name).join(', ')}`}${described(preset.description)}`, 'There are no presets that you may use.'),
  request: ({ request }) => withoutButtons(card(request)),
  requests: ({ requests, which, freeze, reviews = [], allows = [] }) => {
    const before = [...(freeze ? [say`🧊 ${frozenSentence(freeze)}. Nothing new runs until two approvers unfreeze.`] : []), ...allows.slice(0, LINES_SHOWN_MAX).map(allowLine), ...reviews.slice(0, LINES_SHOWN_MAX).map(reviewLine)];
    return firstOf([...before, ...requests.map(requestLine)], (sentence) => sentence, NONE[which]);
  },
  allows: ({ allows }) => firstOf(allows, allowLine, 'There is no pre-approval that concerns you.'),
  whoami: ({ user, pending, approves, outlooks, allows }) => worded(
    say`You are ${person(user)}. ${countOf(pending, 'request')} of yours ${pending === 1 ? 'is' : 'are'} not finished.`,
    approves.length === 0 ? ['You approve for no rule.'] : say`You approve for: ${cut(approves.join(', '), DESCRIPTION_CHARS_MAX)}.`,
    ...outlooks.slice(0, LINES_SHOWN_MAX).map(outlookSentence),
    ...allows.slice(0, LINES_SHOWN_MAX).map(allowLine),
  ),
};

const listing = (list: Listing): Message => (LISTINGS[list.of] as (list: Listing) => Message)(list);

/** A copy of a card is not the card: a click on it would not count, so it offers none. */
const withoutButtons = ({ text, blocks }: Message): Message => ({ text, blocks: blocks.filter((block) => block.type !== 'actions') });

export const NOT_SAVED: Sentence = ['I could not save your request, so nothing will run. Try again in a minute.'];
/** After the deadline nobody knows yet; saying "nothing will run" could be a lie. */
export const NOT_KNOWN: Sentence = ['I do not know yet whether your request was saved. If a card appears, it was accepted. To be sure: /kdebug status'];
export const CLICK_NOT_KNOWN: Sentence = ['I do not know whether that click was counted. Look at the card: if it still waits, press again.'];
export const NOT_UNDERSTOOD: Sentence = ['Slack sent something that kdebug does not understand, so nothing was done. Try again.'];

type AnswerOf<Kind extends Answer['kind']> = Extract<Answer, { kind: Kind }>;

const ANSWERS: { readonly [Kind in Answer['kind']]: (given: AnswerOf<Kind>) => Message | undefined } = {
  accepted,
  again: ({ request, state }) => worded(say`You asked for exactly this a moment ago: ${code(request)} stands for both. It is ${stateInWords(state)}.`),
  refused: ({ refusal, namespace }) => worded(refusalSentence(refusal, namespace === undefined ? {} : { namespace })),
  unparsed,
  lines: (given) => listing(given.listing),
  cancelled: ({ request, isStopping }) => worded(isStopping === true
    ? say`${code(request)} runs already: it is being stopped. Its card says when it ended.`
    : say`${code(request)} is cancelled. It will not run.`),
  posted: ({ requests }) => worded(say`The timeline (${countOf(requests, 'request')}) is in the channel, with Markdown for the post-mortem.`),
  authority: ({ said }) => worded(doneSentence(said)),
  duplicate: () => undefined,
  unavailable: () => worded(NOT_SAVED),
};

/** Undefined: there is nothing to say (the same delivery was answered before). */
export const answer = (given: Answer): Message | undefined => (ANSWERS[given.kind] as (given: Answer) => Message | undefined)(given);

const confirmHere = ({ url, until }: Extract<ClickAnswer, { kind: 'step_up' }>): Message =>
  worded(say`This approval has to be confirmed by a login outside Slack. Read the plan once more and log in before ${at(until)}: ${[{ link: url, label: 'confirm the approval' }]}. The link is for you alone and works once.`);

/** Undefined: the card says it to everybody. */
export const clickAnswer = (given: ClickAnswer): Message | undefined => {
  if (given.kind === 'done') return undefined;
  if (given.kind === 'step_up') return confirmHere(given);
  return given.kind === 'refused' ? worded(refusalSentence(given.refusal)) : worded(['I could not save that, so nothing has changed. Press again in a minute.']);
};

/** Lines for one block of text, used by modals too. */
export const paragraph = (...sentences: readonly Sentence[]) => richText(lines(sentences));
