/**
 * A small world in memory behind the real ports: a store with the same compare-and-append as Redis (conflict first,
 * then the clock guard), queues that keep one job an id, a cluster and a Slack that are scripted and remember calls.
 * Only the use cases and the domain are real; the rules are those of deploy/kdebug.example.yaml.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createGrantSigner, createGrantVerifier } from '../../src/ops/grants.ts';
import { readFileSync } from 'node:fs';
import type { Added, Admission, Cluster, Ending, Found, Inspected, OwnAccount, RawOutput } from '../../src/app/cluster-port.ts';
import type { AuthorityMessage } from '../../src/app/authority/ports.ts';
import type { AuthorityClicking } from '../../src/app/authority/click.ts';
import type { TellingAuthority } from '../../src/app/authority/tell.ts';
import type { Clicking } from '../../src/app/click.ts';
import type { Deciding } from '../../src/app/decide-step.ts';
import type { Delivering } from '../../src/app/deliver.ts';
import type { Mirroring } from '../../src/app/mirror.ts';
import type { Planning } from '../../src/app/plan-step.ts';
import type { CardWhere, ChannelFacts, Chat, Directory, Sent } from '../../src/app/chat-port.ts';
import type { Appended, Attempt, DeliveryRecord, LedgerEntry, LedgerLine, Progress, Queues, RequestStore } from '../../src/app/ports.ts';
import type { Receiving } from '../../src/app/receive.ts';
import type { RecycleQueue } from '../../src/app/recycle/ports.ts';
import type { Filtering } from '../../src/app/filter.ts';
import type { Executing } from '../../src/app/run-pod.ts';
import type { Sweeping } from '../../src/app/sweep.ts';
import { createMatcher } from '../../src/adapters/redaction/matcher.ts';
import { parseSettings } from '../../src/config/load.ts';
import type { EphemeralContainer } from '../../src/domain/container.ts';
import { isTerminal, type Due } from '../../src/domain/due.ts';
import type { RequestEvent } from '../../src/domain/events.ts';
import { begin, evolve, replay } from '../../src/domain/evolve.ts';
import type { ChannelId, ClusterName, ContainerName, GroupId, Instant, MessageTs, PodName, PodUid, RequestId, Sha256, UserId } from '../../src/domain/names.ts';
import type { Failure } from '../../src/domain/outcome.ts';
import type { Output } from '../../src/domain/output.ts';
import type { PodFacts } from '../../src/domain/pod.ts';
import type { Policy } from '../../src/domain/policy/rule.ts';
import type { Request } from '../../src/domain/request-states.ts';
import { createAuthorityMemory, createBudgetMemory } from './authority-memory.ts';
import { ALICE, BOB, CAROL, INCIDENT, T0 } from '../fixtures/requests.ts';

const loaded = parseSettings(readFileSync(new URL('../../deploy/kdebug.example.yaml', import.meta.url), 'utf8'), 'kdebug.example.yaml');
if (!loaded.ok) throw new Error('the example does not load');
export const { settings } = loaded;

export const DAVE = 'U0DAVE' as UserId;
export const OPS = 'C0OPS' as ChannelId;
export const AUDIT = 'C0AUDIT' as ChannelId;
export const APPROVALS = 'C0APPROVALS' as ChannelId;
export const ONCALL = 'S0ONCALL' as GroupId;
export const SRE = 'S0SRE' as GroupId;

class AwayError extends Error {}

interface Clock { now: Instant }

/** What a test may do to the world while it runs. */
export interface Script {
  /** Redis does not answer. */
  away: boolean;
  /** Run before the next append, once each: what somebody else does in between. */
  beforeAppend: (() => Promise<void> | void)[];
  /** The append is made and its answer is lost, this often. */
  loseAppends: number;
  queueAway: boolean;
  /** Of the cluster, as its queue says. */
  jobsWaiting: number;
}

