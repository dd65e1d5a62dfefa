import type { Instant, UserId } from '../../domain/names.ts';
import { recycleGate } from '../../domain/policy/recycling.ts';
import type { Policy } from '../../domain/policy/rule.ts';
import type { RecycleAsk } from '../../domain/recycle-states.ts';
import { isAnotherPerson, type Identity } from '../identity.ts';
import type { Directory } from '../chat-port.ts';
import type { Rights } from '../rights.ts';

type Asked = Pick<RecycleAsk, 'by' | 'target' | 'like'>;

/** The rules as they are now, for whoever asked. */
export const gateFor = (policy: Policy, rights: Rights, { by, target, like }: Asked, now: Instant): ReturnType<typeof recycleGate> => recycleGate(policy, {
  cluster: target.cluster, namespace: target.namespace, channel: like.channel, is: (principal) => rights.is(by, principal),
  image: like.image, preset: null, profiles: [like.profile], labels: like.labels, now,
});

/** Another person than the one who asked, who may approve by these rules. */
export const mayApprove = async (world: { readonly directory: Directory; readonly identity: Identity }, rights: Rights, ask: RecycleAsk, gate: ReturnType<typeof recycleGate>, user: UserId): Promise<boolean> => {
  const approvers = gate.gate === 'held' ? gate.approvers : ask.gate.gate === 'held' ? ask.gate.approvers : [];
  return rights.isOneOf(user, approvers) && await isAnotherPerson(world, ask.by, user);
};
