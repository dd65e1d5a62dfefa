/** One request in each of its states, made of events only, as the pictures show them. */
import { parseCommand } from '../../domain/command/parse.ts';
import type { RunCommand } from '../../domain/command/command.ts';
import type { Ask, RequestEvent, RunEnd } from '../../domain/events.ts';
import { replay } from '../../domain/evolve.ts';
import type { ChannelId, ClusterName, ContainerName, GroupId, ImageName, ImageRef, Instant, Namespace, PodName, PodUid, RequestId, Sha256, TeamId, UserId } from '../../domain/names.ts';
import type { Output } from '../../domain/output.ts';
import { planDigest, type Plan, type Preflight } from '../../domain/plan.ts';
import type { Request } from '../../domain/request-states.ts';

export const [ALICE, BOB, CAROL] = ['U0ALICE' as UserId, 'U0BOB' as UserId, 'U0CAROL' as UserId];
export const CHANNEL = 'C0INC42' as ChannelId;
export const MAIN = 'main' as ClusterName;
export const PROD = 'prod' as Namespace;
const ID = 'kd-8fk2m9xq' as RequestId;
/** 2026-03-04 14:21 UTC. */
const T0 = Date.UTC(2026, 2, 4, 14, 21, 7);
export const at = (seconds: number): Instant => (T0 + seconds * 1_000) as Instant;

export const runCommand = (text: string): RunCommand => {
  const parsed = parseCommand(text);
  if (!parsed.ok || parsed.command.kind !== 'run') throw new Error(`This is no command to run: ${text}`);
  return parsed.command;
};

const TEXT = 'prod api-7f9 --image netshoot -- ss -tlnp';
const ask: Ask = {
  requester: ALICE, place: { team: 'T0ACME' as TeamId, typedIn: CHANNEL, cardIn: CHANNEL, incident: true }, text: TEXT, command: runCommand(TEXT), cluster: MAIN,
};

const pods = ['api-7f9c4d8b6-x2k9p', 'api-7f9c4d8b6-q8d2r', 'api-7f9c4d8b6-zz5mq'] as unknown as readonly PodName[];
const targetOf = (pod: PodName, index: number): Plan['targets'][number] => ({
  cluster: MAIN, namespace: PROD, pod, uid: `${['4f1c09aa', '8b03d7e1', 'c55a1290'][index] ?? '0'}-7d3e-4b8e-9a51-0c5f2b1d7e11` as PodUid, container: 'api' as ContainerName, node: `eu-${index + 3}`,
});

export const planOf = (targets: readonly Plan['targets'][number][], more: Partial<Plan> = {}): Plan => ({
  request: ID, revision: 1, requester: ALICE, targets, audience: { kind: 'channel', channel: CHANNEL }, timeoutMs: 60_000, startWithinMs: 600_000, policyVersion: 'a'.repeat(64) as Sha256,
  image: 'netshoot' as ImageName, profile: 'general', argv: ['ss', '-tlnp'], bounded: true,
  container: {
    image: 'nicolaka/netshoot:v0.13' as ImageRef, command: ['sh', '-c', 'wrapper', 'kdebug', '60', 'ss', '-tlnp'], targetContainerName: 'api' as ContainerName,
    securityContext: { capabilities: { add: ['SYS_PTRACE'] } }, terminationMessagePolicy: 'File',
  },
  ...more,
});
const preflight: Preflight = { warnings: [], notices: [], podSecurity: null, containersUsed: 2, labels: { app: 'api' }, pinned: false };

export const requested: RequestEvent = { type: 'requested', at: at(0), ask, expiresAt: at(120) };
export const planned = (plan: Plan): RequestEvent => ({ type: 'planned', at: at(1), plan, preflight });
const held: RequestEvent = {
  type: 'held', at: at(1), rule: 'production needs one other person', expiresAt: at(901),
  hold: { needed: 1, approvers: [{ kind: 'usergroup', id: 'S0SRE' as GroupId }, { kind: 'user', id: BOB }], expiresMs: 900_000, mention: true, stepUp: false },
};
export const approvedBy = (plan: Plan): RequestEvent => ({ type: 'approved', at: at(41), by: BOB, digest: planDigest(plan), notAfter: at(641) });
export const granted: RequestEvent = { type: 'granted', at: at(41), until: at(101), signature: 'x' };
export const started: RequestEvent = { type: 'started', at: at(42), worker: 'worker-1:7' };

export const given = (...events: readonly RequestEvent[]): Request => {
  const request = replay(ID, events);
  if (!request) throw new Error('a request begins with an event');
  return request;
};

export const ONE = planOf(pods.slice(0, 1).map(targetOf));
export const THREE = planOf(pods.map(targetOf));
export const upTo = (plan: Plan): { readonly [Step in 'held' | 'queued' | 'running']: readonly RequestEvent[] } => {
  const waiting = [requested, planned(plan), held];
  return { held: waiting, queued: [...waiting, approvedBy(plan)], running: [...waiting, approvedBy(plan), granted, started] };
};

export const outputOf = (text: string, more: Partial<Output['summary']> = {}): Output => ({
  head: text, summary: { bytes: Buffer.byteLength(text), lines: text.split('\n').length - 1, complete: true, keptBytes: Buffer.byteLength(text), binary: false, redactions: [], ...more },
});
export const endOf = (pod: PodName, outcome: RunEnd['outcome'], output: Output | null): RunEnd => ({ pod, outcome, output: output?.summary ?? null });
export const podsOf = (plan: Plan): readonly PodName[] => plan.targets.map(({ pod }) => pod);
export const finishedWith = (plan: Plan, ends: readonly RunEnd[]): Request => given(...upTo(plan).running, { type: 'finished', at: at(44), ends });

export const SOCKETS = `State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
LISTEN 0      128          0.0.0.0:8080      0.0.0.0:*    users:(("api",pid=1,fd=3))
LISTEN 0      128        127.0.0.1:9090      0.0.0.0:*    users:(("api",pid=1,fd=7))
`;
export const WIDE = `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
app            1  2.1  4.8 1184736 98304 ?       Ssl  Mar02  71:12 node --max-old-space-size=512 server.js --port 8080 --workers 4
app           57  0.0  0.4  11960  3072 ?        S    14:20   0:00 /bin/sh -c while true; do sleep 60; /app/rotate-logs; done
`;
const stuck = (count: number): string => Array.from({ length: count }, (_, index) => `CLOSE-WAIT 1 0 10.1.2.3:8080 10.9.${Math.floor(index / 250)}.${index % 250}:52000\n`).join('');
/** What three pods answered: the last has what the others have not. */
export const ANSWERS: readonly Output[] = ['', '', stuck(4_112)].map((more) => outputOf(`State Recv-Q Send-Q Local Peer\nLISTEN 0 128 0.0.0.0:8080 0.0.0.0:*\n${more}`));
