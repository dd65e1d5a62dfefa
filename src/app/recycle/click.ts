import { decideRecycle } from '../../domain/recycle.ts';
import type { Recycle, RecycleCommand } from '../../domain/recycle-states.ts';
import type { RecycleGate } from '../../domain/policy/recycling.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { AuthorityClicking } from '../authority/click.ts';
import { changeAuthority } from '../authority/change.ts';
import { whyFrozen } from '../authority/frozen.ts';
import type { Rights } from '../rights.ts';
import type { AuthorityClick } from '../slack-port.ts';
import { gateFor, mayApprove } from './gate.ts';

export type RecycleAction = Extract<AuthorityClick['action'], `recycle_${string}`>;
export const isRecycleAction = (action: AuthorityClick['action']): action is RecycleAction => action.startsWith('recycle_');

/** Approve, deny or withdraw, on the card of a recycle; who may is asked of the rules as they are now. */
export const decideRecycleClick = async (world: AuthorityClicking, input: AuthorityClick & { readonly action: RecycleAction }, rights: Rights): Promise<Refusal | undefined> => {
  const frozen = input.action === 'recycle_approve' ? await whyFrozen(world.authority) : undefined;
  if (frozen) return frozen;
  const { state, now } = await world.authority.load('recycle', input.request);
  if (!state) return { code: 'no_such_request' };
  const gate = gateFor(world.policy, rights, state.ask, now);
  const isEntitled = await mayApprove(world, rights, state.ask, gate, input.user);
  const changed = await changeAuthority(world.authority, 'recycle', input.request, { code: 'no_such_request' }, (current, at) => decideRecycle(asNow(current, gate), commandOf(input, isEntitled), at));
  return changed.ok ? undefined : changed.refusal;
};

/** A refusal names who may decide now. */
const asNow = (state: Recycle, gate: RecycleGate | { readonly gate: 'closed' }): Recycle =>
  (gate.gate === 'held' && state.ask.gate.gate === 'held' ? { ...state, ask: { ...state.ask, gate } } : state);

const commandOf = ({ action, user, reason }: AuthorityClick & { readonly action: RecycleAction }, isEntitled: boolean): RecycleCommand => {
  switch (action) {
    case 'recycle_approve': return { type: 'approve', by: user, isEntitled };
    case 'recycle_deny': return { type: 'deny', by: user, isEntitled, reason };
    case 'recycle_withdraw': return { type: 'withdraw', by: user };
  }
};
