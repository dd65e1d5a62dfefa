import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connectSlack, type SlackConnection, type SlackOptions } from '../adapters/slack/connect.ts';
import { createMatcher } from '../adapters/redaction/matcher.ts';
import { startWorker } from '../adapters/redis/workers.ts';
import { clickAuthority } from '../app/authority/click.ts';
import { tellAuthorities } from '../app/authority/tell.ts';
import type { Quotas } from '../app/authority/ports.ts';
import { choose, click, deny, details, type Clicking } from '../app/click.ts';
import { decideStep } from '../app/decide-step.ts';
import { deliver } from '../app/deliver.ts';
import { mirrorOnce } from '../app/mirror.ts';
import { receive } from '../app/receive.ts';
import { recycle } from '../app/recycle/ask.ts';
import type { SlackHandlers } from '../app/slack-port.ts';
import { sweep, type Looks } from '../app/sweep.ts';
import type { Limits } from '../config/settings.ts';
import { defaultImage } from '../domain/instead.ts';
import { requestIdFrom } from '../domain/names.ts';
import type { StepUpOffer } from '../domain/policy/gate.ts';
import { createGrantSigner } from '../ops/grants.ts';
import { pause, startLoop } from '../ops/loop.ts';
import { alarmed } from './alarm.ts';
import { startLedgerLoops } from './ledger-loops.ts';
import { afterHandlers, afterOnce } from './after-handlers.ts';
import { entryHandlers, entryOnce } from './entry-handlers.ts';
import type { Part, ServeGround } from './part.ts';
import { openStepUp, type StepUpPages } from './step-up.ts';
import { openStores, pingRedis, type Stores } from './stores.ts';

const DECISIONS_AT_ONCE = 10;
const DELIVERIES_AT_ONCE = 30;
/** How soon a freeze is told. */
const AUTHORITY_EVERY_MS = 250;
const SWEEP_EVERY_MS = 1_000;
/** Slack takes about one message a second and channel. */
const MIRROR_EVERY_MS = 1_000;
const NAMESPACE_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** The half that holds Slack's tokens, the rules and the decisions, and no right in any cluster. */
export const startServePart = async (ground: ServeGround): Promise<Part> => {
  const { settings, log, redis, keys } = ground;
  const stores = openStores(ground);
  await stores.queues.ready();
  const handlers = Promise.withResolvers<SlackHandlers>();
  const pages = openStepUp(ground, stores.tickets);
  const slack = await connectSlack({ ...accessOf(ground, pages), log, budget: stores.budget, handlers: once(handlers.promise), stoppable: settings.clusters.filter(({ cancel }) => cancel === 'exec').map(({ name }) => name), fallbackImage: defaultImage(settings.catalogue)?.name });
  const { policy, catalogue, identity } = settings;
  const world = { ...stores, log, chat: slack.chat, directory: slack.directory, policy, catalogue, identity, stepUp: offerOf(pages), audit: settings.channels.audit, breakGlass: settings.breakGlass, signer: createGrantSigner(ground.signingKey), sleep: (milliseconds: number) => pause(milliseconds) };
  const clicking = { ...stores, log, directory: slack.directory, chat: slack.chat, policy, clusters: settings.clusters, identity, stepUp: offerOf(pages), links: pages?.links };
  await pages?.start(clicking, slack.port());
  handlers.resolve(handlersOver(ground, stores, clicking));
  const workers = [
    startWorker({ redis: redis.worker, keys, queue: 'decide', concurrency: DECISIONS_AT_ONCE, log, step: alarmed(stores.ledger, log, (id, generation) => decideStep(world, id, generation)) }),
    startWorker({ redis: redis.worker, keys, queue: 'deliver', concurrency: DELIVERIES_AT_ONCE, log, step: alarmed(stores.ledger, log, (id, generation) => deliver(world, id, generation)) }),
  ];
  const looks: Looks = new Map();
  const loops = [
    startLoop('sweep', log, async () => { await sweep(world, looks); return SWEEP_EVERY_MS; }),
    startLoop('authority', log, async () => { await tellAuthorities(world); return AUTHORITY_EVERY_MS; }),
    startLoop('mirror', log, () => mirrorOnce(world, MIRROR_EVERY_MS)),
    ...startLedgerLoops(ground, stores, slack.chat),
  ];
  return {
    alive: { serve: () => (workers.every((worker) => worker.isRunning()) ? undefined : 'a queue is not being worked') },
    ready: { redis: pingRedis(ground), slack: () => slack.unready() },
    close: async (graceMs) => {
      await slack.close();
      await pages?.close();
      await Promise.all(loops.map((loop) => loop.stop()));
      await Promise.all(workers.map((worker) => worker.close(graceMs)));
      await Promise.all([stores.queues.close(), stores.lookups.close()]);
    },
  };
};

