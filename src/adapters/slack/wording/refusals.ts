/**
 * Why something was not accepted, in words: one entry a code, so that the compiler asks for the words of a new one. Each
 * says what is the matter and what to do now, to somebody who reads it at three in the night.
 */
import { suggest } from '../../../domain/command/suggest.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import type { StepUpFailure } from '../../../domain/step-up.ts';
import { duration } from './quantities.ts';
import { failureSentence, type Where } from './failures.ts';
import { at, code, listed, person, principal, say, someOf, strong, type Sentence } from './sentence.ts';
import { stateInWords } from './states.ts';

type RefusalOf<Code extends Refusal['code']> = Extract<Refusal, { code: Code }>;
type Words = { readonly [Code in Refusal['code']]: (refusal: RefusalOf<Code>, where: Where) => Sentence };

const approvers = (refusal: RefusalOf<'own_request' | 'not_an_approver'>): Sentence =>
  refusal.approvers.length === 0 ? ['nobody, as the rule stands'] : listed(refusal.approvers.map(principal), 'or');

/** Which of them was meant, as it looks. */
const nearTo = (word: string, known: readonly string[]): Sentence => {
  const near = suggest(word, known);
  return near === undefined ? [] : say` Did you mean ${code(near)}?`;
};

const MISSING = 'That request is not known here. Check its id; it may be older than 90 days, or somebody else\'s.';

const STEP_UP_WORDS: { readonly [Why in StepUpFailure]: string } = {
  unknown_link: 'The link to confirm an approval is none that kdebug gave. Press Approve on the card again.',
  expired_link: 'The link to confirm an approval had expired. Press Approve on the card again.',
  used_link: 'The link to confirm an approval had been used already. Look at the card.',
  unknown_login: 'A login came back that nobody is waiting for: it was answered already, or took too long. Press Approve on the card again.',
  another_browser: 'A login came back in another browser than it began in, so it does not count. Press Approve on the card again.',
  provider_away: 'The login provider did not answer, so nothing was confirmed. Press Approve on the card again in a minute.',
  login_refused: 'The login provider did not confirm the login. Press Approve on the card again.',
  old_login: 'The login was older than the click it should confirm, so it does not count. Press Approve on the card again.',
  no_address: 'The login has no verified address that could be held against the one in Slack. Ask the people who run kdebug (docs/step-up.md).',
  another_person: 'The login was another person’s than the click it should confirm, so it does not count. Press Approve again and log in as yourself.',
};

