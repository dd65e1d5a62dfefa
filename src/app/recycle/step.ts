import { decideRecycle, evictionClaimOf } from '../../domain/recycle.ts';
import type { Recycle, RecycleAsk, RecycleCommand, RecycleEnd } from '../../domain/recycle-states.ts';
import type { PodNamePrefix, RequestId } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import { whyNotAllowed } from '../acting.ts';
import { changeAuthority } from '../authority/change.ts';
import type { AuthorityRecords } from '../authority/ports.ts';
import type { Cluster } from '../cluster-port.ts';
import type { GrantVerifier, Ledger, Log } from '../ports.ts';
import { tellSecurity } from '../tell-security.ts';

export interface Recycling {
  readonly authority: AuthorityRecords;
  readonly cluster: Pick<Cluster, 'name' | 'find' | 'evict' | 'review'>;
  readonly verifier: GrantVerifier;
  readonly ledger: Ledger;
  readonly log: Log;
  /** Of this process, for the record. */
  readonly worker: string;
}

type StepResult = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: number };
const DONE: StepResult = { kind: 'done' };
const MISSING = { code: 'no_such_request' } as const;

type Granted = Extract<Recycle, { state: 'granted' | 'evicting' }>;

/**
 * The worker's steps of a recycle: what the cluster says of it, and, once serve has granted it, the eviction. It decides
 * nothing. The uid makes a repeated eviction harmless, so a job that comes again asks again; under a freeze it does not.
 */
export const recycleStep = async (world: Recycling, id: RequestId, generation: number): Promise<StepResult> => {
  const { state, now } = await world.authority.load('recycle', id);
  if (!state || !('generation' in state) || state.generation !== generation || state.ask.target.cluster !== world.cluster.name) return DONE;
  if (state.state === 'checking') return check(world, state);
  if (!(await isGranted(world, state))) return DONE;
  if (state.state === 'granted') return start(world, state);
  if ((await world.authority.open('freeze', 1)).length > 0) return done(world, state, { type: 'end', end: frozenEnd(state) });
  const waitMs = state.blocked ? state.blocked.nextAt - now : 0;
  return waitMs > 0 ? { kind: 'again', afterMs: waitMs } : evict(world, state);
};

const change = async (world: Recycling, { id }: Recycle, command: RecycleCommand): Promise<Recycle | undefined> => {
  const changed = await changeAuthority(world.authority, 'recycle', id, MISSING, (state, now) => decideRecycle(state, command, now));
  return changed.ok ? changed.state : undefined;
};

const done = async (world: Recycling, state: Recycle, command: RecycleCommand): Promise<StepResult> => {
  await change(world, state, command);
  return DONE;
};

/** kdebug evicts with its own rights, but only where the cluster would let the person who asked. */
const whyNotInTheirName = async ({ cluster }: Recycling, { person, target }: RecycleAsk): Promise<Failure | undefined> =>
  (person ? whyNotAllowed(cluster, person, target.namespace, 'create', 'pods/eviction') : undefined);

/** Is it still that pod, how much is in it, and would it be let go? Nothing is changed by asking. */
const check = async (world: Recycling, state: Recycle): Promise<StepResult> => {
  const { target } = state.ask;
  const failed = (failure: Failure): Promise<StepResult> => done(world, state, { type: 'end', end: { how: 'failed', failure } });
  // an exact name is a prefix too
  const found = await world.cluster.find(target.namespace, { kind: 'name', name: target.pod as string as PodNamePrefix });
  if (found.kind === 'failure') return failed(found.failure.code === 'pod_not_found' ? { code: 'pod_gone', pod: target.pod } : found.failure);
  const pod = found.kind === 'pods' ? found.pods.find(({ name }) => name === target.pod) : undefined;
  if (!pod) return failed({ code: 'pod_gone', pod: target.pod });
  if (pod.uid !== target.uid) return failed({ code: 'pod_replaced', pod: target.pod });
  const unfit = await whyNotInTheirName(world, state.ask);
  if (unfit) return failed(unfit);
  if (pod.terminating) return failed({ code: 'pod_terminating', pod: target.pod });
  const answer = await world.cluster.evict(target, { dryRun: true });
  const budget = answer !== 'evicted' && answer.code === 'disruption_budget' ? answer : null;
  if (answer !== 'evicted' && !budget) return failed(answer);
  return done(world, state, { type: 'report_check', check: { containers: pod.ephemeralContainers, owner: pod.owner ?? null, budget } });
};

/** A grant that serve did not sign for exactly this pod is somebody's writing in Redis. */
const isGranted = async (world: Recycling, state: Granted): Promise<boolean> => {
  if (world.verifier.isSigned(evictionClaimOf(state, state.grant.until), state.grant.signature)) return true;
  const message = 'a grant to evict that serve did not sign; nothing was evicted';
  world.log.error({ recycle: state.id }, message);
  await tellSecurity(world.ledger, state.id, message);
  return false;
};

/** Durable before the cluster is asked; without it, or too late for its grant, nothing is. */
const start = async (world: Recycling, state: Granted): Promise<StepResult> => {
  const started = await change(world, state, { type: 'start', worker: world.worker, generation: state.generation });
  return started?.state === 'evicting' ? evict(world, started) : DONE;
};

/** The cluster said not now: nothing was evicted. */
const PUT_OFF: readonly Failure['code'][] = ['disruption_budget', 'overloaded', 'unauthorized'];
/** Worth another try; of an answer that did not come nobody knows. */
const PASSING: readonly Failure['code'][] = [...PUT_OFF, 'unreachable'];

const frozenEnd = ({ blocked }: Extract<Recycle, { state: 'evicting' }>): RecycleEnd =>
  (blocked && PUT_OFF.includes(blocked.failure.code) ? { how: 'failed', failure: { code: 'frozen' } } : { how: 'unknown' });

const endOf = (answer: Failure | 'evicted'): RecycleEnd => {
  if (answer === 'evicted') return { how: 'evicted' };
  if (answer.code === 'pod_gone' || answer.code === 'pod_replaced') return { how: 'gone', isReplaced: answer.code === 'pod_replaced' };
  return { how: 'failed', failure: answer };
};

const evict = async (world: Recycling, state: Granted): Promise<StepResult> => {
  const answer = await whyNotInTheirName(world, state.ask) ?? await world.cluster.evict(state.ask.target);
  if (answer === 'evicted' || !PASSING.includes(answer.code)) return done(world, state, { type: 'end', end: endOf(answer) });
  const blocked = await change(world, state, { type: 'block', failure: answer });
  if (blocked?.state !== 'evicting' || !blocked.blocked) return DONE;
  const { now } = await world.authority.load('recycle', state.id);
  return { kind: 'again', afterMs: Math.max(0, blocked.blocked.nextAt - now) };
};
