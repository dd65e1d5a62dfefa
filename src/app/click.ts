import { sha256 } from '../domain/canonical.ts';
import { REPLAY_MEMORY_MS, STEP_UP_WITHIN_MS } from '../domain/limits.ts';
import { after, type Sha256, type UserId } from '../domain/names.ts';
import type { Policy } from '../domain/policy/rule.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Command, Request } from '../domain/request-states.ts';
import { canStop, type Stoppable } from './can-stop.ts';
import { whyFrozen } from './authority/frozen.ts';
import type { AuthorityRecords, CoolDowns } from './authority/ports.ts';
import { advance, change, type Advancing } from './change.ts';
import { coolDown } from './quotas.ts';
import type { Directory } from './chat-port.ts';
import { isAnotherPerson, isNoneOf, type Identity } from './identity.ts';
import type { DeliveryRecords, Ledger, Once } from './ports.ts';
import type { StepUpLinks } from './step-up-port.ts';
import { askRights, FRESH_MS, type Rights } from './rights.ts';
import type { Choice, Click, ClickAnswer, Decision, Denial, DetailsAnswer } from './slack-port.ts';
import { orUnavailable } from './unavailable.ts';

export interface Clicking extends Advancing {
  readonly once: Once;
  readonly ledger: Ledger;
  readonly records: DeliveryRecords;
  readonly directory: Directory;
  readonly policy: Policy;
  readonly authority: AuthorityRecords;
  readonly coolDowns: CoolDowns;
  readonly clusters: Stoppable;
  readonly identity: Identity;
  /** Absent: this installation has no login outside Slack. */
  readonly links?: StepUpLinks | undefined;
}

/** Approve, withdraw or cancel, decided again from the record as it is now; every refusal is told and in the ledger. Never rejects. */
export const click = (world: Clicking, input: Decision): Promise<ClickAnswer> =>
  act(world, input, (standing, digest, request) => {
    switch (input.action) {
      case 'withdraw': return { type: 'withdraw', by: input.user };
      case 'cancel': return { type: 'cancel', by: input.user, canStop: canStop(world.clusters, request) };
      case 'approve': return digest === null ? undefined : { type: 'approve', by: input.user, ...standing, digest };
    }
  });

/** Of several pods the one that the requester meant. */
export const choose = (world: Clicking, input: Choice): Promise<ClickAnswer> =>
  act(world, input, (_standing, _shown, request) => {
    const candidate = request.state === 'choosing' ? request.candidates[input.position] : undefined;
    return candidate ? { type: 'choose', by: input.user, pod: candidate.pod } : undefined;
  });

export const deny = (world: Clicking, input: Denial): Promise<ClickAnswer> =>
  act(world, input, ({ isEntitled }) => ({ type: 'deny', by: input.user, isEntitled, reason: input.reason }));

const NOT_SAVED = 'a click could not be saved';

/** Of whoever pressed, asked just now. */
export interface Standing {
  /** May approve, and is another person than the requester. */
  readonly isEntitled: boolean;
  /** With another account. */
  readonly hasApproved: boolean;
}

/** `shown` is the digest of the plan on the card that was pressed; null while the card shows none. */
type Wanted = (standing: Standing, shown: Sha256 | null, request: Request) => Command | undefined;

const act = (world: Clicking, input: Click, wanted: Wanted): Promise<ClickAnswer> => orUnavailable<ClickAnswer>(world.log, input, NOT_SAVED, async () => {
  if (await world.once.claim(`trigger:${input.trigger}`, '1', REPLAY_MEMORY_MS) !== undefined) return { kind: 'done' };
  const card = await cardPressed(world, input);
  const refusal = 'code' in card ? card : await decideClick(world, input, 'action' in input && input.action === 'approve', (standing, request) => wanted(standing, card.digest, request));
  if (!refusal) return { kind: 'done' };
  if (refusal.code === 'step_up_needed' && world.links && 'digest' in card && card.digest !== null) return linkFor(world, world.links, input, card.digest);
  await world.ledger.recordAttempt({ user: input.user, channel: input.channel, request: input.request, what: 'click', text: null, refusal });
  return { kind: 'refused', refusal };
});

/** Nothing was missing but the login: its page is told to the person who pressed, alone. */
const linkFor = async ({ store }: Clicking, { tickets, newSecret, addressOf }: StepUpLinks, { user, team, request }: Click, digest: Sha256): Promise<ClickAnswer> => {
  const [secret, until] = [newSecret(), after(await store.now(), STEP_UP_WITHIN_MS)];
  await tickets.issue(sha256(secret), { user, team, request, digest, until });
  return { kind: 'step_up', url: addressOf(secret), until };
};

/** While everything is frozen a card keeps waiting: an approval now would only end it. */
export const decideClick = async (world: Clicking, input: Pick<Click, 'user' | 'request'>, isApproval: boolean, commandFor: (standing: Standing, request: Request) => Command | undefined): Promise<Refusal | undefined> => {
  const [rights, frozen] = await Promise.all([askRights(world.directory, world.policy, FRESH_MS), whyFrozen(world.authority)]);
  if (frozen && isApproval) return frozen;
  const changed = await change(world.store, input.request, async (request) => {
    const command = commandFor(await standingOf(world, rights, input.user, request), request);
    return command ? [command] : [];
  });
  if (!changed.ok) return changed.refusal;
  if (changed.request.state === 'denied') await coolDown(world, changed.request.ask);
  await advance(world, changed.request);
  return undefined;
};

const standingOf = async (world: Clicking, rights: Rights, user: UserId, request: Request): Promise<Standing> => {
  if (request.state !== 'awaiting_approval') return { isEntitled: false, hasApproved: false };
  const { requester } = request.ask;
  const isOther = user === requester || await isAnotherPerson(world, requester, user);
  const isNew = await isNoneOf(world, user, request.approvals.map(({ by }) => by));
  return { isEntitled: isOther && rights.isOneOf(user, request.hold.approvers), hasApproved: !isNew };
};

/** Refused: a copy of the card elsewhere, a card that is not the record's, somebody from outside. */
const cardPressed = async (world: Clicking, input: Click): Promise<{ readonly digest: Sha256 | null } | Refusal> => {
  const [{ card }, member] = await Promise.all([world.records.load(input.request), world.directory.member(input.user, input.team)]);
  if (card?.channel !== input.channel || card.ts !== input.ts) return { code: 'wrong_card' };
  return member === 'member' ? { digest: card.digest } : { code: 'not_a_member', user: input.user };
};

/** The whole plan, for whoever may see the card. */
export const details = (world: Clicking, input: Click): Promise<DetailsAnswer> => orUnavailable<DetailsAnswer>(world.log, input, NOT_SAVED, async () => {
  const card = await cardPressed(world, input);
  if ('code' in card) return { kind: 'refused', refusal: card };
  const { request } = await world.store.load(input.request);
  return request ? { kind: 'shown', request } : { kind: 'refused', refusal: { code: 'no_such_request' } };
});
