import type { PodCandidate } from '../../domain/events.ts';
import { parseInstant, parsePodName, type Instant, type PodName } from '../../domain/names.ts';
import { at, listAt, numberAt, textAt, type Json } from './json.ts';
import { sentence } from './sentence.ts';

/** One pod of a list: what helps a person to choose. */
export type PodRow = PodCandidate;

/** The rows of a Table, or the items of a server that knows none. What has no name that can be one is left out. */
export const podRows = (body: Json): readonly PodRow[] => {
  const columns = listAt(body, 'columnDefinitions').map((column) => textAt(column, 'name') ?? '');
  return [...listAt(body, 'rows').flatMap((row) => rowOf(columns, row)), ...listAt(body, 'items').flatMap(itemOf)];
};

const rowOf = (columns: readonly string[], row: Json): readonly PodRow[] => {
  const object = at(row, 'object');
  const cells = listAt(row, 'cells');
  const cell = (column: string): Json | undefined => cells[columns.indexOf(column)];
  const pod = parsePodName(at(object, 'metadata', 'name'));
  return pod === undefined ? [] : [{
    pod, ready: shownText(cell('Ready')), status: shownText(cell('Status')), restarts: countIn(cell('Restarts')),
    createdAt: createdAt(object), node: nodeIn(cell('Node')),
  }];
};

/** A server's words are shown to the person: one printable line each. */
const shownText = (cell: Json | undefined): string => (typeof cell === 'string' ? sentence(cell) : '');

/** `5`, or `5 (3h ago)`. */
const countIn = (cell: Json | undefined): number => {
  const count = typeof cell === 'number' ? cell : Number(/^\d{1,9}/.exec(typeof cell === 'string' ? cell : '')?.[0] ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
};

const nodeIn = (cell: Json | undefined): string | null => (typeof cell === 'string' && cell !== '' && cell !== '<none>' ? sentence(cell) : null);

const createdAt = (object: Json | undefined): Instant | null => parseInstant(Date.parse(textAt(object, 'metadata', 'creationTimestamp') ?? '')) ?? null;

const itemOf = (pod: Json): readonly PodRow[] => {
  const name = parsePodName(at(pod, 'metadata', 'name'));
  return name === undefined ? [] : [rowOfPod(name, pod)];
};

const rowOfPod = (pod: PodName, whole: Json): PodRow => {
  const statuses = listAt(whole, 'status', 'containerStatuses');
  const ready = statuses.filter((one) => at(one, 'ready') === true).length;
  return {
    pod, ready: `${ready}/${listAt(whole, 'spec', 'containers').length}`, restarts: statuses.reduce<number>((sum, one) => sum + (numberAt(one, 'restartCount') ?? 0), 0),
    status: shownText(at(whole, 'metadata', 'deletionTimestamp') === undefined ? textAt(whole, 'status', 'phase') : 'Terminating'),
    createdAt: createdAt(whole), node: nodeIn(textAt(whole, 'spec', 'nodeName')),
  };
};
