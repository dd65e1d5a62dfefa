import type { RequestId } from '../../domain/names.ts';
import { PENDING_PER_PERSON_MAX, RECYCLES_OPEN_MAX, SAME_TEXT_MS } from '../../domain/limits.ts';
import { labelsOfPod } from '../../domain/plan.ts';
import type { Policy } from '../../domain/policy/rule.ts';
import { askRecycle } from '../../domain/recycle.ts';
import type { Recycle, RecycleAsk } from '../../domain/recycle-states.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { whyFrozen } from '../authority/frozen.ts';
import type { AuthorityRecords } from '../authority/ports.ts';
import { identify, type Identity } from '../identity.ts';
import { readable } from '../readable.ts';
import { messagePressed, type PressedOn, type PressedWorld } from '../pressed.ts';
import type { Ledger, Log, Once } from '../ports.ts';
import { askRights, FRESH_MS } from '../rights.ts';
import type { Click, ClickAnswer } from '../slack-port.ts';
import { pressedOnce } from '../unavailable.ts';
import { gateFor } from './gate.ts';

export interface AskingRecycle extends PressedWorld {
  readonly authority: AuthorityRecords;
  readonly once: Once;
  readonly ledger: Ledger;
  readonly policy: Policy;
  readonly identity: Identity;
  readonly log: Log;
  readonly ownNamespace: string | undefined;
  readonly newId: () => RequestId;
}

/**
 * Recycle pod, pressed below a result: a request of its own kind for the pod of that very result, in the name of whoever
 * pressed. What the rules refuse is refused here; everything else is told on its card, in the thread. Never rejects.
 */
export const recycle = (world: AskingRecycle, input: Click): Promise<ClickAnswer> =>
  pressedOnce(world, input, 'a recycle could not be asked for', () => ask(world, input));

const ask = async (world: AskingRecycle, input: Click): Promise<Refusal | undefined> => {
  const pressed = await messagePressed(world, input);
  if ('code' in pressed) return pressed;
  const wanted = wantedBy(pressed, input);
  if (!wanted) return { code: 'wrong_card' };
  if (wanted.target.namespace === world.ownNamespace) return { code: 'own_namespace', namespace: wanted.target.namespace };
  const [frozen, rights, now] = await Promise.all([whyFrozen(world.authority), askRights(world.directory, world.policy, FRESH_MS), world.store.now()]);
  if (frozen) return frozen;
  const gate = gateFor(world.policy, rights, wanted, now);
  if (gate.gate === 'closed') return gate.refusal;
  const person = await identify(world, input.user);
  if (person !== null && 'code' in person) return person;
  return await whyNotAnother(world, wanted) ?? begin(world, { ...wanted, gate, ...(person && { person }) });
};

type Wanted = Omit<RecycleAsk, 'gate'>;

/** The pod is the one of the result, by the record: the button carries no name. */
const wantedBy = (pressed: PressedOn, { user, team }: Click): Wanted | undefined => {
  const target = pressed.on === 'result' ? pressed.request.plan.targets[pressed.index] : undefined;
  if (pressed.on !== 'result' || !target) return undefined;
  const { request: { id, ask: { place }, plan, preflight }, record } = pressed;
  const { cluster, namespace, pod, uid } = target;
  return {
    by: user, team, of: id, channel: place.cardIn, thread: place.thread ?? record.card?.ts ?? null, target: { cluster, namespace, pod, uid },
    like: { channel: place.typedIn, image: plan.image, profile: plan.profile, labels: labelsOfPod(preflight, pressed.index) },
  };
};

/** Those that are not over. One that somebody edited counts as none. */
export const openRecycles = async (authority: AuthorityRecords): Promise<readonly Recycle[]> => {
  const ids = await authority.open('recycle', RECYCLES_OPEN_MAX);
  const loaded = await Promise.all(ids.map((id) => readable(authority.load('recycle', id))));
  return loaded.flatMap((one) => one?.state ?? []).filter(({ state }) => state !== 'over');
};

const whyNotAnother = async ({ authority }: AskingRecycle, { by, target }: Wanted): Promise<Refusal | undefined> => {
  const open = await openRecycles(authority);
  const same = open.find(({ ask: { target: other } }) => other.cluster === target.cluster && other.uid === target.uid);
  if (same) return { code: 'already_recycling', request: same.id };
  const theirs = open.filter((one) => one.ask.by === by);
  if (theirs.length >= PENDING_PER_PERSON_MAX) return { code: 'too_many_pending', pending: theirs.map(({ id }) => id) };
  return open.length >= RECYCLES_OPEN_MAX ? { code: 'too_busy' } : undefined;
};

/** Two who press at once: the first stands for both. */
const begin = async (world: AskingRecycle, asked: RecycleAsk): Promise<Refusal | undefined> => {
  const [id, key] = [world.newId(), `recycle:${asked.target.cluster}:${asked.target.uid}`];
  const first = await world.once.claim(key, id, SAME_TEXT_MS);
  if (first !== undefined && first !== id && !(await isOver(world, first as RequestId))) return { code: 'already_recycling', request: first as RequestId };
  const { now } = await world.authority.load('recycle', id);
  const appended = await world.authority.append('recycle', id, undefined, askRecycle(asked, now));
  if (appended.ok) return undefined;
  await world.once.release(key);
  return { code: 'too_busy' };
};

const isOver = async ({ authority }: AskingRecycle, id: RequestId): Promise<boolean> => (await authority.load('recycle', id)).state?.state === 'over';
