/** Every message, modal and Home view that kdebug can send, each under the name it has in the gallery. */
import { answer, clickAnswer } from '../../adapters/slack/render/answers.ts';
import { card } from '../../adapters/slack/render/card.ts';
import { comparison } from '../../adapters/slack/render/compare.ts';
import { filteredMessage, filteredView, filterView } from '../../adapters/slack/render/filter.ts';
import { formView } from '../../adapters/slack/render/form.ts';
import { homeView } from '../../adapters/slack/render/home.ts';
import { mirror } from '../../adapters/slack/render/mirror.ts';
import { denyView, detailsView, noticeView } from '../../adapters/slack/render/modals.ts';
import { decision, privately, reminder, unseen } from '../../adapters/slack/render/notices.ts';
import { result } from '../../adapters/slack/render/result.ts';
import { timeline } from '../../adapters/slack/render/timeline.ts';
import type { FormChoices, HomeLine } from '../../app/entry-port.ts';
import type { FullReport } from '../../app/ledger/report.ts';
import type { RequestLine } from '../../app/slack-port.ts';
import { parseCommand } from '../../domain/command/parse.ts';
import type { RequestEvent } from '../../domain/events.ts';
import type { ImageName, MessageTs, PodName, PresetName } from '../../domain/names.ts';
import type { Outlook } from '../../domain/policy/outlook.ts';
import type { AwaitingApproval, Finished } from '../../domain/request-states.ts';
import { AUTHORITY_MESSAGES, authorityViews } from './authority-entries.ts';
import { ALICE, ANSWERS, at, BOB, CHANNEL, endOf, finishedWith, given, MAIN, ONE, outputOf, planned, planOf, podsOf, PROD, requested, runCommand, SOCKETS, THREE, upTo, WIDE } from './requests.ts';

export type Entry =
  | { readonly name: string; readonly surface: 'message'; readonly text: string; readonly blocks: readonly unknown[]; /** Only one person sees it. */ readonly isWhispered?: boolean }
  | { readonly name: string; readonly surface: 'modal' | 'home'; readonly view: object };

type Shown = { readonly text: string; readonly blocks: readonly unknown[] } | undefined;
const message = (name: string, shown: Shown): readonly Entry[] => (shown === undefined ? [] : [{ name, surface: 'message', text: shown.text, blocks: shown.blocks }]);
const whispered = (name: string, shown: Shown): readonly Entry[] => message(name, shown).map((entry) => ({ ...entry, isWhispered: true }) as Entry);
const modal = (name: string, view: object): Entry => ({ name, surface: 'modal', view });

const one = upTo(ONE);
const EXITED = { kind: 'exited', code: 0, durationMs: 900 } as const;
const [POD = '' as PodName] = podsOf(ONE);
const sockets = outputOf(SOCKETS);
const finished = finishedWith(ONE, [endOf(POD, EXITED, sockets)]) as Finished;
const several = finishedWith(THREE, podsOf(THREE).map((pod, index) => endOf(pod, EXITED, ANSWERS[index] ?? null))) as Finished;
const long = outputOf(Array.from({ length: 400 }, (_, index) => `2026-03-04T14:2${index % 10}:00Z worker ${index} took ${index * 7} ms\n`).join(''));
const click = { user: BOB, team: finished.ask.place.team, appId: 'A0KDEBUG', channel: CHANNEL, ts: '1772634067.000100' as MessageTs, request: finished.id, trigger: 'x' };

const STATES: Readonly<Record<string, readonly RequestEvent[]>> = {
  'being planned again': [requested, planned(ONE), { type: 'replanned', at: at(2), policyVersion: ONE.policyVersion, expiresAt: at(120) }],
  'several pods match': [requested, { type: 'choosing', at: at(1), expiresAt: at(121), candidates: podsOf(THREE).map((pod, index) => ({ pod, ready: '1/1', status: 'Running', restarts: index * 3, createdAt: at(-86_400), node: `eu-${index + 3}` })) }],
  'waiting for approval': one.held, 'waiting for approval, three pods': upTo(THREE).held, queued: one.queued, running: one.running,
  'only checked': [requested, planned(ONE), { type: 'checked', at: at(2), gate: { gate: 'held', rule: 'production needs one other person', hold: { needed: 1, approvers: [], expiresMs: 900_000, mention: true, stepUp: false } } }],
  denied: [...one.held, { type: 'denied', at: at(50), by: BOB, reason: 'not during the sale' }],
  withdrawn: [...one.held, { type: 'withdrawn', at: at(50), by: ALICE }],
  cancelled: [requested, { type: 'cancelled', at: at(50), by: ALICE }],
  expired: [...one.held, { type: 'expired', at: at(901), waitingFor: 'approval' }],
  'refused by a rule': [requested, planned(ONE), { type: 'refused', at: at(2), refusal: { code: 'rule', rule: 'system namespaces are off limits', message: 'Ask the platform team.' } }],
  'no such pod': [requested, { type: 'not_planned', at: at(1), failure: { code: 'pod_not_found', prefix: 'api-7f9', near: ['api-7fb5c-1kk2p', 'api-6c9d8-77xz1'] as unknown as readonly PodName[] } }],
};

