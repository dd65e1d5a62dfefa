import type { Catalogue } from '../domain/catalogue.ts';
import { canonicalJson, sha256, type Canonical } from '../domain/canonical.ts';
import type { RunCommand } from '../domain/command/command.ts';
import type { Normalisation } from '../domain/command/normalise.ts';
import { isTerminal } from '../domain/due.ts';
import type { Ask, Place } from '../domain/events.ts';
import { begin } from '../domain/evolve.ts';
import { ACK_WITHIN_MS, PLAN_WITHIN_MS, SAME_TEXT_MS } from '../domain/limits.ts';
import { after, type ClusterName, type Instant, type RequestId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Request } from '../domain/request-states.ts';
import { resolve, type Resolved } from '../domain/resolve.ts';
import { advance, type Advancing } from './change.ts';
import { identify, type Identity } from './identity.ts';
import { judgeAsk, type Judging } from './judge.ts';
import { placeFor } from './place.ts';
import type { Directory } from './chat-port.ts';
import type { Once } from './ports.ts';
import { onlyReachable } from './reach.ts';
import { whyNotBreakGlass, whyNoReason } from './authority/glass.ts';
import { whyFrozen } from './authority/frozen.ts';
import type { AuthorityRecords, BreakGlassPolicy } from './authority/ports.ts';
import { tooFast, whyNotYet, type Limiting } from './quotas.ts';
import { askRights, RECENT_MS } from './rights.ts';
import type { Answer, TypedCommand } from './slack-port.ts';

export interface Intake extends Advancing, Limiting, Judging {
  readonly authority: AuthorityRecords;
  /** Absent: nobody may. */
  readonly breakGlass: BreakGlassPolicy | undefined;
  readonly once: Once;
  readonly directory: Directory;
  readonly catalogue: Catalogue;
  readonly identity: Identity;
  readonly clusters: readonly { readonly name: ClusterName; readonly isDefault: boolean; readonly cancel: 'none' | 'exec' }[];
  readonly incidents: readonly string[];
  readonly approvalsChannel: Place['cardIn'] | undefined;
  readonly limits: { readonly timeoutMaxMs: number; readonly pendingPerPerson: number };
  /** Where kdebug itself runs, when it runs in a cluster: never a target. */
  readonly ownNamespace: string | undefined;
  readonly newId: () => RequestId;
}

/**
 * A `run` at the door. What can be refused without asking a cluster is refused here; what is accepted is durable and in
 * a queue before the person is answered. Rejects only when Redis does not answer.
 */
export const receiveRun = async (world: Intake, input: TypedCommand, command: RunCommand, normalised: readonly Normalisation[]): Promise<Answer> => {
  const [fast, at] = await Promise.all([tooFast(world, input), world.store.now()]);
  const checked = fast ?? await check(world, input, command, at);
  if ('code' in checked) return { kind: 'refused', refusal: checked, namespace: command.namespace };
  const first: First = { id: world.newId(), at };
  const sameText = `same:${sha256(canonicalJson([input.user, input.channel, command as unknown as Canonical]))}`;
  return await earlierOf(world, sameText, first) ?? save(world, first, checked, sameText, normalised);
};

/** Who was first with a text, and when by the clock of Redis: until ACK_WITHIN_MS later the request may still be on its way. */
interface First {
  readonly id: RequestId;
  readonly at: Instant;
}

const claim = async (world: Intake, key: string, { id, at }: First): Promise<First | undefined> => {
  const there = await world.once.claim(key, `${id} ${at}`, SAME_TEXT_MS);
  if (there === undefined) return undefined;
  const [earlier = '', since = ''] = there.split(' ');
  return { id: earlier as RequestId, at: Number(since) as Instant };
};

