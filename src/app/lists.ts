/** Requests as lines of a list: what is waiting, what somebody asked lately, what happened in a channel. */
import { isTerminal } from '../domain/due.ts';
import type { Review } from '../domain/break-glass-review.ts';
import { REVIEWS_LISTED_MAX } from '../domain/limits.ts';
import type { UserId } from '../domain/names.ts';
import { matchesName } from '../domain/policy/match.ts';
import type { Policy } from '../domain/policy/rule.ts';
import type { PreApproval } from '../domain/pre-approval.ts';
import type { Request } from '../domain/request-states.ts';
import type { AfterChat, TimelineEntry } from './after-port.ts';
import { mayReview } from './authority/click.ts';
import { freezeNow } from './authority/frozen.ts';
import type { AuthorityRecords } from './authority/ports.ts';
import { mayDecideAllow, openAllows } from './authority/pre-approvals.ts';
import type { Directory, Sent } from './chat-port.ts';
import type { DeliveryRecords, RequestStore } from './ports.ts';
import { loadReadable, readable } from './readable.ts';
import { toLine } from './request-line.ts';
import { askRights, FRESH_MS, type Rights } from './rights.ts';
import type { Answer, RequestLine, TypedCommand } from './slack-port.ts';

export interface Listing {
  readonly store: RequestStore;
  readonly records: DeliveryRecords;
  readonly directory: Directory;
  readonly policy: Policy;
  readonly incidents: readonly string[];
  readonly chat: Pick<AfterChat, 'timeline'>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly authority: AuthorityRecords;
}

const LISTED_MAX = 20;
const TIMELINE_MAX = 100;
const PENDING_READ_MAX = 200;
const POST_TRIES_MAX = 4;
const POST_WAIT_MS_MAX = 2_000;

type Which = Extract<Extract<Answer, { kind: 'lines' }>['listing'], { of: 'requests' }>['which'];

/** What stands beside the requests of a list. */
type More = Pick<Extract<Extract<Answer, { kind: 'lines' }>['listing'], { of: 'requests' }>, 'freeze' | 'reviews' | 'allows'>;

const withFreeze = async ({ authority }: Listing): Promise<More> => {
  const freeze = await freezeNow(authority);
  return freeze ? { freeze } : {};
};

const waitingAllows = async ({ authority }: Listing, user: UserId, rights: Rights): Promise<readonly PreApproval[]> =>
  (await openAllows(authority)).filter(({ state, ask }) => state === 'waiting' && ask.by !== user && ask.person !== user && mayDecideAllow(rights, user, ask));

/** The person's own debts, and those they may settle. */
const owedReviews = async ({ authority, policy }: Listing, user: UserId, rights: Rights): Promise<readonly Review[]> => {
  const loaded = await Promise.all((await authority.open('review', REVIEWS_LISTED_MAX)).map((id) => readable(authority.load('review', id))));
  return loaded.flatMap((one) => one?.state ?? []).filter((state) => state.glass.requester === user || mayReview(rights, policy, user, state.glass));
};

const listed = async (world: Listing, which: Which, more: More, requests: readonly Request[]): Promise<Answer> =>
  ({ kind: 'lines', listing: { of: 'requests', which, ...more, requests: await Promise.all(requests.map((request) => withLink(world, request))) } });

/** The person's own requests that are not over. */
export const openRequests = async (world: Listing, { user }: TypedCommand): Promise<Answer> =>
  listed(world, 'status', await withFreeze(world), (await loadReadable(world.store, await world.store.openOf(user))).filter((request) => !isTerminal(request)));

/** What waits for this person's approval. */
export const pendingRequests = async (world: Listing, { user }: TypedCommand): Promise<Answer> => {
  const rights = await askRights(world.directory, world.policy, FRESH_MS);
  const requests = await loadReadable(world.store, await world.store.open(0, PENDING_READ_MAX));
  const waiting = requests.filter((request) => request.state === 'awaiting_approval' && request.ask.requester !== user && rights.isOneOf(user, request.hold.approvers));
  return listed(world, 'pending', { reviews: await owedReviews(world, user, rights), allows: await waitingAllows(world, user, rights) }, waiting.slice(0, LISTED_MAX));
};

/** The person's own last twenty, newest first. */
export const history = async (world: Listing, { user }: TypedCommand): Promise<Answer> =>
  listed(world, 'history', {}, (await loadReadable(world.store, await world.store.history({ user }, LISTED_MAX))).filter(({ ask }) => ask.requester === user));

/**
 * What was asked in this channel, oldest first. In an incident's channel it is posted for everybody, with a file for the
 * post-mortem; elsewhere, or when Slack does not take it now, the person who asked reads it alone.
 */
export const timeline = async (world: Listing, input: TypedCommand): Promise<Answer> => {
  const requests = (await loadReadable(world.store, await world.store.history({ channel: input.channel }, TIMELINE_MAX))).filter(({ ask }) => ask.place.cardIn === input.channel).toReversed();
  if (requests.length === 0 || !(await isIncident(world, input))) return listed(world, 'timeline', {}, requests.slice(-LISTED_MAX));
  const entries = await Promise.all(requests.map((request) => entryOf(world, request)));
  return await isPosted(world, () => world.chat.timeline(entries, { channel: input.channel, ...(input.thread !== undefined && { thread: input.thread }) })) ? { kind: 'posted', requests: requests.length } : listed(world, 'timeline', {}, requests.slice(-LISTED_MAX));
};

/** A channel in which much was said just now takes another message in a second or two. */
const isPosted = async ({ sleep }: Listing, post: () => Promise<Sent>): Promise<boolean> => {
  for (let tries = 0; tries < POST_TRIES_MAX; tries += 1) {
    const sent = await post();
    if (sent.kind !== 'later') return sent.kind === 'sent';
    await sleep(Math.min(sent.afterMs, POST_WAIT_MS_MAX));
  }
  return false;
};

const entryOf = async (world: Listing, request: Request): Promise<TimelineEntry> => {
  const [link, name] = await Promise.all([linkTo(world, request), world.directory.nameOf(request.ask.requester)]);
  return { request, ...(link !== undefined && { link }), ...(name !== undefined && { name }) };
};

const isIncident = async ({ directory, incidents }: Listing, { channel, user, team }: TypedCommand): Promise<boolean> => {
  const [facts, member] = await Promise.all([directory.channel(channel), directory.member(user, team)]);
  return member === 'member' && facts !== undefined && facts !== 'unknown' && facts.isMember && !facts.isArchived && incidents.some((pattern) => matchesName(pattern, facts.name));
};

const linkTo = async ({ records, directory }: Listing, { id }: Request): Promise<string | undefined> => {
  const { card } = await records.load(id);
  return card && directory.permalink(card.channel, card.ts);
};

const withLink = async (world: Listing, request: Request): Promise<RequestLine> => {
  const link = await linkTo(world, request);
  return { ...toLine(request), ...(request.state === 'finished' && { outcomes: request.ends.map(({ outcome }) => outcome) }), ...(link !== undefined && { link }) };
};
