/** An explanation as the lines of a terminal, the answer last. */
import { formatDuration } from '../config/quantities.ts';
import { caretLine } from '../domain/command/render.ts';
import { unmet, type Gate } from '../domain/policy/gate.ts';
import type { KeyMatch, Match } from '../domain/policy/match.ts';
import type { Rule } from '../domain/policy/rule.ts';
import { stopOf, type RuleTrace } from '../domain/policy/trace.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Explanation, Judged } from './explain.ts';
import { counted, either, inQuotes, principalWords, refusalWords } from './words.ts';

const MATCH_WORDS: Readonly<Record<Match, string>> = { yes: 'matched', no: 'not matched', unknown: 'not known before the pod is' };

/** What the key was held against. */
const factOf = ({ subject, asker }: Judged, rule: Rule, { key }: KeyMatch): string => {
  switch (key) {
    case 'clusters': return subject.cluster;
    case 'environments': return `${subject.cluster}/${subject.namespace}`;
    case 'namespaces': return subject.namespace;
    case 'labels': return subject.labels ? Object.entries(subject.labels).map((pair) => pair.join('=')).join(',') || 'none' : 'no --pod-labels given';
    case 'requesters': return [asker.user, ...asker.groups].join(', ');
    case 'channels': return subject.channel;
    case 'images': return subject.image;
    case 'presets': return subject.preset ?? 'none';
    case 'profiles': return either(subject.profiles);
    case 'argv': return JSON.stringify(subject.argv);
    case 'hours': return `${new Date(subject.now).toLocaleString('en-GB', { timeZone: rule.when.hours?.zone ?? 'UTC', weekday: 'short', hour: '2-digit', minute: '2-digit' })} ${rule.when.hours?.zone ?? ''}`;
  }
};

const keysOf = (judged: Judged, { rule, keys }: RuleTrace): string =>
  keys.length === 0 ? 'no condition, so it matches everything' : keys.map((one) => `${one.key} ${MATCH_WORDS[one.match]} (${factOf(judged, rule, one)})`).join(', ');

const ruleLines = (judged: Judged): readonly string[] => {
  const stop = stopOf(judged.traces);
  const until = stop === undefined ? Number.POSITIVE_INFINITY : judged.traces.indexOf(stop);
  const verdict = (index: number): string => (index < until ? 'passed' : index > until ? 'behind' : stop?.match === 'yes' ? 'decides' : 'may decide');
  return judged.traces.map((trace, index) => `${String(index + 1).padStart(3)} ${verdict(index).padEnd(10)} ${inQuotes(trace.rule.name)}: ${keysOf(judged, trace)}`);
};

interface Condition {
  readonly name: string;
  readonly says: string;
  readonly refusedAs?: Refusal['code'];
}

const reasonSays = ({ reason }: Rule, given: string | undefined): string => {
  if (!reason) return 'not asked for';
  const asked = reason.required ? 'required' : 'not required';
  const matching = reason.pattern === undefined ? '' : `, ${reason.required ? 'and it' : 'but one that is given'} must match ${reason.pattern}`;
  return `${asked}${matching}; ${given === undefined ? 'none given' : `given: ${inQuotes(given)}`}`;
};

const approvalsSay = (rule: Rule, { subject, asker }: Judged): string => {
  if (rule.decide !== 'approve') return 'none needed';
  const who = either(rule.approvers.map(principalWords));
  return `${counted(rule.approvals, 'other person', 'other people')} of ${who}${rule.approvers.some(subject.is) ? `, not ${asker.user}, who asks` : ''}, within ${formatDuration(rule.expiresMs)}`;
};

