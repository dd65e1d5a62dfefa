import { describe, expect, it } from 'vitest';
import type { RequestEvent } from '../../../src/domain/events.ts';
import { contextAfter, toOcsf, type AttemptEvent, type OcsfEntry, type OcsfEvent, type RequestContext } from '../../../src/domain/ledger/ocsf.ts';
import type { ImageName, MessageTs, PodName, PodUid } from '../../../src/domain/names.ts';
import { ALICE, allowed, approvedBy, ask, at, BOB, CAROL, finished, granted, held, hold, ID, INCIDENT, planned, POLICY, requested, started } from '../../fixtures/requests.ts';

/**
 * What https://schema.ocsf.io/1.3.0/classes/api_activity requires of class 6003, written out: a type, a list of allowed
 * values, or the members of an object. `?` marks what is only recommended.
 */
type Schema = 'string' | 'integer' | 'object' | readonly (string | number)[] | { readonly [member: string]: Schema };
const API_ACTIVITY: Schema = {
  class_uid: [6003], 'class_name?': ['API Activity'], category_uid: [6], 'category_name?': ['Application Activity'], activity_id: [0, 1, 2, 3, 4, 99],
  type_uid: [600300, 600301, 600302, 600303, 600304, 600399], severity_id: [0, 1, 2, 3, 4, 5, 6, 99], time: 'integer',
  'status?': ['Success', 'Failure'], 'status_id?': [0, 1, 2, 99], 'status_detail?': 'string',
  actor: { 'app_name?': 'string', user: { uid: 'string', 'type?': ['User', 'System'] } },
  api: { operation: 'string', 'service?': { name: 'string' }, 'request?': { uid: 'string' } },
  src_endpoint: { 'name?': 'string', 'uid?': 'string' },
  'resources?': 'object', metadata: { version: ['1.3.0'], 'uid?': 'string', 'sequence?': 'integer', 'correlation_uid?': 'string', product: { name: 'string', vendor_name: 'string', 'version?': 'string' } },
  'unmapped?': 'object',
};
const RESOURCE: Schema = { type: ['pod'], name: 'string', namespace: 'string', 'uid?': 'string', data: { cluster: 'string' } };

const problems = (value: unknown, schema: Schema, path = ''): readonly string[] => {
  if (schema === 'string') return typeof value === 'string' && value !== '' ? [] : [`${path} is no string`];
  if (schema === 'integer') return Number.isSafeInteger(value) ? [] : [`${path} is no integer`];
  if (typeof value !== 'object' && !Array.isArray(schema)) return [`${path} is no object`];
  if (schema === 'object') return [];
  if (Array.isArray(schema)) return schema.includes(value) ? [] : [`${path} is ${String(value)}`];
  const [members, given] = [schema as { readonly [member: string]: Schema }, value as Readonly<Record<string, unknown>>];
  const unknown = Object.keys(given).filter((name) => !(name in members) && !(`${name}?` in members)).map((name) => `${path}.${name} is not in the schema`);
  const wrong = Object.entries(members).flatMap(([key, member]) => {
    const name = key.replace('?', '');
    return given[name] === undefined && key.endsWith('?') ? [] : problems(given[name], member, `${path}.${name}`);
  });
  return [...unknown, ...wrong];
};

const POD = 'api-7f9c4d8b6-x2k9p' as PodName;
const attempt = (what: AttemptEvent['attempt']['what']): AttemptEvent => ({ type: 'attempt', count: 3, attempt: { user: ALICE, channel: INCIDENT, request: null, what, text: 'prod api -- ls', refusal: { code: 'no_rule' } } });

const [cluster, namespace] = [ask.cluster, ask.command.namespace];
const allow = { by: ALICE, person: ALICE, team: ask.place.team, channel: INCIDENT, cluster, namespace, scopes: [], durationMs: 600_000, rules: [], policyVersion: POLICY } as const;
const glass = { requester: ALICE, channel: INCIDENT, cluster, namespace, pods: [POD], argv: ['ls'], rule: 'a rule', reason: 'it burns', approvers: [] } as const;

const recycleAsk = {
  by: BOB, team: ask.place.team, of: ID, channel: INCIDENT, thread: null, target: { cluster, namespace, pod: POD, uid: '4f1c0000-0000-4000-8000-000000000001' as PodUid },
  like: { channel: INCIDENT, image: 'netshoot' as ImageName, profile: 'general', labels: {} }, gate: { gate: 'open', rule: 'a rule' },
} as const;

