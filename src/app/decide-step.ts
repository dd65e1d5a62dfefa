import type { Catalogue } from '../domain/catalogue.ts';
import { dueOf } from '../domain/due.ts';
import { CARD_CHARS_MAX } from '../domain/limits.ts';
import type { Instant, RequestId, UserId } from '../domain/names.ts';
import type { Gate } from '../domain/policy/gate.ts';
import type { Principal } from '../domain/policy/rule.ts';
import type { Command, Exception, Planned, Queued, Request } from '../domain/request-states.ts';
import { whyFrozen } from './authority/frozen.ts';
import { announce, oweReviewOf, owesNotice, whyNotBreakGlass, type BreakingGlass } from './authority/glass.ts';
import { allowFor } from './authority/pre-approvals.ts';
import { advance, change, type Advancing } from './change.ts';
import { distinctOthers, type Identity } from './identity.ts';
import { judgePlan, type Judging } from './judge.ts';
import type { Chat, Directory } from './chat-port.ts';
import type { GrantSigner } from './ports.ts';
import { askRights, FRESH_MS, type Rights } from './rights.ts';

export interface Deciding extends Advancing, BreakingGlass, Judging {
  readonly catalogue: Catalogue;
  readonly directory: Directory;
  readonly chat: Pick<Chat, 'cardLength' | 'authority'>;
  readonly signer: GrantSigner;
  readonly identity: Identity;
}

/**
 * The decision side's step: rules, groups and approvals as they are now, once a plan is there and again right before
 * the run. Only this gives a grant. An open gate is granted in the same append: both were decided at the same moment.
 */
export const decideStep = async (world: Deciding, id: RequestId, generation: number): Promise<DecideResult> => {
  const loaded = await world.store.load(id);
  if (owesNotice(loaded.request) && isDue(loaded.request, generation)) return tellFirst(world, loaded.request, loaded.now);
  const changed = await change(world.store, id, (current, at) => commandsFor(world, current, generation, at), loaded);
  if (changed.ok) await advance(world, changed.request);
  return DONE;
};

/** `again`: Slack wants us to wait with a notice that must stand before anything runs. */
export type DecideResult = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: number };
const DONE: DecideResult = { kind: 'done' };

/** A broken glass is announced in a step of its own: the grant is the next one's, once Slack has taken the notice. */
const tellFirst = async (world: Deciding, request: Queued, now: Instant): Promise<DecideResult> => {
  const frozen = await whyFrozen(world.authority);
  const told = frozen ? { command: { type: 'report_notice', notice: null, why: 'everything is frozen' } as const } : await announce(world, request, now);
  if ('afterMs' in told) return { kind: 'again', afterMs: told.afterMs };
  const changed = await change(world.store, request.id, () => [told.command]);
  if (changed.ok) await advance(world, changed.request);
  return DONE;
};

const isDue = (request: Request, generation: number): boolean => {
  const due = dueOf(request);
  return due?.step === 'decide' && due.generation === generation;
};

const commandsFor = async (world: Deciding, request: Request, generation: number, now: Instant): Promise<readonly Command[]> => {
  if (!isDue(request, generation) || (request.state !== 'planned' && request.state !== 'queued')) return [];
  const rights = await askRights(world.directory, world.policy, FRESH_MS, world.breakGlass?.who);
  const gate = await requesterGate(world, rights, request, now);
  const others = await othersAmong(world, request);
  const isOnlyChecked = request.ask.command.options.dryRun === true;
  const exception = gate.gate === 'held' && !isOnlyChecked ? await exceptionFor(world, rights, request, gate, now) : undefined;
  const grant: Command = { type: 'grant', gate, policyVersion: world.policy.version, ...exception, isEntitled: (approver) => others.has(approver) && rights.isOneOf(approver, approversNow(gate, request)), sign: (claim) => world.signer.sign(claim) };
  if (request.state === 'queued') {
    await oweReviewOf(world, request, now);
    return [grant];
  }
  const pass: Command = { type: 'pass_gate', gate: exception ? gate : fitting(world, request, gate), policyVersion: world.policy.version, ...exception };
  return [pass, ...(!isOnlyChecked && (gate.gate === 'open' || exception?.exception.by === 'pre_approval') ? [grant] : [])];
};

/** Of those who approved, who is another person than the requester and than whoever approved before, asked again now. */
const othersAmong = async (world: Deciding, request: Planned | Queued): Promise<ReadonlySet<UserId>> => {
  const approvers = request.state === 'queued' && request.authorization.by === 'approvals' ? request.authorization.approvals.map(({ by }) => by) : [];
  return distinctOthers(world, request.ask.requester, approvers);
};

/** What may stand for the approvals that the rule asks for; undefined: nothing does. */
const exceptionFor = async (world: Deciding, rights: Rights, request: Planned | Queued, { hold }: Extract<Gate, { gate: 'held' }>, now: Instant): Promise<{ readonly exception: Exception } | undefined> => {
  const { requester, command } = request.ask;
  if (command.options.breakGlass) {
    const refusal = whyNotBreakGlass(world.breakGlass, rights, requester, [request.plan.profile]);
    return { exception: { by: 'break_glass', ...(refusal && { refusal }) } };
  }
  if (request.state === 'queued' && request.authorization.by !== 'pre_approval') return undefined;
  const allow = request.state === 'queued' && request.authorization.by === 'pre_approval'
    ? (await world.authority.load('allow', request.authorization.id)).state
    : await allowFor(world.authority, request, (person) => rights.isOneOf(person, hold.approvers), hold.needed, now);
  if (!allow) return undefined;
  const others = await distinctOthers(world, requester, allow.approvedBy);
  return { exception: { by: 'pre_approval', allow, isEntitled: (person) => others.has(person) && rights.isOneOf(person, hold.approvers) } };
};

/** Somebody who left the workspace since they asked has no rights left. */
const requesterGate = async (world: Deciding, rights: Rights, request: Planned | Queued, now: Instant): Promise<Gate> => {
  const { requester, place } = request.ask;
  const frozen = await whyFrozen(world.authority);
  if (frozen) return { gate: 'closed', refusal: frozen };
  const member = await world.directory.member(requester, place.team);
  if (member !== 'member') return { gate: 'closed', refusal: { code: 'not_a_member', user: requester } };
  return judgePlan(world, rights, request, now);
};

/** Whoever the rules name now; of a gate that opened since, whoever they named then: it asks for less than was given. */
const approversNow = (gate: Gate, request: Planned | Queued): readonly Principal[] => {
  if (gate.gate === 'held') return gate.hold.approvers;
  return gate.gate === 'open' && request.state === 'queued' && request.authorization.by === 'approvals' ? request.authorization.hold.approvers : [];
};

/** An approver sees the whole plan or is not asked. */
const fitting = (world: Deciding, request: Planned | Queued, gate: Gate): Gate => {
  if (gate.gate !== 'held') return gate;
  const { revision, chosen, ask, id, askedAt, version, plan, digest, preflight } = request;
  const characters = world.chat.cardLength({
    state: 'awaiting_approval', id, ask, askedAt, version, revision, chosen, plan, digest, preflight, rule: gate.rule, hold: gate.hold, approvals: [], expiresAt: askedAt,
  });
  return characters <= CARD_CHARS_MAX ? gate : { gate: 'closed', refusal: { code: 'card_too_long', characters, max: CARD_CHARS_MAX } };
};
