/** Where many records are read for a list: one that somebody edited must not hide the others. */
import type { RequestId } from '../domain/names.ts';
import type { Request } from '../domain/request-states.ts';
import type { RequestStore } from './ports.ts';

/** By name, because the adapters' errors cannot be imported here. */
const TAMPERED = ['ForgedRecordError', 'BrokenRecordError', 'UnreadableRecordError', 'BrokenLedgerError'];

/** Only an edit of our records, or a version that this one does not know, can cause it. */
export const isTampered = (error: unknown): error is Error => error instanceof Error && TAMPERED.includes(error.name);

/** Undefined: it is there, and cannot be read. */
export const readable = async <Value>(loading: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await loading;
  } catch (error) {
    if (isTampered(error)) return undefined;
    throw error;
  }
};

/** Those that are there and can be read. */
export const loadReadable = async (store: Pick<RequestStore, 'load'>, ids: readonly RequestId[]): Promise<readonly Request[]> =>
  (await Promise.all(ids.map((id) => readable(store.load(id))))).flatMap((loaded) => loaded?.request ?? []);