const cards = (): readonly Entry[] => [
  ...Object.entries(STATES).flatMap(([name, events]) => message(`card: ${name}`, card(given(...events), false, { canStop: true }))),
  ...message('card: running for long', card(given(...one.running), false, { canStop: true, progress: { runningSince: at(43), at: at(55), lines: 340, bytes: 12_288 } })),
  ...message('card: cannot be stopped', card(given(...one.running))),
  ...message('card: finished', card(finished)),
];

const RESULTS: readonly (readonly [string, Parameters<typeof endOf>[1], ReturnType<typeof outputOf> | null])[] = [
  ['sockets', EXITED, sockets], ['a table', EXITED, outputOf(WIDE)], ['long', EXITED, long],
  ['exit code 1', { kind: 'exited', code: 1, durationMs: 2_000 }, outputOf('curl: (7) Failed to connect to db port 5432: Connection refused\n')],
  ['values hidden', EXITED, outputOf('DB_PASSWORD=[hidden: password]\n', { redactions: [{ what: 'bearer token', count: 1 }, { what: 'password', count: 1 }] })],
  ['stopped by its limit', { kind: 'timed_out', afterMs: 60_000 }, outputOf('64 bytes from 10.1.2.3: icmp_seq=1\n')],
  ['the pod went away', { kind: 'interrupted', by: 'deleted', replacement: 'api-7f9c4d8b6-q8d2r' as PodName }, outputOf('tcpdump: listening on eth0\n')],
  ['the image could not be pulled', { kind: 'not_started', armed: true, failure: { code: 'image_not_pulled', image: 'nicolaka/netshoot:v0.13', detail: 'not found' } }, null],
];

const results = (): readonly Entry[] => [
  ...RESULTS.flatMap(([name, outcome, output]) => message(`result: ${name}`, result(finishedWith(ONE, [endOf(POD, outcome, output)]) as Finished, 0, output ?? undefined, false))),
  ...message('result: of one of three pods', result(several, 0, ANSWERS[0], false)),
  ...message('comparison: three pods', comparison(several, ANSWERS, false)),
  ...message('private: said in the thread', privately(finishedWith(planOf(ONE.targets, { audience: { kind: 'person', user: ALICE } }), finished.ends) as Finished, true, false)),
];

const LINK = 'https://acme.slack.com/archives/C0INC42/p1772634067000100';
const WEEK: FullReport = {
  from: at(0), until: at(604_800), requests: 214, started: 180, refused: 12, attempts: 31, denied: 3, approvals: 95, medianApprovalMs: 41_000, quick: [{ by: BOB, count: 2 }],
  glass: [{ request: finished.id, by: ALICE, reason: 'INC-42: checkout is down', isReviewed: true }], reviewsOwed: 0, alarms: 0, preApprovals: 2, freezes: 1,
};
const after = (): readonly Entry[] => [
  ...message('reminder', reminder(given(...one.held) as AwaitingApproval, false)),
  ...message('direct message: no card', unseen(given(...one.held), false)),
  ...message('direct message: approved', decision(finished, LINK, false)),
  ...message('direct message: denied', decision(given(...STATES['denied'] ?? []), LINK, false)),
  ...message('direct message: expired', decision(given(...STATES['expired'] ?? []), LINK, false)),
  ...message('timeline', timeline([{ request: finished, link: LINK }, { request: given(...STATES['denied'] ?? []), link: LINK }, { request: several }])),
  ...message('audit channel', mirror([...one.running, { type: 'finished', at: at(44), ends: finished.ends } as const].map((event) => ({ at: event.at, request: finished.id, event })))),
  ...message('audit channel: a week', mirror([{ at: at(604_800), request: null, event: { type: 'report', report: WEEK } }])),
];

