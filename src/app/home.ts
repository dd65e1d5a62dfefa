import type { Policy } from '../domain/policy/rule.ts';
import { isTerminal } from '../domain/due.ts';
import type { UserId } from '../domain/names.ts';
import { outlooksOf } from '../domain/policy/outlook.ts';
import type { Request } from '../domain/request-states.ts';
import type { HomeAnswer, HomeLine, EntryHandlers } from './entry-port.ts';
import type { DeliveryRecords, RequestStore } from './ports.ts';
import { defaultFirst, reachOf, type Reaching } from './reach.ts';
import { loadReadable } from './readable.ts';
import { askRights, RECENT_MS } from './rights.ts';
import { toLine } from './request-line.ts';

export interface Homing extends Reaching {
  readonly store: Pick<RequestStore, 'load' | 'open' | 'openOf' | 'now' | 'history'>;
  readonly records: DeliveryRecords;
}

const LISTED_MAX = 10;
/** Of all that is open, this many are looked at for what waits for one person. */
const LOOKED_AT_MAX = 200;

/** What the Home tab shows: one person's requests, what waits for them, and what the rules say of them. */
export const homeOf: (world: Homing, input: Parameters<EntryHandlers['home']>[0]) => Promise<HomeAnswer> = async (world, { user, team }) => {
  if (await world.directory.member(user, team) !== 'member') return { kind: 'refused', refusal: { code: 'not_a_member', user } };
  const now = await world.store.now();
  const [open, waiting, past, { known }] = await Promise.all([
    world.store.openOf(user), world.store.open(0, LOOKED_AT_MAX), world.store.history({ user }, LISTED_MAX), reachOf(world, { user }, now),
  ]);
  const [ours, others, history] = await Promise.all([loadReadable(world.store, open), loadReadable(world.store, waiting), loadReadable(world.store, past)]);
  const lines = (requests: readonly Request[]): Promise<readonly HomeLine[]> => Promise.all(requests.slice(0, LISTED_MAX).map((request) => homeLine(world, request)));
  const isEntitled = await entitlement(world, world.policy, user);
  return {
    kind: 'home',
    open: await lines(ours.filter((request) => !isTerminal(request))),
    pending: await lines(others.filter((request) => request.state === 'awaiting_approval' && request.ask.requester !== user && isEntitled(request))),
    history: await lines(history),
    outlooks: outlooksOf(world.policy, defaultFirst(world), known),
  };
};

const entitlement = async ({ directory }: Homing, policy: Policy, user: UserId): Promise<(request: Extract<Request, { state: 'awaiting_approval' }>) => boolean> => {
  const rights = await askRights(directory, policy, RECENT_MS);
  return (request) => rights.isOneOf(user, request.hold.approvers);
};

const homeLine = async ({ records }: Homing, request: Request): Promise<HomeLine> => {
  const { card } = await records.load(request.id);
  return { ...toLine(request), card: card === undefined ? null : { channel: card.channel, ts: card.ts } };
};