const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const createStore = (clock: Clock, script: Script) => {
  const lists = new Map<RequestId, RequestEvent[]>();
  const outbox = new Map<RequestId, Instant>();
  const begunAt = new Map<RequestId, Instant>();
  const entries: LedgerEntry[] = [];
  const reach = (): void => { if (script.away) throw new AwayError('Redis does not answer'); };
  const requestOf = (id: RequestId): Request | undefined => replay(id, lists.get(id) ?? []);
  const isOpen = (id: RequestId): boolean => { const request = requestOf(id); return request !== undefined && !isTerminal(request); };

  const write = async (id: RequestId, expected: number, events: readonly RequestEvent[], validUntil: Instant | undefined): Promise<Appended> => {
    await script.beforeAppend.shift()?.();
    reach();
    const list = lists.get(id) ?? [];
    if (list.length !== expected) return { ok: false, why: 'conflict' };
    if (validUntil !== undefined && clock.now > validUntil) return { ok: false, why: 'too_late' };
    if (list.length === 0) begunAt.set(id, clock.now);
    lists.set(id, [...list, ...copy(events)]);
    outbox.set(id, clock.now);
    events.forEach((event, index) => record({ at: clock.now, request: id, event }, expected + index + 1));
    if (script.loseAppends > 0) { script.loseAppends -= 1; throw new AwayError('the answer was lost'); }
    return { ok: true, at: clock.now };
  };
  const record = (line: LedgerLine, sequence: number): void => {
    entries.push({ ...copy(line), position: entries.length + 1, sequence, hash: 'f'.repeat(64) as Sha256 });
  };

  const store: RequestStore = {
    load: async (id) => { reach(); return { request: requestOf(id), events: lists.get(id) ?? [], now: clock.now }; },
    begin: (id, event, validUntil) => { begin(id, event); return write(id, 0, [event], validUntil); },
    append: (request, events, validUntil) => { events.reduce(evolve, request); return write(request.id, request.version, events, validUntil); },
    now: async () => { reach(); return clock.now; },
    version: async (id) => { reach(); return lists.get(id)?.length ?? 0; },
    unsettled: async (olderThanMs, limit) => { reach(); return [...outbox].filter(([, since]) => since <= clock.now - olderThanMs).map(([id]) => id).slice(0, limit); },
    settle: (id, version) => { if (lists.get(id)?.length === version) outbox.delete(id); },
    open: async (skip, limit, before) => { reach(); return [...lists.keys()].filter((id) => isOpen(id) && (begunAt.get(id) ?? 0) <= (before ?? Infinity)).slice(skip, skip + limit); },
    openOf: async (user) => { reach(); return [...lists.keys()].filter((id) => isOpen(id) && requestOf(id)?.ask.requester === user); },
    history: async (of, limit) => { reach(); return [...lists.keys()].toReversed().filter((id) => { const ask = requestOf(id)?.ask; return 'user' in of ? ask?.requester === of.user : ask?.place.cardIn === of.channel; }).slice(0, limit); },
  };
  return { store, outbox, entries, record, reach, lists, requestOf, eventsOf: (id: RequestId) => (lists.get(id) ?? []).map((event) => event.type) };
};

export interface Job {
  readonly step: 'plan' | 'decide' | 'run' | 'recycle' | 'deliver';
  readonly id: RequestId;
  readonly generation: number;
}