const conditionsOf = (rule: Rule, judged: Judged): readonly Condition[] => {
  const { conditions, resolved } = judged;
  return [
    { name: 'reason', says: reasonSays(rule, conditions.reason), refusedAs: 'reason_missing' },
    { name: 'digest', says: rule.digestRequired ? `required; the image is ${resolved.image.ref}` : 'not asked for', refusedAs: 'digest_required' },
    { name: 'private', says: `${rule.private === 'allow' ? 'allowed' : 'refused'}; ${conditions.isPrivate ? 'asked for' : 'not asked for'}`, refusedAs: 'private_refused' },
    ...(rule.decide === 'allow' && rule.when.argv !== undefined ? [{ name: 'env', says: 'no --env that may change what the command does', refusedAs: 'env_refused' } as const] : []),
    ...(rule.nodeAccess === 'refuse' ? [{ name: 'node', says: 'pods that reach their node are refused, once the pod is known', refusedAs: 'node_access_refused' } as const] : []),
    { name: 'unbounded', says: `${rule.unbounded ? 'allowed' : 'refused'}; ${conditions.image} ${conditions.hasShell ? 'has sh and timeout' : 'has no sh and timeout'}`, refusedAs: 'unbounded_image' },
    { name: 'approvals', says: approvalsSay(rule, judged) },
    ...(rule.decide === 'approve' && rule.stepUp ? [{ name: 'step up', says: 'each approver confirms by a login outside Slack', refusedAs: 'step_up_unavailable' } as const] : []),
  ];
};

const conditionLines = (judged: Judged): readonly string[] => {
  const stop = stopOf(judged.traces);
  if (stop?.match !== 'yes' || stop.rule.decide === 'refuse') return [];
  const refused = unmet(stop.rule, judged.conditions).map(({ code }) => code);
  return conditionsOf(stop.rule, judged).map(({ name, says, refusedAs }) => `    ${name.padEnd(9)}  ${says}${refusedAs !== undefined && refused.includes(refusedAs) ? ': NOT MET' : ''}`);
};

/** A gate in one line. */
export const gateWords = (gate: Gate, isAtDoor = false): string => {
  switch (gate.gate) {
    case 'open': return `open: ${inQuotes(gate.rule)} lets it run at once`;
    case 'held': return `held: ${inQuotes(gate.rule)} waits for ${counted(gate.hold.needed, 'other person', 'other people')} of ${either(gate.hold.approvers.map(principalWords))}`;
    case 'closed': return `${isAtDoor ? 'refused at the door' : 'closed'}: ${refusalWords(gate.refusal)}`;
    case 'unknown': return 'not known before the pod is: a rule asks for its labels; say --pod-labels';
  }
};

const answerOf = ({ atDoor, outcomes }: Judged): string =>
  outcomes.length === 1 && outcomes[0] !== undefined
    ? gateWords(outcomes[0].gate, atDoor.gate === 'closed')
    : `depends on the profile that Pod Security leaves: ${outcomes.map(({ profiles, gate }) => `${either(profiles)}: ${gateWords(gate)}`).join('; ')}`;

const headOf = ({ command, subject, resolved, asker }: Judged): readonly string[] => [
  `${asker.user}${asker.groups.length === 0 ? '' : ` of ${asker.groups.join(', ')}`} in ${asker.channel} at ${new Date(asker.now).toISOString().replace(/:00\.000Z$/, 'Z')}:`,
  `${JSON.stringify(subject.argv)} in ${subject.cluster}/${command.namespace}, image ${resolved.image.name}, profile ${resolved.profiles.join(', else ')}${resolved.preset === null ? '' : `, preset ${resolved.preset}`}`,
];

/** The answer of an explanation in one line. */
export const answerWords = (explanation: Explanation): string => {
  switch (explanation.kind) {
    case 'unparsed': return explanation.error.message;
    case 'not_a_run': return `${explanation.command} is no command that rules decide about; write NAMESPACE TARGET -- COMMAND`;
    case 'turned_away': return `refused at the door: ${refusalWords(explanation.refusal)}`;
    case 'judged': return answerOf(explanation);
  }
};

export const printExplanation = (explanation: Explanation): string => {
  const lines = explanation.kind === 'judged' ? [...headOf(explanation), ...ruleLines(explanation), ...conditionLines(explanation)] : [];
  const caret = explanation.kind === 'unparsed' && explanation.text.trim() !== '' ? [caretLine(explanation.text, explanation.error.offset)] : [];
  return `${[...lines, answerWords(explanation), ...caret].join('\n')}\n`;
};
