import { decideRecycle } from '../../domain/recycle.ts';
import type { Recycle, RecycleCommand } from '../../domain/recycle-states.ts';
import type { Instant, RequestId } from '../../domain/names.ts';
import type { Policy } from '../../domain/policy/rule.ts';
import { changeAuthority } from '../authority/change.ts';
import { whyFrozen } from '../authority/frozen.ts';
import type { AuthorityRecords } from '../authority/ports.ts';
import type { Directory } from '../chat-port.ts';
import type { Identity } from '../identity.ts';
import type { GrantSigner } from '../ports.ts';
import { askRights, FRESH_MS } from '../rights.ts';
import { gateFor, mayApprove } from './gate.ts';
import type { RecycleQueue } from './ports.ts';

export interface DrivingRecycle {
  readonly authority: AuthorityRecords;
  readonly directory: Directory;
  readonly policy: Policy;
  readonly identity: Identity;
  readonly signer: GrantSigner;
  readonly recycles: RecycleQueue;
}

/** A job that a worker lost, or that never reached its queue, is missed this soon. */
const LOOK_AGAIN_MS = 2_000;
const MISSING = { code: 'no_such_request' } as const;

/** Serve's part: the grant, once it is allowed, and a job for the worker of its cluster. Answers after how many milliseconds to look again. */
export const driveRecycle = async (world: DrivingRecycle, id: RequestId): Promise<number | undefined> => {
  const { state, now } = await world.authority.load('recycle', id);
  if (!state) return undefined;
  const current = isGrantDue(state, now) ? await giveGrant(world, state, now) : state;
  if (!('generation' in current)) return undefined;
  const { cluster } = current.ask.target;
  if (!(await world.recycles.isRecycleAlive(id, cluster, current.generation))) await world.recycles.enqueueRecycle(id, cluster, current.generation);
  return LOOK_AGAIN_MS;
};

const isGrantDue = (state: Recycle, now: Instant): boolean => state.state === 'authorized' || (state.state === 'granted' && now > state.grant.until);

/** Everything is decided once more: rules, freeze, the one who asked and the one who approved. */
const giveGrant = async (world: DrivingRecycle, state: Recycle, now: Instant): Promise<Recycle> => {
  const command = await grantCommand(world, state, now);
  const changed = await changeAuthority(world.authority, 'recycle', state.id, MISSING, (current, at) => decideRecycle(current, command, at));
  return changed.ok ? changed.state : state;
};

const grantCommand = async (world: DrivingRecycle, { ask, ...state }: Recycle, now: Instant): Promise<RecycleCommand> => {
  const [rights, frozen, member] = await Promise.all([askRights(world.directory, world.policy, FRESH_MS), whyFrozen(world.authority), world.directory.member(ask.by, ask.team)]);
  const refusal = frozen ?? (member === 'member' ? undefined : { code: 'not_a_member' as const, user: ask.by });
  const gate = gateFor(world.policy, rights, ask, now);
  const approver = 'authorization' in state && state.authorization?.by === 'approval' ? state.authorization.approver : undefined;
  const isEntitled = approver !== undefined && await mayApprove(world, rights, ask, gate, approver);
  return { type: 'grant', gate: refusal ? { gate: 'closed', refusal } : gate, isEntitled: (person) => isEntitled && person === approver, sign: (claim) => world.signer.sign(claim) };
};
