/** Label and field selectors, as query strings and as objects of workloads. */
import { badRequest } from './status.ts';
import { isObject, objectOf, objectsOf, stringOf, stringsOf } from './json.ts';
import { labelsOf, type StoredObject } from './objects.ts';
import type { Json, JsonObject } from './ports.ts';

export type Match = (object: StoredObject) => boolean;
type LabelTest = (labels: JsonObject) => boolean;

const KEY = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?`;
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s+\\(([^()]*)\\)$`);
const EQUAL = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(.*)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);

const unparsable = (selector: string, why: string): Error =>
  badRequest(`unable to parse requirement: ${why === '' ? `couldn't parse the selector string ${JSON.stringify(selector)}` : why}`);

const checkedValue = (value: string): string => {
  if (!VALUE.test(value)) {
    throw unparsable('', `values[0][]: Invalid value: ${JSON.stringify(value)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`);
  }
  return value;
};

const requirement = (term: string): LabelTest => {
  const set = SET.exec(term);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => checkedValue(value.trim()));
    return operator === 'in'
      ? (labels) => typeof labels[key] === 'string' && values.includes(labels[key])
      : (labels) => !(typeof labels[key] === 'string' && values.includes(labels[key]));
  }
  const equal = EQUAL.exec(term);
  if (equal !== null) {
    const [, key = '', operator, raw = ''] = equal;
    const value = checkedValue(raw.trim());
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const exists = EXISTS.exec(term);
  if (exists === null) throw unparsable(term, '');
  const [, negated, key = ''] = exists;
  return negated === '!' ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
};

/** Splits at commas outside parentheses. */
const termsOf = (selector: string): readonly string[] =>
  selector.split(/,(?![^(]*\))/).map((term) => term.trim());

/** @throws 400 in the real server's words for a selector that does not parse. */
export const labelSelector = (selector: string): Match => {
  if (selector.trim() === '') return () => true;
  const tests = termsOf(selector).map(requirement);
  return (object) => tests.every((test) => test(labelsOf(object)));
};

/** Fields by which the real server lets pods be selected; other kinds know only name and namespace. */
const POD_FIELDS = ['metadata.name', 'metadata.namespace', 'spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName',
  'spec.serviceAccountName', 'spec.hostNetwork', 'status.phase', 'status.podIP', 'status.podIPs', 'status.nominatedNodeName'];
const EVENT_FIELDS = ['metadata.name', 'metadata.namespace', 'involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name',
  'involvedObject.uid', 'involvedObject.apiVersion', 'involvedObject.resourceVersion', 'involvedObject.fieldPath', 'reason',
  'reportingComponent', 'source', 'type'];
const FIELDS: Readonly<Record<string, readonly string[]>> = { pods: POD_FIELDS, events: EVENT_FIELDS };
const COMMON_FIELDS = ['metadata.name', 'metadata.namespace'];

const valueAt = (object: StoredObject, path: string): string => {
  const found = path.split('.').reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), object);
  if (typeof found === 'number' || typeof found === 'boolean') return String(found);
  return isObject(found) ? stringOf(found['component']) : stringOf(found);
};

const fieldTerm = (store: string, term: string): Match => {
  const parsed = /^([A-Za-z0-9.\-[\]]+)(==|=|!=)(.*)$/.exec(term);
  if (parsed === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, path = '', operator, value = ''] = parsed;
  if (!(FIELDS[store] ?? COMMON_FIELDS).includes(path)) throw badRequest(`field label not supported: ${path}`);
  return operator === '!=' ? (object) => valueAt(object, path) !== value : (object) => valueAt(object, path) === value;
};

export const fieldSelector = (store: string, selector: string): Match => {
  if (selector.trim() === '') return () => true;
  const tests = selector.split(',').map((term) => fieldTerm(store, term.trim()));
  return (object) => tests.every((test) => test(object));
};

/** The name that a field selector demands, when it demands one: such watchers are indexed by it. */
export const requiredName = (selector: string): string | undefined => {
  const term = selector.split(',').find((entry) => /^\s*metadata\.name={1,2}/.test(entry));
  return term?.replace(/^\s*metadata\.name={1,2}/, '').trim();
};

const EXPRESSIONS: Readonly<Record<string, (value: Json | undefined, values: readonly string[]) => boolean>> = {
  In: (value, values) => typeof value === 'string' && values.includes(value),
  NotIn: (value, values) => !(typeof value === 'string' && values.includes(value)),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
};

/** Whether a workload's or budget's LabelSelector object selects these labels; an empty one selects all. */
export const selects = (selector: JsonObject, labels: JsonObject): boolean =>
  Object.entries(objectOf(selector['matchLabels'])).every(([key, value]) => labels[key] === value) &&
  objectsOf(selector['matchExpressions']).every((expression) =>
    EXPRESSIONS[stringOf(expression['operator'])]?.(labels[stringOf(expression['key'])], stringsOf(expression['values'])) ?? false);