const createQueues = (script: Script) => {
  /** In the order they came; `done` ones keep their id, as a completed job does. */
  const jobs = new Map<string, Job & { done: boolean }>();
  const add = async (job: Job, name: string = job.step): Promise<void> => {
    if (script.away || script.queueAway) throw new AwayError('the queue does not answer');
    const key = `${job.id}.${name}.${job.generation}`;
    if (!jobs.has(key)) jobs.set(key, { ...job, done: false });
  };
  const queues: Queues = {
    enqueue: (id, due: Due) => add({ step: due.step, id, generation: due.generation }),
    enqueueDelivery: (id, version) => add({ step: 'deliver', id, generation: version }),
    enqueueProgress: async () => undefined,
    enqueueReminder: (id, version) => add({ step: 'deliver', id, generation: version }, 'reminder'),
    isAlive: async (id, due) => {
      const key = `${id}.${due.step}.${due.generation}`;
      const job = jobs.get(key);
      if (job && !job.done) return true;
      jobs.delete(key);
      return false;
    },
  };
  const recycles: RecycleQueue = {
    enqueueRecycle: (id, _cluster, generation) => add({ step: 'recycle', id, generation }),
    isRecycleAlive: async (id, _cluster, generation) => {
      const key = `${id}.recycle.${generation}`;
      const job = jobs.get(key);
      if (job && !job.done) return true;
      jobs.delete(key);
      return false;
    },
  };
  const waiting = (): readonly (Job & { done: boolean })[] => [...jobs.values()].filter((job) => !job.done);
  return { queues, recycles, jobs, waiting };
};

const createSmallStores = (clock: Clock, reach: () => void) => {
  const once = new Map<string, { readonly value: string; readonly until: number }>();
  const leases = new Map<string, { readonly token: object; readonly until: number }>();
  const records = new Map<RequestId, DeliveryRecord>();
  const outputs = new Map<string, Output>();
  const cursors = new Map<string, number>();
  const progress = new Map<RequestId, Progress>();
  return {
    once: {
      claim: async (key: string, value: string, forMs: number) => {
        reach();
        const there = once.get(key);
        if (there && there.until > clock.now) return there.value;
        once.set(key, { value, until: clock.now + forMs });
        return undefined;
      },
      release: async (key: string) => { reach(); once.delete(key); },
    },
    leases: {
      acquire: async (name: string, forMs: number) => {
        reach();
        const there = leases.get(name);
        if (there && there.until > clock.now) return undefined;
        const token = {};
        leases.set(name, { token, until: clock.now + forMs });
        return {
          renew: async (ms: number) => { const isOurs = leases.get(name)?.token === token; if (isOurs) leases.set(name, { token, until: clock.now + ms }); return isOurs; },
          release: async () => { if (leases.get(name)?.token === token) leases.delete(name); },
        };
      },
    },
    records: {
      load: async (id: RequestId): Promise<DeliveryRecord> => { reach(); return records.get(id) ?? { results: {}, trailed: 0, delivered: 0 }; },
      save: async (id: RequestId, record: DeliveryRecord) => { reach(); records.set(id, copy(record)); },
    },
    progress: {
      put: async (id: RequestId, soFar: Progress) => { progress.set(id, soFar); },
      get: async (id: RequestId) => progress.get(id),
    },
    outputs: {
      put: async (id: RequestId, index: number, output: Output) => { reach(); outputs.set(`${id}:${index}`, output); },
      get: async (id: RequestId, index: number) => outputs.get(`${id}:${index}`),
    },
    cursors: {
      get: async (name: string) => cursors.get(name) ?? 0,
      set: async (name: string, position: number) => { cursors.set(name, position); },
    },
  };
};

const channelFacts = (id: ChannelId, name: string, changed: Partial<ChannelFacts> = {}): ChannelFacts =>
  ({ id, name, isMember: true, isArchived: false, isShared: false, isDirect: false, ...changed });

