/**
 * An approval that a click alone does not give: the click makes a ticket, the ticket's page shows the plan again, a login
 * at the provider says who sits there, and then the very approval that the click asked for is decided anew.
 */
import { sha256 } from '../domain/canonical.ts';
import type { Instant, Sha256 } from '../domain/names.ts';
import type { Refusal } from '../domain/refusal.ts';
import { decide } from '../domain/request.ts';
import type { Request } from '../domain/request-states.ts';
import { whyNotConfirmed, type LoggedIn, type StepUpFailure } from '../domain/step-up.ts';
import type { Directory } from './chat-port.ts';
import { decideClick, type Clicking } from './click.ts';
import type { Identity } from './identity.ts';
import type { IdentityProvider, Login, StepUpAnswer, StepUpHandlers, Ticket, Tickets } from './step-up-port.ts';
import { orUnavailable } from './unavailable.ts';

export interface SteppingUp extends Clicking {
  readonly tickets: Tickets;
  readonly provider: IdentityProvider;
  readonly identity: Identity;
  readonly directory: Directory;
}

type Opened = { readonly id: Sha256; readonly ticket: Ticket; readonly now: Instant };
/** A refusal, and as far as it is known whose it is. */
type Failed = { readonly refusal: Refusal; readonly ticket?: Ticket };

const failed = (why: StepUpFailure, ticket?: Ticket): Failed => ({ refusal: { code: 'step_up_failed', why }, ...(ticket && { ticket }) });

export const stepUpHandlers = (world: SteppingUp): StepUpHandlers => ({
  show: (secret) => answered(world, () => show(world, secret)),
  begin: (secret, browser) => answered(world, () => begin(world, secret, browser)),
  finish: (answer, browser) => answered(world, () => finish(world, answer, browser)),
});

/** Every refusal is in the ledger before it is told; with Redis away the person reads so. */
const answered = (world: SteppingUp, work: () => Promise<StepUpAnswer | Failed>): Promise<StepUpAnswer> => orUnavailable<StepUpAnswer>(world.log, {}, 'a step-up could not be carried out', async () => {
  const answer = await work();
  if ('kind' in answer) return answer;
  const { refusal, ticket } = answer;
  await world.ledger.recordAttempt({ user: ticket?.user ?? null, channel: null, request: ticket?.request ?? null, what: ticket ? 'click' : 'security', text: null, refusal });
  return { kind: 'refused', refusal };
});

const open = async ({ tickets, store }: SteppingUp, id: Sha256): Promise<Opened | Failed> => {
  const [ticket, isUsed, now] = await Promise.all([tickets.read(id), tickets.isUsed(id), store.now()]);
  if (!ticket) return failed('unknown_link');
  if (isUsed) return failed('used_link', ticket);
  return now < ticket.until ? { id, ticket, now } : failed('expired_link', ticket);
};

/** Whether the approval would still be one; who may approve is asked at the end, when it counts. */
const waitingFor = async ({ store }: SteppingUp, { ticket }: Opened): Promise<Extract<Request, { state: 'awaiting_approval' }> | Failed> => {
  const { request, now } = await store.load(ticket.request);
  if (!request) return { refusal: { code: 'no_such_request' }, ticket };
  const decision = decide(request, { type: 'approve', by: ticket.user, isEntitled: true, hasApproved: false, digest: ticket.digest, stepUp: { issuer: '', subject: '' } }, now);
  if (!decision.ok) return { refusal: decision.refusal, ticket };
  return request.state === 'awaiting_approval' ? request : { refusal: { code: 'already_decided', state: request.state }, ticket };
};

const show = async (world: SteppingUp, secret: string): Promise<StepUpAnswer | Failed> => {
  const opened = await open(world, sha256(secret));
  if ('refusal' in opened) return opened;
  const request = await waitingFor(world, opened);
  if ('refusal' in request) return request;
  const [requester, approver] = await Promise.all([request.ask.requester, opened.ticket.user].map(async (user) => await world.directory.nameOf(user) ?? user));
  return { kind: 'plan', request, requester: requester ?? '', approver: approver ?? '', until: opened.ticket.until };
};

const begin = async (world: SteppingUp, secret: string, browser: string): Promise<StepUpAnswer | Failed> => {
  const opened = await open(world, sha256(secret));
  if ('refusal' in opened) return opened;
  const request = await waitingFor(world, opened);
  if ('refusal' in request) return request;
  const begun = await world.provider.begin();
  if (!begun) return failed('provider_away', opened.ticket);
  const isBegun = await world.tickets.beginLogin(sha256(begun.checks.state), { ...begun.checks, ticket: opened.id, browser: sha256(browser), startedAt: opened.now });
  return isBegun ? { kind: 'login', url: begun.url } : failed('used_link', opened.ticket);
};

const finish = async (world: SteppingUp, answer: URLSearchParams, browser: string): Promise<StepUpAnswer | Failed> => {
  const login = await world.tickets.takeLogin(sha256(answer.get('state') ?? ''));
  if (!login) return failed('unknown_login');
  const opened = await open(world, login.ticket);
  if ('refusal' in opened) return opened;
  // a login that was begun for somebody by somebody else never showed them the plan
  if (login.browser !== sha256(browser)) return failed('another_browser', opened.ticket);
  if (!await world.tickets.use(opened.id)) return failed('used_link', opened.ticket);
  const person = await world.provider.finish(answer, login);
  if ('why' in person) return failed(person.why, opened.ticket);
  const why = await whyNotTheApprover(world, opened.ticket, login, person);
  return why ? failed(why, opened.ticket) : approve(world, opened.ticket, person);
};

/** The person of the login is the person of the click: by an address that both sides have confirmed, or as kdebug.yaml maps. */
const whyNotTheApprover = async ({ identity, directory }: SteppingUp, { user }: Ticket, { startedAt }: Login, person: LoggedIn): Promise<StepUpFailure | undefined> => {
  const name = identity.from === 'map' ? identity.map.get(user)?.user : await directory.email(user);
  return whyNotConfirmed(person, { name, from: identity.from, startedAt });
};

const approve = async (world: SteppingUp, ticket: Ticket, { issuer, subject }: LoggedIn): Promise<StepUpAnswer | Failed> => {
  const { user, team, request, digest } = ticket;
  if (await world.directory.member(user, team) !== 'member') return { refusal: { code: 'not_a_member', user }, ticket };
  const refusal = await decideClick(world, { user, request }, true, (standing) => ({ type: 'approve', by: user, ...standing, digest, stepUp: { issuer, subject } }));
  if (refusal) return { refusal, ticket };
  const { request: approved } = await world.store.load(request);
  return approved ? { kind: 'approved', request: approved } : { kind: 'unavailable' };
};
