/**
 * Ledger entries as OCSF API Activity (class 6003, https://schema.ocsf.io/1.3.0/classes/api_activity): who asked what of
 * which pod, who allowed it, how it ended. Never output: a run's output appears as its size and keyed digest only.
 */
import type { AuthorityEvent } from '../authority.ts';
import type { RequestEvent } from '../events.ts';
import type { Instant, RequestId, UserId } from '../names.ts';

const CLASS = 6003;
const CATEGORY = 6; // application activity
const SCHEMA_VERSION = '1.3.0';
const ACTIVITY = { create: 1, read: 2, update: 3, delete: 4, other: 99 } as const;
const SEVERITY = { informational: 1, low: 2, medium: 3, high: 4 } as const;

export interface OcsfResource {
  readonly type: 'pod';
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  readonly data: { readonly cluster: string };
}

/** An attempt that belongs to no request, as the ledger keeps it. */
export interface AttemptEvent {
  readonly type: 'attempt';
  readonly count: number;
  readonly attempt: {
    readonly user: UserId | null;
    readonly channel: string | null;
    readonly request: RequestId | null;
    readonly what: 'command' | 'click' | 'security';
    readonly text: string | null;
    readonly refusal: { readonly code: string };
  };
}

export interface OcsfEntry {
  readonly position: number;
  readonly at: Instant;
  readonly request: RequestId | null;
  readonly sequence: number;
  readonly event: RequestEvent | AuthorityEvent | AttemptEvent;
  readonly hash: string;
}

export interface OcsfEvent {
  readonly class_uid: number;
  readonly class_name: string;
  readonly category_uid: number;
  readonly category_name: string;
  readonly activity_id: number;
  readonly type_uid: number;
  readonly severity_id: number;
  readonly time: number;
  readonly status: 'Success' | 'Failure';
  readonly status_id: 1 | 2;
  readonly status_detail?: string;
  readonly actor: { readonly app_name: string; readonly user: { readonly uid: string; readonly type: 'User' | 'System' } };
  readonly api: { readonly operation: string; readonly service: { readonly name: string }; readonly request?: { readonly uid: string } };
  readonly src_endpoint: { readonly name: string; readonly uid?: string };
  readonly resources: readonly OcsfResource[];
  readonly metadata: { readonly version: string; readonly uid: string; readonly sequence: number; readonly correlation_uid?: string; readonly product: { readonly name: string; readonly vendor_name: string; readonly version: string } };
  readonly unmapped: Readonly<Record<string, unknown>>;
}

/** What entries of a request leave unsaid because an earlier one said it. */
export interface RequestContext {
  readonly requester: UserId;
  readonly channel: string;
  readonly resources: readonly OcsfResource[];
}

type Kind = keyof typeof ACTIVITY;
type Row = readonly [activity: Kind, severity: keyof typeof SEVERITY, status: 'Success' | 'Failure'];

/** One row a type. What gives or uses power over a pod is `medium`; a breach of the door and a broken glass are `high`. */
const ROWS: { readonly [Type in OcsfEntry['event']['type']]: Row } = {
  requested: ['create', 'informational', 'Success'],
  choosing: ['read', 'informational', 'Success'],
  chosen: ['update', 'informational', 'Success'],
  planned: ['update', 'informational', 'Success'],
  not_planned: ['update', 'low', 'Failure'],
  replanned: ['update', 'informational', 'Success'],
  allowed: ['update', 'informational', 'Success'],
  held: ['update', 'informational', 'Success'],
  checked: ['read', 'informational', 'Success'],
  refused: ['update', 'low', 'Failure'],
  approved: ['update', 'medium', 'Success'],
  denied: ['update', 'low', 'Failure'],
  withdrawn: ['delete', 'informational', 'Success'],
  granted: ['update', 'informational', 'Success'],
  grant_lapsed: ['update', 'informational', 'Failure'],
  started: ['other', 'medium', 'Success'],
  stop_requested: ['delete', 'low', 'Success'],
  finished: ['other', 'informational', 'Success'],
  cancelled: ['delete', 'informational', 'Success'],
  expired: ['update', 'informational', 'Failure'],
  pre_approved: ['update', 'medium', 'Success'],
  glass_broken: ['update', 'high', 'Success'],
  announced: ['update', 'informational', 'Success'],
  frozen: ['create', 'high', 'Success'],
  unfreeze_asked: ['update', 'medium', 'Success'],
  unfrozen: ['delete', 'high', 'Success'],
  allow_asked: ['create', 'informational', 'Success'],
  allow_approved: ['update', 'medium', 'Success'],
  allow_denied: ['update', 'low', 'Failure'],
  allow_withdrawn: ['delete', 'informational', 'Success'],
  allow_revoked: ['delete', 'low', 'Success'],
  allow_expired: ['update', 'informational', 'Failure'],
  allow_ended: ['update', 'informational', 'Success'],
  review_owed: ['create', 'medium', 'Success'],
  review_reminded: ['update', 'medium', 'Failure'],
  reviewed: ['update', 'medium', 'Success'],
  recycle_asked: ['create', 'low', 'Success'],
  recycle_checked: ['read', 'informational', 'Success'],
  recycle_approved: ['update', 'medium', 'Success'],
  recycle_denied: ['update', 'low', 'Failure'],
  recycle_withdrawn: ['delete', 'informational', 'Success'],
  recycle_expired: ['update', 'informational', 'Failure'],
  recycle_refused: ['update', 'low', 'Failure'],
  recycle_granted: ['update', 'informational', 'Success'],
  recycle_started: ['delete', 'medium', 'Success'],
  recycle_blocked: ['update', 'informational', 'Failure'],
  recycle_ended: ['delete', 'medium', 'Success'],
  attempt: ['other', 'low', 'Failure'],
};