const createDirectory = () => {
  const members = new Set<UserId>([ALICE, BOB, CAROL, DAVE]);
  const groups = new Map<GroupId, Set<UserId>>([[SRE, new Set([CAROL])], [ONCALL, new Set([DAVE])]]);
  const channels = new Map<ChannelId, ChannelFacts | 'unknown'>([[OPS, channelFacts(OPS, 'ops')], [INCIDENT, channelFacts(INCIDENT, 'inc-42_db')], [APPROVALS, channelFacts(APPROVALS, 'approvals')]]);
  const inChannel = new Map<ChannelId, Set<UserId>>([[OPS, new Set([ALICE, BOB])], [INCIDENT, new Set([ALICE, BOB])]]);
  const directory: Directory = {
    member: async (user) => (members.has(user) ? 'member' : 'stranger'),
    membersOf: async (group) => groups.get(group) ?? new Set(),
    channel: async (id) => channels.get(id),
    email: async () => undefined,
    isInChannel: async (user, channel) => inChannel.get(channel)?.has(user) ?? false,
    permalink: async (channel, ts) => `https://acme.slack.com/archives/${channel}/p${ts.replace('.', '')}`,
    nameOf: async (user) => (members.has(user) ? user.slice(2).toLowerCase() : undefined),
  };
  return { directory, members, groups, channels, inChannel, facts: channelFacts };
};

export interface Said {
  readonly kind: 'authority' | 'card' | 'result' | 'lines' | 'comparison' | 'privately' | 'reminder' | 'unseen' | 'decision' | 'timeline' | 'filtered';
  readonly channel?: ChannelId;
  /** Of a direct message. */
  readonly person?: UserId;
  readonly thread?: MessageTs;
  /** Of the message that is updated. */
  readonly ts?: MessageTs;
  readonly isRepeat: boolean;
  /** State of the request, or the types of the events of the lines. */
  readonly of: string;
  readonly output?: string;
}

const authorityState = (message: AuthorityMessage): string => {
  if ('freeze' in message) return message.freeze.state;
  if ('allow' in message) return message.allow.state;
  if ('recycle' in message) return message.recycle.state === 'over' ? `over ${message.recycle.over.how}` : message.recycle.state;
  return 'review' in message ? message.review.state : message.request.state;
};

const createChat = () => {
  const said: Said[] = [];
  /** What Slack answers next, first come first served; else it takes the message. */
  const answers: Sent[] = [];
  let posts = 0;
  let cardCharacters = 1_000;
  const answer = (what: Said): Sent => {
    said.push(what);
    posts += 1;
    return answers.shift() ?? { kind: 'sent', ts: what.ts ?? (`1760000000.${String(posts).padStart(6, '0')}` as MessageTs) };
  };
  const chat: Chat = {
    card: async (request, where: CardWhere, isRepeat) => answer({ kind: 'card', ...where, isRepeat, of: request.state }),
    cardLength: () => cardCharacters,
    result: async (request, index, output, where, isRepeat) => answer({ kind: 'result', ...where, isRepeat, of: `${request.state} ${index}`, ...(output && { output: output.head }) }),
    whisper: async () => undefined,
    authority: async (message, where, isRepeat) => answer({ kind: 'authority', ...where, isRepeat, of: `${message.of} ${authorityState(message)}` }),
    comparison: async (request, outputs, where, isRepeat) => answer({ kind: 'comparison', ...where, isRepeat, of: `${request.state} ${outputs.length}` }),
    privately: async (request, isTold, where, isRepeat) => answer({ kind: 'privately', ...where, isRepeat, of: `${request.state}${isTold ? '' : ', not told'}` }),
    reminder: async (request, where, isRepeat) => answer({ kind: 'reminder', ...where, isRepeat, of: request.state }),
    unseen: async (request, isRepeat) => answer({ kind: 'unseen', person: request.ask.requester, isRepeat, of: request.state }),
    decision: async (request, link, isRepeat) => answer({ kind: 'decision', person: request.ask.requester, isRepeat, of: `${request.state}${link === undefined ? '' : ', linked'}` }),
    timeline: async (entries, where) => answer({ kind: 'timeline', ...where, isRepeat: false, of: entries.map(({ request }) => request.state).join(' ') }),
    filtered: async (_request, index, by, filtered, where) => answer({ kind: 'filtered', ...where, isRepeat: false, of: `${by} ${index}`, output: filtered.lines.join('\n') }),
    lines: async (entries, where) => answer({ kind: 'lines', ...where, isRepeat: false, of: entries.map(({ event }) => event.type).join(' ') }),
  };
  return { chat, said, answers, setCardLength: (characters: number) => { cardCharacters = characters; } };
};

