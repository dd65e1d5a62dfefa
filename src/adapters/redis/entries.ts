import type { RequestEvent } from '../../domain/events.ts';
import { parseInstant, parseRequestId, parseSha256, type Instant, type RequestId, type Sha256 } from '../../domain/names.ts';
import { BrokenLedgerError } from '../../app/ledger/ports.ts';
import type { LedgerEntry } from '../../app/ports.ts';
import type { ChainedEntry } from '../../domain/ledger/chain.ts';

/** A record that cannot be read: edited by hand, or written by a version that this one does not know. */
export class UnreadableRecordError extends Error {
  constructor(where: string) {
    super(`The record at ${where} is not one that kdebug wrote: it was edited, or written by an unknown version.`);
    this.name = 'UnreadableRecordError';
  }
}

export interface StoredEntry {
  readonly hash: Sha256;
  readonly at: Instant;
  /** The event's exact text: what its digest was taken of. */
  readonly text: string;
}

const ENTRY = /^([0-9a-f]{64}) ([0-9]{1,15}) (\{.*)$/s;

/** `HASH AT EVENT`, as the append script writes it. */
export const parseEntry = (line: string, where: string): StoredEntry => {
  const [, hash, at, text] = ENTRY.exec(line) ?? [];
  const parsed = { hash: parseSha256(hash), at: parseInstant(Number(at)) };
  if (parsed.hash === undefined || parsed.at === undefined || text === undefined) throw new UnreadableRecordError(where);
  return { hash: parsed.hash, at: parsed.at, text };
};

/** Our own records are read back by shape of their first field only; the hash chain holds the rest. */
export const parseEvent = <Event extends { readonly type: string } = RequestEvent>(text: string, where: string): Event => {
  const event: unknown = parseJson(text, where);
  if (typeof event !== 'object' || event === null || !('type' in event) || typeof event.type !== 'string') throw new UnreadableRecordError(where);
  return event as unknown as Event;
};

const parseJson = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new UnreadableRecordError(where), { cause });
  }
};

const FIELDS = ['request', 'sequence', 'at', 'event', 'hash', 'roll'] as const;
const POSITION = /^([1-9][0-9]{0,15})-0$/;
/** As a number is written that was not touched: `07` and ` 7` would count as 7 and hash alike. */
const WHOLE = /^(?:0|[1-9][0-9]{0,15})$/;

/**
 * One entry of the stream, as ioredis returns it (name, value, name, value): exactly the fields of the append script,
 * in its order. Anything else was not written by it, and throws BrokenLedgerError.
 */
export const parseStreamEntry = (streamId: string, fields: readonly string[]): ChainedEntry => {
  const position = Number(POSITION.exec(streamId)?.[1]);
  const isOurs = fields.length === 2 * FIELDS.length && FIELDS.every((name, index) => fields[2 * index] === name);
  const [, request, , sequence = '', , at = '', , text, , hash, , roll] = fields;
  const parsed = { at: parseInstant(Number(at)), hash: parseSha256(hash), roll: parseSha256(roll) };
  if (!isOurs || !WHOLE.test(sequence) || !WHOLE.test(at) || parsed.at === undefined || !parsed.hash || !parsed.roll || request === undefined || text === undefined || !Number.isSafeInteger(position)) {
    throw new BrokenLedgerError(`the entry at ledger position ${streamId} is not one that kdebug wrote`);
  }
  return { position, request, sequence: Number(sequence), at: parsed.at, text, hash: parsed.hash, roll: parsed.roll };
};

export const toLedgerEntry = (entry: ChainedEntry): LedgerEntry => ({
  position: entry.position,
  at: entry.at,
  // freezes, pre-approvals and reviews have chains of their own, named KIND.ID
  request: parseRequestId(entry.request.slice(entry.request.indexOf('.') + 1)) ?? null,
  sequence: entry.sequence,
  event: parseEvent<LedgerEntry['event']>(entry.text, `ledger position ${entry.position}`),
  hash: entry.hash,
});

export const requestWhere = (id: RequestId, index: number): string => `event ${index + 1} of ${id}`;