type Said = readonly [activity: number, severity: number, status: 'Success' | 'Failure', actor: string, detail?: string];
/** Every type once: the compiler misses none. */
const EVERY: { readonly [Type in OcsfEntry['event']['type']]: readonly [OcsfEntry['event'], Said] } = {
  requested: [requested, [1, 1, 'Success', ALICE]],
  choosing: [{ type: 'choosing', at: at(1), candidates: [], expiresAt: at(121) }, [2, 1, 'Success', 'kdebug']],
  chosen: [{ type: 'chosen', at: at(1), by: ALICE, pod: POD, expiresAt: at(121) }, [3, 1, 'Success', ALICE]],
  planned: [planned, [3, 1, 'Success', 'kdebug']],
  not_planned: [{ type: 'not_planned', at: at(1), failure: { code: 'pod_gone', pod: POD } }, [3, 2, 'Failure', 'kdebug', 'pod_gone']],
  replanned: [{ type: 'replanned', at: at(1), policyVersion: POLICY, expiresAt: at(121) }, [3, 1, 'Success', 'kdebug']],
  allowed: [allowed, [3, 1, 'Success', 'kdebug']],
  pre_approved: [{ type: 'pre_approved', at: at(1), id: ID, rule: 'a rule', approvedBy: [BOB], notAfter: at(600) }, [3, 3, 'Success', 'kdebug']],
  glass_broken: [{ type: 'glass_broken', at: at(1), by: ALICE, rule: 'a rule', hold, reason: 'it burns', notAfter: at(600) }, [3, 4, 'Success', ALICE]],
  announced: [{ type: 'announced', at: at(1), channel: INCIDENT, ts: '1.1' as MessageTs }, [3, 1, 'Success', 'kdebug']],
  held: [held(), [3, 1, 'Success', 'kdebug']],
  checked: [{ type: 'checked', at: at(1), gate: { gate: 'open', rule: 'a rule' } }, [2, 1, 'Success', 'kdebug']],
  refused: [{ type: 'refused', at: at(1), refusal: { code: 'policy_changed' } }, [3, 2, 'Failure', 'kdebug', 'policy_changed']],
  approved: [approvedBy(BOB), [3, 3, 'Success', BOB]],
  denied: [{ type: 'denied', at: at(1), by: BOB, reason: null }, [3, 2, 'Failure', BOB]],
  withdrawn: [{ type: 'withdrawn', at: at(1), by: ALICE }, [4, 1, 'Success', ALICE]],
  granted: [granted(), [3, 1, 'Success', 'kdebug']],
  grant_lapsed: [{ type: 'grant_lapsed', at: at(1) }, [3, 1, 'Failure', 'kdebug']],
  started: [started, [99, 3, 'Success', 'kdebug']],
  stop_requested: [{ type: 'stop_requested', at: at(1), by: ALICE }, [4, 2, 'Success', ALICE]],
  finished: [finished, [99, 1, 'Success', 'kdebug', 'exited 0']],
  cancelled: [{ type: 'cancelled', at: at(1), by: ALICE }, [4, 1, 'Success', ALICE]],
  expired: [{ type: 'expired', at: at(1), waitingFor: 'approval' }, [3, 1, 'Failure', 'kdebug', 'waiting for the approval']],
  frozen: [{ type: 'frozen', at: at(1), by: BOB, reason: null, channel: INCIDENT }, [1, 4, 'Success', BOB]],
  unfreeze_asked: [{ type: 'unfreeze_asked', at: at(1), by: BOB, until: at(600) }, [3, 3, 'Success', BOB]],
  unfrozen: [{ type: 'unfrozen', at: at(1), by: CAROL, first: BOB }, [4, 4, 'Success', CAROL]],
  allow_asked: [{ type: 'allow_asked', at: at(1), ask: allow, expiresAt: at(900) }, [1, 1, 'Success', ALICE]],
  allow_approved: [{ type: 'allow_approved', at: at(1), by: BOB, until: at(600) }, [3, 3, 'Success', BOB]],
  allow_denied: [{ type: 'allow_denied', at: at(1), by: BOB, reason: null }, [3, 2, 'Failure', BOB]],
  allow_withdrawn: [{ type: 'allow_withdrawn', at: at(1), by: ALICE }, [4, 1, 'Success', ALICE]],
  allow_revoked: [{ type: 'allow_revoked', at: at(1), by: BOB }, [4, 2, 'Success', BOB]],
  allow_expired: [{ type: 'allow_expired', at: at(1) }, [3, 1, 'Failure', 'kdebug']],
  allow_ended: [{ type: 'allow_ended', at: at(1) }, [3, 1, 'Success', 'kdebug']],
  review_owed: [{ type: 'review_owed', at: at(1), glass, remindAt: at(300), dueAt: at(600) }, [1, 3, 'Success', 'kdebug']],
  review_reminded: [{ type: 'review_reminded', at: at(1), isOverdue: true }, [3, 3, 'Failure', 'kdebug']],
  reviewed: [{ type: 'reviewed', at: at(1), by: BOB, comment: 'as it should be' }, [3, 3, 'Success', BOB]],
  recycle_asked: [{ type: 'recycle_asked', at: at(1), ask: recycleAsk, expiresAt: at(121) }, [1, 2, 'Success', BOB]],
  recycle_checked: [{ type: 'recycle_checked', at: at(1), check: { containers: 3, owner: null, budget: null }, until: at(900) }, [2, 1, 'Success', 'kdebug']],
  recycle_approved: [{ type: 'recycle_approved', at: at(1), by: CAROL, notAfter: at(600) }, [3, 3, 'Success', CAROL]],
  recycle_denied: [{ type: 'recycle_denied', at: at(1), by: CAROL, reason: null }, [3, 2, 'Failure', CAROL]],
  recycle_withdrawn: [{ type: 'recycle_withdrawn', at: at(1), by: BOB }, [4, 1, 'Success', BOB]],
  recycle_expired: [{ type: 'recycle_expired', at: at(1) }, [3, 1, 'Failure', 'kdebug']],
  recycle_refused: [{ type: 'recycle_refused', at: at(1), refusal: { code: 'policy_changed' } }, [3, 2, 'Failure', 'kdebug', 'policy_changed']],
  recycle_granted: [{ type: 'recycle_granted', at: at(1), until: at(61), signature: 's' }, [3, 1, 'Success', 'kdebug']],
  recycle_started: [{ type: 'recycle_started', at: at(1), worker: 'w', until: at(300) }, [4, 3, 'Success', 'kdebug']],
  recycle_blocked: [{ type: 'recycle_blocked', at: at(1), failure: { code: 'disruption_budget', pod: POD, budget: 'api', detail: 'd', afterMs: null }, nextAt: at(11) }, [3, 1, 'Failure', 'kdebug', 'disruption_budget']],
  recycle_ended: [{ type: 'recycle_ended', at: at(1), end: { how: 'evicted' } }, [4, 3, 'Success', 'kdebug', 'evicted']],
  attempt: [attempt('click'), [99, 2, 'Failure', ALICE, 'no_rule']],
};

