import type { Catalogue } from '../domain/catalogue.ts';
import { dueOf } from '../domain/due.ts';
import { CARD_CHARS_MAX } from '../domain/limits.ts';
import type { Instant, RequestId } from '../domain/names.ts';
import type { Gate } from '../domain/policy/gate.ts';
import type { Policy, Principal } from '../domain/policy/rule.ts';
import type { Command, Planned, Queued, Request } from '../domain/request-states.ts';
import { advance, change, type Advancing } from './change.ts';
import { judgePlan } from './judge.ts';
import type { Chat, Directory } from './chat-port.ts';
import type { GrantSigner } from './ports.ts';
import { askRights, FRESH_MS, type Rights } from './rights.ts';

export interface Deciding extends Advancing {
  readonly policy: Policy;
  readonly catalogue: Catalogue;
  readonly directory: Directory;
  readonly chat: Pick<Chat, 'cardLength'>;
  readonly signer: GrantSigner;
}

/**
 * The decision side's step: rules, groups and approvals as they are now, once a plan is there and again right before
 * the run. Only this gives a grant. An open gate is granted in the same append: both were decided at the same moment.
 */
export const decideStep = async (world: Deciding, id: RequestId, generation: number): Promise<void> => {
  const changed = await change(world.store, id, (request, now) => commandsFor(world, request, generation, now));
  if (changed.ok) await advance(world, changed.request);
};

const commandsFor = async (world: Deciding, request: Request, generation: number, now: Instant): Promise<readonly Command[]> => {
  const due = dueOf(request);
  if (due?.step !== 'decide' || due.generation !== generation || (request.state !== 'planned' && request.state !== 'queued')) return [];
  const rights = await askRights(world.directory, world.policy, FRESH_MS);
  const gate = await requesterGate(world, rights, request, now);
  const grant: Command = { type: 'grant', gate, policyVersion: world.policy.version, isEntitled: (approver) => rights.isOneOf(approver, approversNow(gate, request)), sign: (claim) => world.signer.sign(claim) };
  if (request.state === 'queued') return [grant];
  return [{ type: 'pass_gate', gate: fitting(world, request, gate), policyVersion: world.policy.version }, ...(gate.gate === 'open' ? [grant] : [])];
};

/** Somebody who left the workspace since they asked has no rights left. */
const requesterGate = async (world: Deciding, rights: Rights, request: Planned | Queued, now: Instant): Promise<Gate> => {
  const { requester, place } = request.ask;
  const member = await world.directory.member(requester, place.team);
  if (member !== 'member') return { gate: 'closed', refusal: { code: 'not_a_member', user: requester } };
  return judgePlan(world.policy, rights, world.catalogue, request, now);
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
