/** A ledger in memory, written as the append script writes it, behind the real port. */
import { createPrivateKey } from 'node:crypto';
import { BrokenLedgerError, type Checkpoints, type LedgerReader, type OwnList, type SegmentFile, type Segments } from '../../../src/app/ledger/ports.ts';
import { BEGINNING, createChain, entryHash, nextRoll, type ChainedEntry, type ChainHead } from '../../../src/domain/ledger/chain.ts';
import { checkpointText, type Signed } from '../../../src/domain/ledger/checkpoint.ts';
import { sealText, type Seal } from '../../../src/domain/ledger/segment.ts';
import type { RequestEvent } from '../../../src/domain/events.ts';
import type { Instant, Sha256 } from '../../../src/domain/names.ts';
import { createSigner } from '../../../src/ops/signer.ts';
import { STATES, T0 } from '../../fixtures/requests.ts';

const keyOf = (byte: number) => createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, byte)]), format: 'der', type: 'pkcs8' });
export const signer = createSigner(keyOf(1));
export const otherSigner = createSigner(keyOf(2));
export const INSTALLATION = 'one';

export interface Fact { readonly request: string; readonly text: string; readonly at: number }

/** Entries that follow `before`, chained and rolled. */
export const chained = (facts: readonly Fact[], before: readonly ChainedEntry[] = []): readonly ChainedEntry[] => {
  const heads = new Map<string, ChainHead>(before.map(({ request, sequence, hash }) => [request, { version: sequence, hash }]));
  let { position, roll } = before.at(-1) ?? BEGINNING;
  return [...before, ...facts.map(({ request, text, at }) => {
    const head = heads.get(request) ?? { version: 0, hash: BEGINNING.roll };
    const entry = { request, sequence: head.version + 1, at: at as Instant, text };
    const hash = entryHash(entry, head.hash);
    position += 1;
    roll = nextRoll(roll, position, hash);
    heads.set(request, { version: entry.sequence, hash });
    return { position, ...entry, hash, roll };
  })];
};

const LIVES = Object.values(STATES);
const idOf = (index: number): string => `kd-${String(index).padStart(8, '0')}`;

/** `count` entries of requests that run side by side, with a refused attempt now and then. */
export const factsOf = (count: number): readonly Fact[] => {
  const facts: Fact[] = [];
  const running: { readonly id: string; readonly events: readonly RequestEvent[]; next: number }[] = [];
  for (let begun = 0; facts.length < count;) {
    if (facts.length % 17 === 16) { facts.push({ request: 'attempts', text: JSON.stringify({ type: 'attempt', count: 1, number: facts.length }), at: T0 + facts.length }); continue; }
    if (running.length < 5) running.push({ id: idOf(begun), events: LIVES[(begun += 1) % LIVES.length]!, next: 0 });
    const one = running[facts.length % running.length]!;
    facts.push({ request: one.id, text: JSON.stringify(one.events[one.next]), at: T0 + facts.length });
    if ((one.next += 1) === one.events.length) running.splice(running.indexOf(one), 1);
  }
  return facts;
};

export const checkpointAt = (entries: readonly ChainedEntry[], position: number, by = signer, installation = INSTALLATION): Signed =>
  by.sign(checkpointText({ installation, position, roll: entries[position - 1]!.roll, at: T0 }));

/** What is said of the entries from `first` to `last` when they leave the stream. */
export const sealOf = (entries: readonly ChainedEntry[], first: number, last: number): Seal => {
  const chain = createChain();
  for (const entry of entries.slice(0, last)) chain.add(entry);
  return {
    kind: 'segment', installation: INSTALLATION, first, last, count: last - first + 1, rollBefore: entries[first - 2]?.roll ?? BEGINNING.roll, rollAfter: chain.roll(), sha256: BEGINNING.roll,
    lastAt: entries[last - 1]!.at, sealedAt: T0, heads: Object.fromEntries(chain.open()),
  };
};

/** The signed statement that takes the place of the first `last` entries when they are trimmed. */
export const sealAt = (entries: readonly ChainedEntry[], last: number, by = signer): Signed => by.sign(sealText(sealOf(entries, 1, last)));

/** As a file says it; `pages` are what is really in it. */
export const segmentFile = (seal: Seal, pages: readonly (readonly ChainedEntry[])[], by = signer): SegmentFile => ({
  name: `ledger-${seal.first}.jsonl`, seal, signed: by.sign(sealText(seal)),
  pages: async function* () { yield* pages; },
});

export const segmentsOf = (files: readonly SegmentFile[]): Segments => ({ list: async () => files });

export interface Stored {
  readonly entries: readonly (ChainedEntry | 'unreadable')[];
  readonly end?: { readonly position: number; readonly roll: Sha256 };
  readonly checkpoints?: readonly Signed[];
  readonly seal?: Signed;
  /** As a reader of Redis finds them: by request, hash and text. Absent: they have all lapsed. */
  readonly own?: ReadonlyMap<string, readonly ChainedEntry[]>;
  /** What the indexes of open chains name. */
  readonly open?: readonly string[];
}

const reading = (entries: Stored['entries'], position: number, limit: number): readonly ChainedEntry[] => {
  // a stream keeps its entries in the order of their ids: where they were cut, the rest stands as it is
  const from = entries.findIndex((entry) => entry !== 'unreadable' && entry.position > position);
  const start = position === 0 ? 0 : from === -1 ? entries.length : entries[from - 1] === 'unreadable' ? from - 1 : from;
  return entries.slice(start, start + limit).map((entry) => {
    if (entry === 'unreadable') throw new BrokenLedgerError('an entry is not one that kdebug wrote');
    return entry;
  });
};

const listsOf = (own: Stored['own']): readonly OwnList[] =>
  [...own ?? []].map(([request, list]) => ({ request, events: list.length, lastAt: list.at(-1)!.at }));

/** In pages by place in the array: a list that was tampered with is read exactly as it lies there. */
export const readerOf = ({ entries, end, seal, own, open = [] }: Stored): LedgerReader => {
  const last = entries.at(-1);
  const newest = last === undefined || last === 'unreadable' ? { position: entries.length, roll: BEGINNING.roll } : last;
  return {
    end: async () => ({ ...(end ?? newest), newest: String(Math.max(newest.position, 0)) }),
    after: async (position, limit) => reading(entries, position, limit),
    seal: async () => seal,
    ownEvents: async (page) => page.map(({ request, sequence }) => own?.get(request)?.[sequence - 1]),
    ownLists: async function* () { yield listsOf(own); },
    openIndexes: async function* () { yield open; },
  };
};

export const checkpointsOf = (all: readonly Signed[] = []): Pick<Checkpoints, 'all'> => ({ all: async () => all });