const WORDS: Words = {
  rule: ({ rule, message }) => say`Refused by the rule “${rule}”${message === undefined ? '. Ask the people who keep the rules.' : `: ${message}`}`,
  no_rule: () => ['No rule allows this, so it is refused. Ask the people who keep the rules of kdebug, or try another namespace, image or preset.'],
  reason_missing: ({ rule, pattern }) => pattern === undefined
    ? say`The rule ${strong(rule)} wants a reason: add ${code('--reason "…"')}.`
    : say`The rule ${strong(rule)} wants a reason that matches ${code(pattern)}: add ${code('--reason "…"')}.`,
  digest_required: ({ rule, image }) => say`The rule ${strong(rule)} wants an image pinned by digest, and ${code(image)} is not. Use one that is, or ask for it to be pinned in the catalogue.`,
  unbounded_image: ({ rule, image }) => say`${code(image)} has no shell, so nothing inside it would stop the command in time, and the rule ${strong(rule)} does not permit that. Use another image.`,
  env_refused: ({ rule, names }) => say`The rule ${strong(rule)} permits this command by its words, and ${listed(names.map(code), 'and')} may change what it does. Leave --env out, or ask with a command that somebody approves.`,
  pods_differ: ({ rules }) => say`The rules do not say the same of all these pods (${listed(rules.map(strong), 'and')}). Ask for the pods apart, such as one by its name.`,
  plan_not_asked: () => say`A worker reported a plan for something else than was asked, so nothing was run. Tell the people who run kdebug: this should not happen.`,
  node_access_refused: ({ rule, access }) => say`The rule ${strong(rule)} does not permit pods that reach their node, and this one has ${listed(access, 'and')}. Use kubectl with the rights for the node, or ask the people who keep the rules.`,
  private_refused: ({ rule }) => say`The rule ${strong(rule)} does not permit ${code('--private')}: leave it out, and the output goes to the thread.`,
  step_up_unavailable: ({ rule }) => say`The rule ${strong(rule)} wants approvers to confirm by a login outside Slack, and this installation has none. Ask the people who run kdebug to set it up (docs/step-up.md).`,
  step_up_needed: ({ rule }) => say`The rule ${strong(rule)} wants this confirmed by a login outside Slack, so a click alone does not count. Press Approve again.`,
  step_up_missing: ({ approver }) => say`${person(approver)} approved this without the login outside Slack that the rule wants, so it does not run. Ask again.`,
  step_up_failed: ({ why }) => [STEP_UP_WORDS[why]],
  policy_changed: () => ['The rules changed while this was on its way, so it does not run. Ask again: the new rules decide.'],
  approval_lost: ({ approver }) => say`${person(approver)} approved this but may not approve it any more, so it does not run. Ask again.`,
  own_namespace: ({ namespace }) => say`${strong(namespace)} is where kdebug itself lives, and nothing of it can be debugged through it. Use kubectl.`,
  not_planned: ({ failure }, where) => failureSentence(failure, where),
  cluster_unknown: ({ cluster, clusters }) => cluster === ''
    ? say`Say which cluster: ${code('CLUSTER/NAMESPACE')}. There are: ${someOf(clusters, 'none yet')}.`
    : say`${code(cluster)} is not a cluster of this kdebug.${nearTo(cluster, clusters)} There are: ${someOf(clusters, 'none yet')}.`,
  timeout_too_long: ({ timeoutMs, maxMs }) => say`${duration(timeoutMs)} is too long: at most ${duration(maxMs)} here. Try ${code(`--timeout ${Math.floor(maxMs / 1_000)}s`)}.`,
  card_too_long: ({ characters, max }) => say`An approver could not read all of this on one card (${characters.toLocaleString('en-US')} characters, at most ${max.toLocaleString('en-US')}). Shorten it, or make it a preset.`,
  no_identity: ({ why }) => [`The cluster cannot be asked in your name: ${why}. Whoever runs kdebug can add you under identity in kdebug.yaml.`],
  not_a_member: () => ['Only full members of this workspace can use kdebug: no guests, bots or people of other organisations. If you are one, try again in a minute.'],
  unknown_channel: () => ['Slack did not say what this channel is, so nothing was done. Try again in a minute; if that does not help, invite kdebug: /invite @kdebug'],
  nowhere_to_post: () => ['kdebug cannot post here, and there is no channel for approvals that it can post in. Invite it into this channel, then try again: /invite @kdebug'],
  shared_channel: () => ['This channel is shared with another organisation, so kdebug shows nothing there. Ask in a channel of your own.'],
  too_many_pending: ({ pending }) => say`You have ${String(pending.length)} requests waiting already: ${listed(pending.map(code))}. Withdraw one, or wait until one is decided.`,
  no_such_request: () => [MISSING],
  wrong_card: () => ['This message is not the card of that request, so a click here does not count. Use the card itself.'],
  own_request: (refusal) => say`You asked for this, so somebody else has to approve it: ${approvers(refusal)}.`,
  not_an_approver: (refusal) => say`You cannot decide this one. These people can: ${approvers(refusal)}.`,
  already_approved: () => ['You have approved this already. It waits for somebody else.'],
  another_plan: ({ digest }) => say`What would run has changed since you read it (now ${code(digestInGroups(digest))}). Read the card again, then decide.`,
  not_the_requester: () => ['Only the person who asked can do that. Ask them, or press Deny if you are one who may.'],
  already_decided: ({ state }) => say`This request is decided already: it is ${stateInWords(state)}.`,
  too_late: ({ since }) => say`Too late: it expired at ${at(since)} and will not run. Ask again if it is still needed.`,
  running: ({ until }) => say`It runs already, and this cluster does not let kdebug stop it. It ends by itself at ${at(until)} at the latest.`,
  stopping: ({ until }) => say`Somebody has asked to stop it already. Should that not work, it ends by itself at ${at(until)} at the latest.`,
  may_not_see: () => ['Only the person who asked, those who may approve, and the members of the channel where it was shown can see this output.'],
  output_gone: () => ['That output is not kept any more. Press Run again for a new one.'],
  too_busy: () => ['Several people decide on this request right now, so your click was not counted. Look at the card, then press again if it still waits.'],
  frozen: ({ by, since, reason }) => say`${person(by)} froze everything at ${at(since)}${reason === null ? '' : say`: ${code(reason)}`}. Nothing is started until it is lifted: ask two approvers to type ${code('/kdebug unfreeze')}.`,
  not_frozen: () => ['Nothing is frozen: there is nothing to do.'],
  already_lifting: ({ until }) => say`You have asked for it already. Another approver has to type ${code('/kdebug unfreeze')} before ${at(until)}.`,
  not_any_approver: () => ['Only those who approve under some rule can freeze or unfreeze. Ask one of them.'],
  allow_needs_login: ({ scope, rule }) => say`The rule ${code(rule)} wants a login with each approval of ${code(scope)}, and nothing can stand for that beforehand. Ask for each command when you need it.`,
  allow_needless: ({ scope }) => say`No rule holds ${code(scope)} there for approval, so there is nothing to approve beforehand: it runs at once, or is refused anyway. Try it without.`,
  too_many_allows: ({ max }) => say`There are too many pre-approvals already (${String(max)} of one person at most): revoke one with ${code('/kdebug allow revoke ID')}.`,
  own_allow: () => ['You asked for this pre-approval, or it is for you: somebody else has to decide.'],
  no_such_allow: () => say`There is no such pre-approval. See ${code('/kdebug allow list')}.`,
  not_yours_to_revoke: () => ['Only the person who asked, the person it is for, and those who may approve it can revoke it. Ask one of them.'],
  allow_over: () => ['That pre-approval is over: it was revoked, its time has come, or the rules have changed since. Ask again.'],
  break_glass_off: () => ['Nobody can break the glass here: this installation has no break_glass. Ask for approval instead.'],
  break_glass_reason: () => say`An emergency needs a reason: add ${code('--reason "…"')}.`,
  break_glass_who: ({ who }) => say`You cannot break the glass. These people can: ${listed(who.map(principal), 'or')}.`,
  break_glass_profile: ({ profiles }) => say`The glass cannot be broken for so much power, only with ${someOf(profiles, 'no profile')}. Add ${code(`--profile ${profiles[0] ?? 'restricted'}`)}, or ask for approval.`,
  not_announced: ({ why }) => say`The emergency could not be announced in the audit channel${why === null ? ' within a minute' : say` (${why})`}, so nothing ran. Ask for approval instead, or try again once Slack takes messages.`,
  own_glass: () => ['You broke the glass: somebody else has to review it.'],
  comment_missing: () => ['A review has to say what you found: add a sentence.'],
  already_recycling: ({ request }) => say`Somebody has asked for that already: ${code(request)}. Look at its card in the thread.`,
  recycle_needs_login: ({ rule }) => say`The rule ${strong(rule)} wants approvers to log in outside of Slack, which recycling cannot ask for. Use kubectl with the rights for it.`,
  too_fast: ({ of, afterMs }) => say`${of === 'person' ? 'You typed' : of === 'channel' ? 'People in this channel typed' : 'Everybody together typed'} more commands than kdebug takes in a minute. Try again in ${duration(Math.ceil(afterMs / 1_000) * 1_000)}.`,
  cooling_down: ({ afterMs }) => say`This was denied a moment ago. Talk to the person who denied it, or ask again in ${duration(Math.ceil(afterMs / 1_000) * 1_000)}.`,
  queue_full: ({ cluster, waiting }) => say`${String(waiting)} commands wait for ${code(cluster)} already, so yours was not added. Try again in a few minutes.`,
  no_grant: () => ['The permission to start it ran out before it started. It is decided once more.'],
  not_due: ({ state }) => say`There is nothing to do for it now: it is ${stateInWords(state)}.`,
};

/** `3f9a 01c2 77de 4b10`: what people compare by eye. */
export const digestInGroups = (digest: string): string => (digest.slice(0, 16).match(/.{4}/g) ?? []).join(' ');

export const refusalSentence = (refusal: Refusal, where: Where = {}): Sentence =>
  (WORDS[refusal.code] as (refusal: Refusal, where: Where) => Sentence)(refusal, where);