export const POD: PodFacts = {
  namespace: 'prod' as PodFacts['namespace'], name: 'api-7f9c4d8b6-x2k9p' as PodName, uid: '4f1c0000-0000-4000-8000-000000000001' as PodUid, phase: 'Running', terminating: false, node: 'eu-3',
  mirror: false, hostPid: false, hostNetwork: false, shareProcessNamespace: false, containers: [{ name: 'api' as ContainerName, kind: 'app', running: true }],
  ephemeralContainers: 0, labels: { app: 'api' }, serviceAccount: 'api', owner: 'ReplicaSet/api-7f9c4d8b6',
};
const RAW: RawOutput = { head: new TextEncoder().encode('LISTEN 0 128\n'), bytes: 13, complete: true };

const createCluster = (startedBefore: (container: string) => boolean) => {
  const calls: string[] = [];
  const containers = new Map<string, EphemeralContainer>();
  /** Scripted answers; a function may do something first. Used up in order, then the cluster answers by itself. */
  const script = {
    find: [] as Found[], dryRun: [] as Admission[], add: [] as (() => Promise<Added> | Added)[], inspect: [] as Inspected[], evict: [] as ('evicted' | Failure)[],
    awaitEnd: [] as ((signal: AbortSignal) => Promise<Ending> | Ending)[],
    /** Stays as it is: whom the cluster takes kdebug for. */
    ownAccount: null as OwnAccount | null | Failure,
  };
  /** Containers sent while no `started` was in the store: a breach of P4. */
  const tooEarly: string[] = [];
  const tried: EphemeralContainer[] = [];
  const cluster: Cluster = {
    name: 'main' as ClusterName,
    find: async (namespace) => { calls.push('find'); return script.find.shift() ?? { kind: 'pods', pods: [{ ...POD, namespace }] }; },
    suggestPods: async (_namespace, prefix) => ({ kind: 'pods', pods: POD.name.startsWith(prefix) ? [{ pod: POD.name, ready: '1/1', status: 'Running', labels: POD.labels }] : [] }),
    podSecurity: async () => null,
    build: ({ image, argv, target }) => ({
      image: image.ref, command: image.shell ? ['sh', '-c', 'wrapper', 'kdebug', '60', ...argv] : argv, ...(target !== null && { targetContainerName: target }), terminationMessagePolicy: 'File',
    }),
    dryRun: async (_target, container) => { calls.push('dryRun'); tried.push(container); return script.dryRun.shift() ?? { kind: 'admitted', warnings: [], ephemeralContainers: 1 }; },
    add: async (_target, container) => {
      calls.push('add');
      if (!startedBefore(container.name)) tooEarly.push(container.name);
      const scripted = script.add.shift();
      if (scripted) return scripted();
      const existed = containers.has(container.name);
      containers.set(container.name, container);
      return { kind: 'added', resourceVersion: '7', existed };
    },
    inspect: async (_target, container) => { calls.push('inspect'); return script.inspect.shift() ?? (containers.has(container.name) ? { kind: 'ours', resourceVersion: '8' } : { kind: 'absent' }); },
    awaitEnd: async (_target, _container, { signal }) => { calls.push('awaitEnd'); return await script.awaitEnd.shift()?.(signal) ?? { outcome: { kind: 'exited', code: 0, durationMs: 900 }, logged: true }; },
    readOutput: async () => { calls.push('readOutput'); return RAW; },
    follow: (target, container) => ({ progress: () => ({ bytes: RAW.bytes, lines: 1 }), finish: () => cluster.readOutput(target, container) }),
    stop: async () => { calls.push('stop'); return undefined; },
    record: async () => undefined,
    evict: async (_target, options) => { calls.push(options?.dryRun === true ? 'evict dry' : 'evict'); return script.evict.shift() ?? 'evicted'; },
    review: async () => 'allowed',
    actingAs: () => cluster,
    ownAccount: async () => script.ownAccount,
    ping: async () => undefined,
    close: async () => undefined,
  };
  return { cluster, calls, containers, script, tooEarly, tried };
};