const lineOf = (state: RequestLine['state'], more: Partial<RequestLine> = {}): RequestLine =>
  ({ request: finished.id, state, requester: ALICE, cluster: MAIN, namespace: PROD, target: 'api-7f9', argv: ['ss', '-tlnp'], askedAt: at(0), link: LINK, ...more });

const mistyped = 'prod api-7f9 --imag netshoot -- ls';
const answers = (): readonly Entry[] => {
  const wrong = parseCommand(mistyped);
  return [
    ...whispered('answer: accepted', answer({ kind: 'accepted', request: finished.id, command: runCommand('prod api-7f9 -- ss -tlnp'), normalised: [{ offset: 13, from: '—', to: '--' }] })),
    ...(wrong.ok ? [] : whispered('answer: a typing mistake', answer({ kind: 'unparsed', error: wrong.error, text: mistyped }))),
    ...whispered('answer: refused', answer({ kind: 'refused', refusal: { code: 'rule', rule: 'system namespaces are off limits', message: 'Ask the platform team.' } })),
    ...whispered('answer: history', answer({ kind: 'lines', listing: { of: 'requests', which: 'history', requests: [lineOf('finished', { outcomes: [EXITED] }), lineOf('denied'), lineOf('awaiting_approval')] } })),
    ...whispered('answer: not your own', clickAnswer({ kind: 'refused', refusal: { code: 'own_request', approvers: upTo(ONE).held.flatMap((event) => (event.type === 'held' ? event.hold.approvers : [])) } })),
  ];
};

const choices: FormChoices = {
  cluster: MAIN, namespace: PROD, clusters: [MAIN], namespaces: [PROD], timeoutDefaultMs: 60_000, timeoutMaxMs: 900_000,
  images: [{ name: 'netshoot' as ImageName, isDefault: true, description: 'network tools (ss, dig, curl, tcpdump)' }],
  presets: [{ name: 'sockets' as PresetName, description: 'listening TCP sockets with their processes', parameters: [] }],
};
const filtered = { spec: { select: { by: 'text', wanted: 'LISTEN', invert: false } as const, first: null, last: null, columns: [{ from: 4, to: 4 }] }, lines: ['0.0.0.0:8080', '127.0.0.1:9090'], of: 3, matched: 2, isPart: false };
const typed = { how: 'contain', wanted: 'LISTEN', first: '', last: '', columns: '4' };
const rule = { when: {}, digestRequired: false, unbounded: false, private: 'refuse', nodeAccess: 'allow' } as const;
const outlooks: readonly Outlook[] = [
  { environment: 'production', paths: [{ rule: { ...rule, name: 'production needs one other person', decide: 'approve', approvals: 1, approvers: [{ kind: 'user', id: BOB }], expiresMs: 900_000, stepUp: false, mention: true }, open: [] }] },
  { environment: null, paths: [{ rule: { ...rule, name: 'everywhere else is open to the engineers', decide: 'allow' }, open: [] }] },
];
const homeLine = (state: RequestLine['state']): HomeLine => ({ ...lineOf(state), card: { channel: CHANNEL, ts: '1772634067.000100' as MessageTs } });

const views = (): readonly Entry[] => [
  modal('form: debug a pod', formView({ channel: CHANNEL, mentions: [], cluster: MAIN, namespace: PROD }, { kind: 'form', choices })),
  modal('details', detailsView({ kind: 'shown', request: given(...one.held) })),
  modal('deny', denyView({ ...click, request: finished.id })),
  modal('filter', filterView(click, finished, 0)),
  modal('filter: what it shows', filteredView(click, typed, finished, filtered)),
  ...authorityViews(click).map(([name, view]) => modal(name, view)),
  modal('notice', noticeView(['I do not know whether that click was counted. Look at the card: if it still waits, press again.'])),
  { name: 'Home', surface: 'home', view: homeView({ kind: 'home', open: [homeLine('running')], pending: [homeLine('awaiting_approval')], history: [homeLine('finished')], outlooks }, { url: 'https://acme.slack.com/' }) },
];

export const entries = (): readonly Entry[] => [
  ...cards(), ...results(), ...message('filtered output, posted', filteredMessage(finished, 0, BOB, filtered)), ...after(),
  ...AUTHORITY_MESSAGES.flatMap(([name, shown]) => message(name, shown)), ...answers(), ...views(),
];
