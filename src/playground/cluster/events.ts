/** Events: one store, two API groups that show it (core v1 and events.k8s.io/v1), and what the kubelet emits. */
import { json, type Answer } from './exchange.ts';
import { requiredField, invalidField, unsupportedField } from './field-error.ts';
import { isObject, objectOf, parseJson, stringOf, withoutAbsent } from './json.ts';
import { EVENT_NOTE_CHARS_MAX, GENERATED_SUFFIX_CHARS, STORED_EVENTS_MAX } from './limits.ts';
import { namespaceOf, timeOf, type StoredObject } from './objects.ts';
import { isDryRun, mediaTypeOf } from './patch/apply.ts';
import type { JsonObject } from './ports.ts';
import { alreadyExists, badRequest, invalid, notFound, unsupportedMediaType, type Cause } from './status.ts';
import type { Draft, Store } from './store.ts';
import type { Call, World } from './world.ts';

/** The same Event in the words of events.k8s.io/v1. */
const newForm = (event: StoredObject): StoredObject => ({
  kind: 'Event', apiVersion: 'events.k8s.io/v1', metadata: event.metadata,
  ...withoutAbsent({
    eventTime: event['eventTime'], series: event['series'], reportingController: event['reportingComponent'],
    reportingInstance: event['reportingInstance'], action: event['action'], reason: event['reason'], regarding: event['involvedObject'],
    related: event['related'], note: event['message'], type: event['type'], deprecatedSource: event['source'],
    deprecatedFirstTimestamp: event['firstTimestamp'], deprecatedLastTimestamp: event['lastTimestamp'], deprecatedCount: event['count'],
  }),
});

const NEW_FORMS = new WeakMap<StoredObject, StoredObject>();

/** The Event as this API group shows it; stored in the core form. */
export const eventAs = (group: string, event: StoredObject): StoredObject => {
  if (group === '') return event;
  const shown = NEW_FORMS.get(event) ?? newForm(event);
  NEW_FORMS.set(event, shown);
  return shown;
};

const coreForm = (event: JsonObject): JsonObject => ({
  involvedObject: event['regarding'] ?? {}, reason: event['reason'], message: event['note'] ?? '', source: event['deprecatedSource'] ?? {},
  firstTimestamp: event['deprecatedFirstTimestamp'] ?? null, lastTimestamp: event['deprecatedLastTimestamp'] ?? null,
  type: event['type'], eventTime: event['eventTime'], action: event['action'], reportingComponent: event['reportingController'],
  reportingInstance: event['reportingInstance'], related: event['related'], count: event['deprecatedCount'], series: event['series'],
});

const seconds = (value: JsonObject[string]): JsonObject[string] => {
  const parsed = Date.parse(stringOf(value));
  return Number.isNaN(parsed) ? null : timeOf(parsed);
};

const legacyForm = (event: JsonObject): JsonObject => ({
  involvedObject: event['involvedObject'] ?? {}, reason: event['reason'], message: event['message'], source: event['source'] ?? {},
  firstTimestamp: seconds(event['firstTimestamp']), lastTimestamp: seconds(event['lastTimestamp']), count: event['count'], type: event['type'],
  eventTime: event['eventTime'] ?? null, action: event['action'], related: event['related'], series: event['series'],
  reportingComponent: event['reportingComponent'] ?? '', reportingInstance: event['reportingInstance'] ?? '',
});

/** kubernetes pkg/apis/core/validation/events.go: the new group is strict, the old one hardly. */
const newFormCauses = (event: JsonObject): readonly Cause[] => {
  const note = stringOf(event['note']);
  return [
    ...(stringOf(event['eventTime']) === '' ? [requiredField('eventTime')] : []),
    ...['reportingController', 'reportingInstance', 'action', 'reason'].filter((field) => stringOf(event[field]) === '').map((field) => requiredField(field)),
    ...(['Normal', 'Warning'].includes(stringOf(event['type'])) ? [] : [unsupportedField('type', stringOf(event['type']), ['Normal', 'Warning'])]),
    ...(note.length > EVENT_NOTE_CHARS_MAX ? [invalidField('note', note, `can have at most ${String(EVENT_NOTE_CHARS_MAX)} characters`)] : []),
  ];
};

const involvedNamespaceCauses = (event: JsonObject, namespace: string): readonly Cause[] => {
  const involved = stringOf(objectOf(event['involvedObject'])['namespace']);
  return involved === namespace || involved === '' ? [] : [invalidField('involvedObject.namespace', involved, 'does not match event.namespace')];
};

/** The alphabet of k8s.io/apimachinery/pkg/util/rand: no vowels, no words. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const suffixOf = (uid: string): string =>
  Array.from(uid.replaceAll('-', '').slice(0, GENERATED_SUFFIX_CHARS), (digit) => ALPHABET[Number.parseInt(digit, 16)] ?? 'x').join('');

const nameOf = (metadata: JsonObject, uid: string, generates: boolean): string => {
  const name = stringOf(metadata['name']);
  const prefix = stringOf(metadata['generateName']);
  if (name !== '') return name;
  if (prefix === '' || !generates) throw invalid('Event', '', [requiredField('metadata.name', 'name or generateName is required')]);
  return prefix + suffixOf(uid);
};

const trim = (store: Store): void => {
  const oldest = store.surplus('events', STORED_EVENTS_MAX);
  if (oldest !== undefined) store.remove('events', namespaceOf(oldest), oldest.metadata.name);
};

export const storeEvent = (store: Store, draft: Draft): StoredObject => {
  const stored = store.put('events', draft);
  trim(store);
  return stored;
};

const readBody = (call: Call): JsonObject => {
  if (mediaTypeOf(call) !== 'application/json') throw unsupportedMediaType();
  const body = parseJson(call.body);
  if (!isObject(body)) throw badRequest('the object provided is unrecognized (must be of type Event): couldn\'t get version/kind; json parse error');
  return body;
};

/** POST …/events */
export const createEvent = (world: World, call: Call): Answer => {
  const body = readBody(call);
  const metadata = objectOf(body['metadata']);
  const { namespace } = call.info;
  if (![undefined, namespace].includes(metadata['namespace'] as string | undefined)) throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (world.store.get('namespaces', '', namespace) === undefined) throw notFound('', 'namespaces', namespace);
  const uid = world.newUid();
  const isNew = call.resource.group !== '';
  const name = nameOf(metadata, uid, !isNew);
  const event = withoutAbsent(isNew ? coreForm(body) : legacyForm(body));
  const causes = [...(isNew ? newFormCauses(body) : []), ...involvedNamespaceCauses(event, namespace)];
  if (causes.length > 0) throw invalid('Event', name, causes);
  if (world.store.get('events', namespace, name) !== undefined) throw alreadyExists(call.resource.group, 'events', name);
  const draft: Draft = {
    kind: 'Event', apiVersion: 'v1',
    metadata: { ...metadata, name, namespace, uid, creationTimestamp: timeOf(world.now()) }, ...event,
  };
  if (isDryRun(call.request.query, 'CreateOptions')) return json(201, eventAs(call.resource.group, { ...draft, metadata: { ...draft.metadata, resourceVersion: '' } }));
  return json(201, eventAs(call.resource.group, storeEvent(world.store, draft)));
};
