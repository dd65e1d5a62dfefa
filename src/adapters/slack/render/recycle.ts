/** Debug containers go only with their pod: how many there are, the button that asks for its eviction, and the card of such a request. */
import type { Button } from '@slack/types';
import type { RunEnd } from '../../../domain/events.ts';
import { EPHEMERAL_CONTAINERS_MAX, RECYCLE_TRY_MS } from '../../../domain/limits.ts';
import type { Failure } from '../../../domain/outcome.ts';
import type { BudgetFailure, Recycle, RecycleOver } from '../../../domain/recycle-states.ts';
import type { Finished } from '../../../domain/request-states.ts';
import { CONFIRM_CHARS_MAX } from '../limits.ts';
import { short } from '../wording/authority.ts';
import { failureSentence } from '../wording/failures.ts';
import { countOf, duration } from '../wording/quantities.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { at, code, listed, person, principal, say, strong, type Sentence } from '../wording/sentence.ts';
import { button as cardButton, plain } from './buttons.ts';
import { cut, oneLine } from './escape.ts';

/** What the node says of a container that is in the pod and did not start. */
const OF_THE_NODE: readonly Failure['code'][] = ['image_not_pulled', 'image_invalid', 'config_error', 'create_error', 'command_not_found'];

/** Nothing is left behind by what never was in the pod, or in a pod that is gone. */
const isInPod = ({ outcome }: RunEnd): boolean => {
  if (outcome.kind === 'not_started') return outcome.armed || OF_THE_NODE.includes(outcome.failure.code);
  return outcome.kind !== 'interrupted' || (outcome.by !== 'deleted' && outcome.by !== 'replaced');
};

/** `3 of 50 debug containers used`, as of the plan; of several pods the fullest. */
export const leftovers = ({ preflight, plan }: Finished, end: RunEnd): readonly Sentence[] =>
  (isInPod(end) ? [[`${plan.targets.length > 1 ? 'up to ' : ''}${preflight.containersUsed} of ${EPHEMERAL_CONTAINERS_MAX} debug containers used`]] : []);

export const recycleButton = (request: Finished, index: number): readonly Button[] => {
  const [target, end] = [request.plan.targets[index], request.ends[index]];
  if (target === undefined || end === undefined || !isInPod(end)) return [];
  const text = cut(oneLine(`Ask that ${target.namespace} / ${target.pod} be evicted, with the debug containers in it?`), CONFIRM_CHARS_MAX);
  return [cardButton('recycle', 'Recycle pod…', request.id, { confirm: { title: plain('Recycle this pod?'), text: plain(text), confirm: plain('Ask'), deny: plain('Go back') } })];
};

const budgetNamed = ({ budget }: BudgetFailure): Sentence => (budget === null ? ['a disruption budget'] : say`the disruption budget ${code(budget)}`);

const checkLines = (check: Extract<Recycle, { state: 'waiting' }>['check']): readonly Sentence[] => [
  say`why: ${String(check.containers)} of ${String(EPHEMERAL_CONTAINERS_MAX)} debug containers used; they go only with the pod`,
  check.budget === null
    ? ['a dry run of the eviction was admitted: no disruption budget is in the way now']
    : say`${budgetNamed(check.budget)} does not let it go now (${code(short(check.budget.detail))}): it is asked again for ${duration(RECYCLE_TRY_MS)}`,
  check.owner === null ? ['⚠️ nothing owns this pod: it does not come back'] : say`${code(check.owner)} makes another one`,
];

const OVER: { readonly [How in RecycleOver['how']]: (over: Extract<RecycleOver, { how: How }>, where: { readonly cluster: string; readonly namespace: string }) => Sentence } = {
  evicted: () => ['evicted: the cluster lets it end in its own time'],
  gone: ({ isReplaced }) => [isReplaced ? 'this pod is gone: another one has its name, and was left alone' : 'this pod is gone already'],
  failed: ({ failure }, where) => say`not evicted. ${failureSentence(failure, where)}`,
  unknown: () => ['nobody can say whether it was evicted: the worker of its cluster did not come back. Look with kubectl.'],
  denied: ({ by, reason }) => say`denied by ${person(by)}${reason === null ? '' : say`: ${code(short(reason))}`}`,
  withdrawn: ({ by }) => say`taken back by ${person(by)}`,
  expired: () => ['expired: nothing was evicted'],
  refused: ({ refusal }, where) => say`not evicted. ${refusalSentence(refusal, where)}`,
};

const allowedBy = (recycle: Recycle): readonly Sentence[] => {
  const authorization = 'authorization' in recycle ? recycle.authorization : null;
  if (authorization === null) return [];
  return [authorization.by === 'rule' ? say`allowed by rule: ${authorization.rule}` : say`approved by ${person(authorization.approver)} · rule: ${authorization.rule}`];
};

const stateLine = (recycle: Recycle): Sentence => {
  switch (recycle.state) {
    case 'checking': return ['the cluster is being asked'];
    case 'waiting': return say`waits for one other person until ${at(recycle.expiresAt)} · rule: ${recycle.ask.gate.rule}`;
    case 'authorized': case 'granted': return ['about to be evicted'];
    case 'evicting': return recycle.blocked === null ? ['being evicted'] : blockedLine(recycle, recycle.blocked);
    case 'over': return (OVER[recycle.over.how] as (over: RecycleOver, where: object) => Sentence)(recycle.over, recycle.ask.target);
  }
};

const blockedLine = ({ tries, until }: Extract<Recycle, { state: 'evicting' }>, { failure, nextAt }: NonNullable<Extract<Recycle, { state: 'evicting' }>['blocked']>): Sentence => [
  ...(failure.code === 'disruption_budget' ? say`${budgetNamed(failure)} says not now: ${code(short(failure.detail))}.` : failureSentence(failure)),
  ...say` ${countOf(tries - 1, 'try', 'tries')} so far, the next at ${at(nextAt)}, given up at ${at(until)}`,
];

const TITLES: { readonly [State in Exclude<Recycle['state'], 'over'>]: string } = {
  checking: '♻️ Recycle: asking the cluster', waiting: '♻️ Recycle this pod?', authorized: '♻️ Recycle allowed', granted: '♻️ Recycle allowed', evicting: '♻️ Recycling',
};

const OVER_TITLES: { readonly [How in RecycleOver['how']]?: string } = { evicted: '✅ Recycled', gone: '☑️ The pod is gone', unknown: '❔ Recycled, or not' };

export const recycleTitle = (recycle: Recycle): string => {
  if (recycle.state !== 'over') return TITLES[recycle.state];
  return OVER_TITLES[recycle.over.how] ?? '🚫 Not recycled';
};

/** Who, which pod by its uid, why, what stands in the way, and how far it has come. */
export const recycleLines = (recycle: Recycle): readonly Sentence[] => {
  const { ask: { by, target, of, gate } } = recycle;
  const check = 'check' in recycle ? recycle.check : null;
  return [
    say`${person(by)} asks that ${strong(target.namespace)} / ${code(target.pod)} be evicted (cluster ${target.cluster}, uid ${code(target.uid)})`,
    ...(check === null ? [] : checkLines(check)),
    ...allowedBy(recycle),
    stateLine(recycle),
    say`after ${code(of)}`,
    ...(recycle.state === 'waiting' && gate.gate === 'held' && gate.approvers.length > 0 ? [say`cc ${listed(gate.approvers.map(principal))}`] : []),
  ];
};
