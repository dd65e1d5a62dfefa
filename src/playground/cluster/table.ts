/** Lists as tables: what kubectl prints, and the cheapest way to learn names and states. */
import { badRequest } from './status.ts';
import { objectOf, objectsOf, stringOf, withoutAbsent } from './json.ts';
import type { StoredObject } from './objects.ts';
import type { Json, JsonObject } from './ports.ts';

interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly format?: string;
  /** 0 columns are always shown, 1 only with `-o wide`. */
  readonly priority: number;
  readonly cell: (object: StoredObject, now: number) => Json;
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** `5m12s`, `3h`, `12d`: k8s.io/apimachinery/pkg/util/duration, shortened to the steps people meet. */
export const humanAge = (seconds: number): string => {
  if (seconds < 2 * MINUTE_S) return `${String(Math.max(0, Math.floor(seconds)))}s`;
  const minutes = Math.floor(seconds / MINUTE_S);
  if (minutes < 10) return `${String(minutes)}m${seconds % MINUTE_S >= 1 ? `${String(Math.floor(seconds % MINUTE_S))}s` : ''}`;
  if (seconds < 3 * HOUR_S) return `${String(minutes)}m`;
  const hours = Math.floor(seconds / HOUR_S);
  if (hours < 8) return `${String(hours)}h${minutes % 60 > 0 ? `${String(minutes % 60)}m` : ''}`;
  return seconds < 2 * DAY_S ? `${String(hours)}h` : `${String(Math.floor(seconds / DAY_S))}d`;
};

const ageOf = (object: StoredObject, now: number): string => {
  const created = Date.parse(stringOf(object.metadata['creationTimestamp']));
  return Number.isNaN(created) ? '<unknown>' : humanAge((now - created) / 1000);
};

const statusesOf = (object: StoredObject): readonly JsonObject[] => objectsOf(objectOf(object['status'])['containerStatuses']);

/** The Status column of kubectl: the phase, or the reason of the container that keeps the pod from running. */
const podStatus = (object: StoredObject): string => {
  if (object.metadata['deletionTimestamp'] !== undefined) return 'Terminating';
  const status = objectOf(object['status']);
  const reasons = statusesOf(object).map((container) => {
    const state = objectOf(container['state']);
    return stringOf(objectOf(state['waiting'])['reason']) || stringOf(objectOf(state['terminated'])['reason']);
  });
  return reasons.find((reason) => reason !== '') ?? (stringOf(status['reason']) || stringOf(status['phase']));
};

const column = (name: string, cell: Column['cell'], more: Partial<Column> = {}): Column => ({ name, type: 'string', priority: 0, cell, ...more });
const NAME = column('Name', (object) => object.metadata.name, { format: 'name' });
const AGE = column('Age', ageOf);
const orNone = (text: string): string => (text === '' ? '<none>' : text);

const POD_COLUMNS: readonly Column[] = [
  NAME,
  column('Ready', (object) => `${String(statusesOf(object).filter((status) => status['ready'] === true).length)}/${String(objectsOf(objectOf(object['spec'])['containers']).length)}`),
  column('Status', podStatus),
  column('Restarts', (object) => String(statusesOf(object).reduce((sum, status) => sum + Number(status['restartCount'] ?? 0), 0))),
  AGE,
  column('IP', (object) => orNone(stringOf(objectOf(object['status'])['podIP'])), { priority: 1 }),
  column('Node', (object) => orNone(stringOf(objectOf(object['spec'])['nodeName'])), { priority: 1 }),
  column('Nominated Node', (object) => orNone(stringOf(objectOf(object['status'])['nominatedNodeName'])), { priority: 1 }),
  column('Readiness Gates', () => '<none>', { priority: 1 }),
];

const columnsOf = (kind: string): readonly Column[] => (kind === 'Pod' ? POD_COLUMNS : [NAME, AGE]);

const rowObject = (object: StoredObject, include: string): JsonObject | undefined => {
  if (include === 'None') return undefined;
  if (include === 'Object') return object;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
};

const INCLUDES = ['', 'None', 'Metadata', 'Object'];

/** @param metadata the list's: resourceVersion, continue, remainingItemCount; @throws 400 for another includeObject */
export const tableOf = (kind: string, items: readonly StoredObject[], metadata: JsonObject, query: URLSearchParams, now: number): JsonObject => {
  const include = query.get('includeObject') ?? '';
  if (!INCLUDES.includes(include)) throw badRequest(`unrecognized includeObject value: ${JSON.stringify(include)}`);
  const columns = columnsOf(kind);
  return {
    kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata,
    columnDefinitions: columns.map((entry) => ({ name: entry.name, type: entry.type, format: entry.format ?? '', description: '', priority: entry.priority })),
    rows: items.map((object) => withoutAbsent({ cells: columns.map((entry) => entry.cell(object, now)), object: rowObject(object, include) })),
  };
};