const context = [requested, planned].reduce<RequestContext | undefined>(contextAfter, undefined);
const exported = (event: OcsfEntry['event'], known: RequestContext | 'unknown' | undefined = context): OcsfEvent =>
  toOcsf({ position: 7, at: at(9), request: event.type === 'attempt' ? null : ID, sequence: 3, event, hash: 'e'.repeat(64) }, event.type === 'attempt' || known === 'unknown' ? undefined : known, '1.2.3');

describe('an entry as OCSF API Activity', () => {
  it.each(Object.entries(EVERY))('%s fits the schema and says who, what and how it went', (type, [event, [activity, severity, status, actor, detail]]) => {
    const ocsf = exported(event);
    expect(problems(JSON.parse(JSON.stringify(ocsf)), API_ACTIVITY)).toEqual([]);
    expect(ocsf.resources.flatMap((resource) => problems(resource, RESOURCE))).toEqual([]);
    expect(ocsf).toMatchObject({ type_uid: 600300 + activity, activity_id: activity, severity_id: severity, status, time: at(9), api: { operation: `kdebug.${type}` }, actor: { user: { uid: actor } } });
    expect(ocsf.status_detail).toBe(detail);
    expect(ocsf.status_id).toBe(status === 'Success' ? 1 : 2);
  });

  it('names the pod, its namespace and its cluster once it is found, and before that what was asked for', () => {
    expect(exported(finished).resources).toEqual([{ type: 'pod', name: POD, namespace: 'prod', uid: '4f1c0000-0000-4000-8000-000000000001', data: { cluster: 'main' } }]);
    expect(exported(requested, contextAfter(undefined, requested)).resources).toEqual([{ type: 'pod', name: 'api-7f9', namespace: 'prod', data: { cluster: 'main' } }]);
    const selected = { ...requested, ask: { ...ask, command: { ...ask.command, target: { kind: 'selector', selector: 'app=api' } } } } as RequestEvent;
    expect(exported(selected, contextAfter(undefined, selected)).resources).toMatchObject([{ name: 'app=api' }]);
    expect(exported(started, 'unknown').resources).toEqual([]);
  });

  it('correlates the entries of a request, and carries the position and hash to find it in the ledger', () => {
    expect(exported(started)).toMatchObject({ metadata: { correlation_uid: ID, sequence: 7, uid: 'e'.repeat(64), product: { name: 'kdebug', version: '1.2.3' } }, src_endpoint: { name: 'slack', uid: INCIDENT }, unmapped: { requester: ALICE, sequence: 3 } });
  });

  it('a command that failed, or did not run to its end, is a failure', () => {
    const ended = (outcome: unknown): OcsfEvent => exported({ ...finished, ends: [{ pod: POD, outcome, output: null }] } as RequestEvent);
    expect(ended({ kind: 'exited', code: 3, durationMs: 1 })).toMatchObject({ status: 'Failure', status_detail: 'exited 3' });
    expect(ended({ kind: 'timed_out', afterMs: 1 })).toMatchObject({ status: 'Failure', status_detail: 'timed_out' });
  });

  it('what the door refused as an attack is high', () => {
    expect(exported(attempt('security'))).toMatchObject({ severity_id: 4, status: 'Failure' });
  });

  it('what a later version wrote is exported all the same', () => {
    expect(exported({ type: 'of_tomorrow', at: at(1), by: BOB } as unknown as RequestEvent)).toMatchObject({ type_uid: 600399, api: { operation: 'kdebug.of_tomorrow' }, actor: { user: { uid: BOB } } });
  });

  it('does not carry the seal of a stored record', () => {
    expect(JSON.stringify(exported({ ...started, mac: 'SEAL' } as unknown as RequestEvent))).not.toContain('SEAL');
  });
});