const accessOf = ({ slack: { transport, botToken, apiUrl }, port }: ServeGround, pages: StepUpPages | undefined): Pick<SlackOptions, 'transport' | 'botToken' | 'apiUrl'> => ({
  transport: transport.kind === 'socket' ? { kind: 'socket', appToken: transport.appToken } : { kind: 'http', signingSecret: transport.signingSecret, port, ...(pages && { others: pages.others }) },
  botToken,
  ...(apiUrl !== undefined && { apiUrl }),
});

const offerOf = (pages: StepUpPages | undefined): StepUpOffer => (pages ? 'available' : 'unavailable');

/** Deliveries may come before the directory that the handlers ask is there: they wait for it. */
const once = (ready: Promise<SlackHandlers>): SlackHandlers => ({
  command: async (input) => (await ready).command(input),
  click: async (input) => (await ready).click(input),
  choose: async (input) => (await ready).choose(input),
  deny: async (input) => (await ready).deny(input),
  details: async (input) => (await ready).details(input),
  authority: async (input) => (await ready).authority(input),
  recycle: async (input) => (await ready).recycle(input),
  rejected: async (input) => (await ready).rejected(input),
  ...entryOnce(ready),
  ...afterOnce(ready),
});

type ClickingHere = Stores & Clicking & Pick<SlackConnection, 'chat'> & Pick<ServeGround['settings'], 'clusters'> & { readonly stepUp: StepUpOffer };

const handlersOver = (ground: ServeGround, stores: Stores, clicking: ClickingHere): SlackHandlers => {
  const { catalogue, channels, limits } = ground.settings;
  const receiving = {
    ...clicking, catalogue, limits, incidents: channels.incidents, approvalsChannel: channels.approvals,
    breakGlass: ground.settings.breakGlass, quotas: quotasOf(limits), ownNamespace: ownNamespace(), newId: () => requestIdFrom(randomBytes(8)), sleep: (milliseconds: number) => pause(milliseconds),
  };
  return {
    ...entryHandlers(receiving),
    ...afterHandlers({ ...receiving, matcher: createMatcher() }),
    command: (input) => receive(receiving, input),
    click: (input) => click(clicking, input),
    choose: (input) => choose(clicking, input),
    deny: (input) => deny(clicking, input),
    details: (input) => details(clicking, input),
    authority: (input) => clickAuthority(clicking, input),
    recycle: (input) => recycle(receiving, input),
    rejected: async ({ what, why, user, channel }) => {
      await stores.ledger.recordAttempt({ user, channel, request: null, what: 'security', text: null, refusal: { code: 'security', message: `${what}: ${why}` } }).catch(() => undefined);
    },
  };
};

const quotasOf = ({ commandsPerPerson, commandsPerChannel, commandsTotal, waitingPerCluster }: Limits): Quotas =>
  ({ perPersonAMinute: commandsPerPerson, perChannelAMinute: commandsPerChannel, ofAllAMinute: commandsTotal, waitingPerCluster });

/** In a cluster kdebug never touches its own pods. */
const ownNamespace = (): string | undefined => {
  try {
    return readFileSync(NAMESPACE_FILE, 'utf8').trim();
  } catch {
    return undefined; // not in a cluster
  }
};