/** The first request stands for both while it is not over, or may still come to be; else one of those who ask again takes its place. */
const earlierOf = async (world: Intake, sameText: string, ours: First): Promise<Answer | undefined> => {
  const earlier = await claim(world, sameText, ours);
  if (!earlier) return undefined;
  const { request, now } = await world.store.load(earlier.id);
  if (request ? !isTerminal(request) : now <= after(earlier.at, ACK_WITHIN_MS)) return again(earlier.id, request);
  const successor = await claim(world, `${sameText}.${earlier.id}`, ours);
  if (successor) return again(successor.id);
  await world.once.release(sameText);
  const quicker = await claim(world, sameText, ours);
  return quicker && again(quicker.id);
};

const again = (id: RequestId, request?: Request): Answer => ({ kind: 'again', request: id, state: request?.state ?? 'requested' });

const save = async (world: Intake, { id, at }: First, ask: Ask, sameText: string, normalised: readonly Normalisation[]): Promise<Answer> => {
  const event = { type: 'requested', at, ask, expiresAt: after(at, PLAN_WITHIN_MS) } as const;
  // a command that Redis carries out after we gave up answering must not become a request
  const begun = await world.store.begin(id, event, after(at, ACK_WITHIN_MS));
  if (!begun.ok) {
    await world.once.release(sameText);
    return { kind: 'unavailable' };
  }
  await advance(world, begin(id, event));
  return { kind: 'accepted', request: id, command: ask.command, normalised };
};

/** Everything that needs no cluster, cheapest first. */
const check = async (world: Intake, input: TypedCommand, command: RunCommand, now: Instant): Promise<Ask | Refusal> => {
  const cluster = clusterNamed(world, command);
  if (typeof cluster !== 'string') return onlyReachable(world, input, cluster);
  const unfit = whyNotCommand(world, command);
  if (unfit) return unfit;
  const resolution = resolve(command, world.catalogue);
  if (!resolution.ok) return onlyReachable(world, input, { code: 'not_planned', failure: resolution.failure });
  const [member, place, pending, frozen, notYet] = await Promise.all([
    world.directory.member(input.user, input.team), placeFor(world, input), world.store.openOf(input.user), whyFrozen(world.authority), whyNotYet(world, { requester: input.user, cluster, command }),
  ]);
  if (member !== 'member') return { code: 'not_a_member', user: input.user };
  if (frozen) return frozen;
  if ('code' in place) return place;
  if (pending.length >= world.limits.pendingPerPerson) return { code: 'too_many_pending', pending };
  const person = await identify(world, input.user);
  if (person !== null && 'code' in person) return person;
  const ask: Ask = { requester: input.user, place, text: input.text, command, cluster, ...(person && { person }) };
  return await refusedByRules(world, ask, resolution.resolved, now) ?? notYet ?? ask;
};

/** The cluster that the command means, or why there is none. */
export const clusterNamed = ({ clusters }: Pick<Intake, 'clusters'>, { cluster }: RunCommand): ClusterName | Refusal => {
  const found = clusters.find((one) => (cluster === null ? one.isDefault : one.name === cluster));
  return found?.name ?? { code: 'cluster_unknown', cluster: cluster ?? '', clusters: clusters.map((one) => one.name) };
};

/** What is refused whatever the rules say. */
export const whyNotCommand = (world: Pick<Intake, 'ownNamespace' | 'limits'>, { namespace, options }: RunCommand): Refusal | undefined => {
  if (namespace === world.ownNamespace) return { code: 'own_namespace', namespace };
  if ((options.timeoutMs ?? 0) > world.limits.timeoutMaxMs) return { code: 'timeout_too_long', timeoutMs: options.timeoutMs ?? 0, maxMs: world.limits.timeoutMaxMs };
  return whyNoReason({ options });
};

const refusedByRules = async (world: Intake, ask: Ask, resolved: Resolved, now: Instant): Promise<Refusal | undefined> => {
  const rights = await askRights(world.directory, world.policy, RECENT_MS, world.breakGlass?.who);
  const glass = ask.command.options.breakGlass ? whyNotBreakGlass(world.breakGlass, rights, ask.requester, resolved.profiles) : undefined;
  if (glass) return glass;
  const gate = judgeAsk(world, rights, ask, resolved, now);
  return gate.gate === 'closed' ? gate.refusal : undefined;
};
