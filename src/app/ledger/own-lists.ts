/** Decisions are made from each request's own list: it must hold what the ledger holds, and nothing else. */
import type { ChainedEntry, ChainHead } from '../../domain/ledger/chain.ts';
import type { LedgerReader, OwnList } from './ports.ts';

/** The first entry of the page that the request's own list tells differently. */
export const ownListProblem = async (reader: LedgerReader, page: readonly ChainedEntry[]): Promise<string | undefined> => {
  const own = await reader.ownEvents(page);
  for (const [index, entry] of page.entries()) {
    const event = own[index]; // undefined: requests are kept for days, the ledger for longer
    if (event && (event.text !== entry.text || event.hash !== entry.hash)) return `event ${entry.sequence} of ${entry.request} is not what ledger entry ${entry.position} says`;
  }
  return undefined;
};

/** What the lists say that the ledger has not said so far. */
export interface ListsSeen {
  /** A list that has lost events. */
  readonly problem?: string;
  /** Perhaps only newer than the walk: the ledger must know these once it is walked to its present end. */
  readonly ahead: readonly OwnList[];
  /** The chains that have a list. */
  readonly names: ReadonlySet<string>;
}

/**
 * Every list held against the ledger as it was walked so far, from entry `first`. Of a ledger that does not begin at 1 a
 * list that ended before its first entry may be unknown.
 */
export const seeLists = async (reader: LedgerReader, heads: ReadonlyMap<string, ChainHead>, first: number): Promise<ListsSeen> => {
  const since = first > 1 ? (await reader.after(first - 1, 1))[0]?.at : undefined;
  const mayBeSealed = ({ lastAt }: OwnList): boolean => first > 1 && (since === undefined || lastAt <= since);
  const ahead: OwnList[] = [];
  const names = new Set<string>();
  for await (const lists of reader.ownLists()) {
    for (const list of lists) {
      const known = heads.get(list.request)?.version ?? 0;
      names.add(list.request);
      if (known > list.events) return { problem: `the list of ${list.request} holds ${list.events} events, and the ledger ${known}`, ahead, names };
      if (known < list.events && !(known === 0 && mayBeSealed(list))) ahead.push(list);
    }
  }
  return { ahead, names };
};

/** A list that holds events which the ledger does not know: they were written past it. */
export const foreignList = (ahead: readonly OwnList[], heads: ReadonlyMap<string, ChainHead>): string | undefined => {
  const list = ahead.find(({ request, events }) => (heads.get(request)?.version ?? 0) < events);
  return list && `the list of ${list.request} holds ${list.events} events, and the ledger ${heads.get(list.request)?.version ?? 'none'} of them`;
};
