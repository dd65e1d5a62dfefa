/** What would run, as an approver reads it. Nothing here leaves anything out, unless it says so. */
import type { RichTextPreformatted, RichTextSection } from '@slack/types';
import { EPHEMERAL_CONTAINERS_MAX } from '../../../domain/limits.ts';
import { powerOf } from '../../../domain/power.ts';
import type { Plan, PlanTarget, Preflight } from '../../../domain/plan.ts';
import type { Authorization, Request, WithPlan } from '../../../domain/request-states.ts';
import { duration } from '../wording/quantities.ts';
import { digestInGroups } from '../wording/refusals.ts';
import { code, inChannel, joined, person, say, strong, type Sentence } from '../wording/sentence.ts';
import { numbered, numberedWithin } from './arguments.ts';
import { cutByWeight } from './escape.ts';
import { box, lines } from './rich.ts';

const UID_CHARS = 8;
const SHORT_VALUE_CHARS_MAX = 60;
const WARNINGS_MAX = 5;
const WARNING_CHARS_MAX = 300;

/** The pod and where it is: `prod / api-7f9c (cluster main, container api, node eu-3, pod uid 4f1c09aa…)`. */
export const place = (target: PlanTarget): Sentence =>
  say`${strong(target.namespace)} / ${code(target.pod)} (cluster ${target.cluster}, ${target.container === null ? 'no target container' : `container ${target.container}`}${target.node === undefined ? '' : `, node ${target.node}`}, pod uid ${target.uid.slice(0, UID_CHARS)}…)`;

/** One pod in the sentence; several each on a line of its own, by uid. */
export const places = (targets: readonly PlanTarget[]): Sentence =>
  (targets.length === 1 ? joined(targets.map(place), '') : [`${targets.length} pods:`, ...targets.flatMap((target): Sentence => ['\n• ', ...place(target)])]);

export const asked = (request: Request): Sentence => {
  const { command, cluster, requester } = request.ask;
  if ('plan' in request) return say`${person(requester)} asks to run in ${places(request.plan.targets)}`;
  const { target } = command;
  const name = target.kind === 'name' ? target.name : target.kind === 'workload' ? `${target.resource}/${target.name}` : `-l ${target.selector}`;
  return say`${person(requester)} asks to run in ${strong(command.namespace)} / ${code(name)} (cluster ${cluster})`;
};

const row = (label: string, value: Sentence): Sentence => say`${strong(label)}  ${value}`;

const audience = ({ audience: to }: Plan): Sentence =>
  to.kind === 'person' ? say`only to ${person(to.user)}` : say`to this thread, for everybody in ${inChannel(to.channel)}`;

const security = ({ container }: Plan): string => {
  const { securityContext: context } = container;
  const parts = [
    ...(context?.privileged === true ? ['privileged'] : []),
    ...(context?.runAsUser === undefined ? ['as the user of the image'] : [`as uid ${context.runAsUser}`]),
    ...(context?.runAsGroup === undefined ? [] : [`gid ${context.runAsGroup}`]),
    ...(context?.capabilities?.add?.length ? [`with ${context.capabilities.add.join(', ')}`] : []),
    ...(context?.capabilities?.drop?.length ? [`without ${context.capabilities.drop.join(', ')}`] : []),
    ...(container.workingDir === undefined ? [] : [`in ${container.workingDir}`]),
  ];
  return parts.join(', ');
};

const isOpen = (request: WithPlan & { readonly authorization?: Authorization }): boolean => request.authorization !== undefined && request.authorization.by !== 'approvals';

const limits = (request: WithPlan, { timeoutMs, startWithinMs, bounded }: Plan, { containersUsed }: Preflight): string => [
  bounded ? `stops after ${duration(timeoutMs)}` : 'nothing inside the container stops it: this image has no shell',
  `must start within ${duration(startWithinMs)} of ${isOpen(request) ? 'the request' : 'the last approval'}`,
  `${containersUsed} of ${EPHEMERAL_CONTAINERS_MAX} debug containers used in this pod`,
].join(' · ');

/** Whole, or where nobody decides on it each value cut. */
const environment = ({ container: { env = [] } }: Plan, isShort: boolean): readonly Sentence[] => {
  const value = (text: string): string => (isShort ? cutByWeight(text, SHORT_VALUE_CHARS_MAX) : text);
  return env.length === 0 ? [] : [row('env', joined(env.map((one) => [code(`${one.name}=${value(one.value)}`)]), ' '))];
};

const checked = ({ podSecurity, warnings, notices }: Preflight): readonly Sentence[] => [
  row('checked', say`dry run admitted · Pod Security: ${podSecurity ?? 'none'} enforced`),
  ...notices.map((notice) => say`⚠️ ${notice}`),
  ...warnings.slice(0, WARNINGS_MAX).map((warning) => say`⚠️ the cluster warns: ${code(cutByWeight(warning, WARNING_CHARS_MAX))}`),
  ...(warnings.length > WARNINGS_MAX ? [say`⚠️ and ${String(warnings.length - WARNINGS_MAX)} more warnings of the cluster`] : []),
];

const facts = (request: WithPlan, isShort: boolean): readonly Sentence[] => {
  const { plan, preflight, ask, digest } = request;
  const { reason } = ask.command.options;
  return [
    ...(plan.preset === undefined ? [] : [row('preset', [code(plan.preset)])]),
    row('image', say`${plan.image}: ${code(plan.container.image)} (${preflight.pinned ? 'pinned by digest' : 'tag: may move'})`),
    row('profile', say`${plan.profile}: ${powerOf(plan.profile, plan.targets.some((target) => target.container !== null))} (${security(plan)})`),
    row('limits', [limits(request, plan, preflight)]),
    ...environment(plan, isShort),
    row('output', audience(plan)),
    ...checked(preflight),
    ...(reason === undefined ? [] : [row('reason', [code(reason)])]),
    row('plan', say`${code(digestInGroups(digest))}`),
  ];
};

/** `argumentsMax` only where nobody decides on what is left out. */
export const planElements = (request: WithPlan, argumentsMax?: number): readonly (RichTextSection | RichTextPreformatted)[] => [
  box(argumentsMax === undefined ? numbered(request.plan.argv) : numberedWithin(request.plan.argv, argumentsMax)),
  lines(facts(request, argumentsMax !== undefined)),
];