/** A ledger may hold what a later version wrote. */
const OTHER: Row = ['other', 'informational', 'Success'];
const rowOf = ({ type }: OcsfEntry['event']): Row => (Object.hasOwn(ROWS, type) ? ROWS[type] : OTHER);

/** What is known of the request once this entry is read; it goes from entry to entry. */
export const contextAfter = (context: RequestContext | undefined, event: OcsfEntry['event']): RequestContext | undefined => {
  if (event.type === 'requested') return { requester: event.ask.requester, channel: event.ask.place.typedIn, resources: [] };
  if (event.type !== 'planned' || !context) return context;
  const resources = event.plan.targets.map(({ cluster, namespace, pod, uid }) => ({ type: 'pod', name: pod, namespace, uid, data: { cluster } }) as const);
  return { ...context, resources };
};

const actorOf = (event: OcsfEntry['event']): UserId | undefined => {
  if (event.type === 'requested') return event.ask.requester;
  if (event.type === 'attempt') return event.attempt.user ?? undefined;
  if (event.type === 'allow_asked' || event.type === 'recycle_asked') return event.ask.by;
  return 'by' in event ? event.by : undefined;
};

/** A pod by the name that was asked for, until it is found. */
const asked = (event: OcsfEntry['event']): readonly OcsfResource[] => {
  if (event.type === 'recycle_asked') {
    const { cluster, namespace, pod, uid } = event.ask.target;
    return [{ type: 'pod', name: pod, namespace, uid, data: { cluster } }];
  }
  if (event.type !== 'requested') return [];
  const { cluster, command: { namespace, target } } = event.ask;
  const name = target.kind === 'name' ? target.name : target.kind === 'workload' ? `${target.resource}/${target.name}` : target.selector;
  return [{ type: 'pod', name, namespace, data: { cluster } }];
};

type Finished = Extract<RequestEvent, { type: 'finished' }>;
const isClean = ({ ends }: Finished): boolean => ends.every(({ outcome }) => outcome.kind === 'exited' && outcome.code === 0);
const outcomesOf = ({ ends }: Finished): string => ends.map(({ outcome }) => (outcome.kind === 'exited' ? `exited ${outcome.code}` : outcome.kind)).join(', ');

const statusOf = (event: OcsfEntry['event']): Pick<OcsfEvent, 'status' | 'status_id' | 'status_detail'> => {
  const hasFailed = (event.type === 'finished' && !isClean(event)) || (event.type === 'recycle_ended' && event.end.how !== 'evicted');
  const status = hasFailed ? 'Failure' : rowOf(event)[2];
  const detail = detailOf(event);
  return { status, status_id: status === 'Success' ? 1 : 2, ...(detail !== undefined && { status_detail: detail }) };
};

const detailOf = (event: OcsfEntry['event']): string | undefined => {
  if (event.type === 'finished') return outcomesOf(event);
  if (event.type === 'refused' || event.type === 'recycle_refused') return event.refusal.code;
  if (event.type === 'recycle_ended') return event.end.how === 'failed' ? event.end.failure.code : event.end.how;
  if (event.type === 'recycle_blocked') return event.failure.code;
  if (event.type === 'attempt') return event.attempt.refusal.code;
  if (event.type === 'not_planned') return event.failure.code;
  return event.type === 'expired' ? `waiting for the ${event.waitingFor}` : undefined;
};

const severityOf = (event: OcsfEntry['event']): number => SEVERITY[event.type === 'attempt' && event.attempt.what === 'security' ? 'high' : rowOf(event)[1]];

/** One entry as one event; `context` is that of its request, this entry included. */
export const toOcsf = (entry: OcsfEntry, context: RequestContext | undefined, version: string): OcsfEvent => {
  const { event, position, request, sequence, hash } = entry;
  const [actor, activity] = [actorOf(event), ACTIVITY[rowOf(event)[0]]];
  const channel = event.type === 'attempt' ? event.attempt.channel ?? undefined : context?.channel;
  const { type: _type, mac: _mac, ...facts } = event as OcsfEntry['event'] & { readonly mac?: string }; // the seal of a stored record says nothing outside
  return {
    class_uid: CLASS, class_name: 'API Activity', category_uid: CATEGORY, category_name: 'Application Activity', activity_id: activity, type_uid: CLASS * 100 + activity,
    severity_id: severityOf(event), time: entry.at, ...statusOf(event),
    actor: { app_name: 'kdebug', user: actor === undefined ? { uid: 'kdebug', type: 'System' } : { uid: actor, type: 'User' } },
    api: { operation: `kdebug.${event.type}`, service: { name: 'kdebug' }, ...(request !== null && { request: { uid: request } }) },
    src_endpoint: { name: 'slack', ...(channel !== undefined && { uid: channel }) },
    resources: context && context.resources.length > 0 ? context.resources : asked(event),
    metadata: { version: SCHEMA_VERSION, uid: hash, sequence: position, ...(request !== null && { correlation_uid: request }), product: { name: 'kdebug', vendor_name: 'kdebug', version } },
    unmapped: { sequence, ...(context && { requester: context.requester }), event: facts },
  };
};