type World = AuthorityClicking & TellingAuthority & Filtering & Receiving & Planning & Deciding & Executing & Delivering & Clicking & Mirroring & Sweeping;
type Logged = readonly [string, Readonly<Record<string, unknown>>];

const grantKeys = generateKeyPairSync('ed25519');

export const createWorld = (policy: Policy = settings.policy) => {
  const clock: Clock = { now: T0 };
  const script: Script = { away: false, beforeAppend: [], loseAppends: 0, queueAway: false, jobsWaiting: 0 };
  const memory = createStore(clock, script);
  const queue = createQueues(script);
  const people = createDirectory();
  const slack = createChat();
  const small = createSmallStores(clock, memory.reach);
  const kubernetes = createCluster((container) => [...memory.lists].some(([id, events]) => {
    const request = memory.requestOf(id);
    return request !== undefined && 'digest' in request && `kdebug-${request.digest.slice(0, 16)}` === container && events.some((event) => event.type === 'started');
  }));
  const logged: Logged[] = [];
  const log = (fields: Readonly<Record<string, unknown>>, message: string): void => { logged.push([message, fields]); };
  const attempts: Attempt[] = [];
  const own = createAuthorityMemory(clock, memory.reach, memory.record);
  let ids = 0;
  const ports: World = {
    store: memory.store, queues: queue.queues, recycles: queue.recycles, ...small, directory: people.directory, chat: slack.chat, cluster: kubernetes.cluster,
    log: { info: log, warn: log, error: log },
    ledger: {
      settleAttempts: async () => undefined,
      recordAttempt: async (attempt) => { memory.reach(); attempts.push(attempt); memory.record({ at: clock.now, request: null, event: { type: 'attempt', attempt, count: 1 } }, attempts.length); },
      after: async (position, limit) => memory.entries.filter((entry) => entry.position > position).slice(0, limit),
    },
    authority: own.authority, coolDowns: own.coolDowns, budget: createBudgetMemory(clock), breakGlass: settings.breakGlass,
    lengths: { waiting: async () => script.jobsWaiting },
    // wide enough for every story but those about them
    quotas: { perPersonAMinute: 1_000, perChannelAMinute: 1_000, ofAllAMinute: 1_000, waitingPerCluster: settings.limits.waitingPerCluster },
    identity: settings.identity, stepUp: 'unavailable', policy, policyVersion: policy.version, catalogue: settings.catalogue, clusters: settings.clusters, incidents: settings.channels.incidents, approvalsChannel: APPROVALS,
    limits: settings.limits, ownNamespace: 'kdebug', newId: () => `kd-${String(ids += 1).padStart(8, '0')}` as RequestId,
    sanitiser: { sanitise: async (raw) => ({ head: new TextDecoder().decode(raw.head), summary: { bytes: raw.bytes, lines: 1, complete: raw.complete, keptBytes: raw.bytes, binary: false, redactions: [] } }) },
    signer: createGrantSigner(grantKeys.privateKey), verifier: createGrantVerifier(grantKeys.publicKey),
    matcher: createMatcher(),
    worker: 'worker-1', clock: () => clock.now - 5_000, // this machine is slow by five seconds
    sleep: async (milliseconds) => { clock.now = (clock.now + milliseconds) as Instant; },
    audit: AUDIT,
  };
  return {
    own, ports, script, clock, attempts, logged, memory, queue, people, slack, kubernetes,
    pass: (seconds: number): void => { clock.now = (clock.now + seconds * 1_000) as Instant; },
    events: memory.eventsOf,
    request: memory.requestOf,
  };
};

export type TestWorld = ReturnType<typeof createWorld>;
