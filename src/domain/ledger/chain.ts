/**
 * The hash chains of the ledger, as the append script computes them:
 *
 *   hash of an entry   sha256(previous hash of the request, sha256(text), request \n sequence \n at)
 *   roll of the ledger sha256(previous roll, hash, position)
 *
 * where a digest stands for its 32 bytes, and a comma for nothing: the bytes follow each other.
 *
 * A *head* is the last entry of one request's own chain; the *roll* commits to every entry up to its position.
 */
import { sha256, sha256Linked } from '../canonical.ts';
import type { AuthorityEvent } from '../authority.ts';
import type { RequestEvent } from '../events.ts';
import type { Instant, Sha256 } from '../names.ts';

/** One entry as it is stored: `text` is the event's exact text, which its digest was taken of. */
export interface ChainedEntry {
  /** From 1, without a gap. */
  readonly position: number;
  /** A request's id, or the name of the chain of entries that belong to none. */
  readonly request: string;
  readonly sequence: number;
  readonly at: Instant;
  readonly text: string;
  readonly hash: Sha256;
  readonly roll: Sha256;
}

export interface ChainHead {
  readonly version: number;
  readonly hash: Sha256;
}

/** Where a walk begins: behind the entry at `position`. */
export interface ChainStart {
  readonly position: number;
  readonly roll: Sha256;
  readonly heads: ReadonlyMap<string, ChainHead>;
}

const NOTHING = '0'.repeat(64) as Sha256;
const NO_HEAD: ChainHead = { version: 0, hash: NOTHING };
export const BEGINNING: ChainStart = { position: 0, roll: NOTHING, heads: new Map() };

export const entryHash = ({ request, sequence, at, text }: Omit<ChainedEntry, 'hash' | 'roll' | 'position'>, previous: Sha256): Sha256 =>
  sha256Linked(previous, sha256(text), `${request}\n${sequence}\n${at}`);

export const nextRoll = (roll: Sha256, position: number, hash: Sha256): Sha256 => sha256Linked(roll, hash, String(position));

export interface Chain {
  /** What is wrong with this entry as the next one; undefined: it follows, and the chain now ends with it. */
  add(entry: ChainedEntry): string | undefined;
  position(): number;
  roll(): Sha256;
  /** By request; grows with the requests of the ledger, about 200 bytes each. */
  readonly heads: ReadonlyMap<string, ChainHead>;
  /** Of the requests that are not over: what whoever goes on from here must know. */
  open(): ReadonlyMap<string, ChainHead>;
}

const LAST_EVENTS: readonly string[] = [
  'not_planned', 'refused', 'denied', 'withdrawn', 'finished', 'cancelled', 'expired',
  'unfrozen', 'allow_denied', 'allow_withdrawn', 'allow_expired', 'allow_revoked', 'allow_ended', 'reviewed',
  'recycle_denied', 'recycle_withdrawn', 'recycle_expired', 'recycle_refused', 'recycle_ended',
] satisfies readonly (RequestEvent | AuthorityEvent)['type'][];
const LAST = new RegExp(`^\\{"type":"(?:${LAST_EVENTS.join('|')})"`);

/** Whether a request can have no entry after this one. */
export const isLastOfRequest = (text: string): boolean => LAST.test(text);

/** A chain that is checked while it grows: an edited, dropped, swapped or repeated entry does not follow. */
export const createChain = (start: ChainStart = BEGINNING): Chain => {
  const heads = new Map(start.heads);
  const over = new Set<string>();
  let { position, roll } = start;
  return {
    heads,
    position: () => position,
    roll: () => roll,
    open: () => new Map([...heads].filter(([request]) => !over.has(request))),
    add: (entry) => {
      const head = heads.get(entry.request) ?? NO_HEAD;
      if (entry.position !== position + 1) return entry.position > position ? `entry ${position + 1} is missing` : `entry ${entry.position} stands where entry ${position + 1} should`;
      if (entry.sequence !== head.version + 1) return `entry ${entry.position} is number ${entry.sequence} of ${entry.request} and should be ${head.version + 1}`;
      if (entry.hash !== entryHash(entry, head.hash)) return `entry ${entry.position} was changed: its hash is not that of its text`;
      if (entry.roll !== nextRoll(roll, entry.position, entry.hash)) return `entry ${entry.position} does not follow the entry before it`;
      heads.set(entry.request, { version: entry.sequence, hash: entry.hash });
      if (isLastOfRequest(entry.text)) over.add(entry.request);
      position = entry.position;
      roll = entry.roll;
      return undefined;
    },
  };
};
