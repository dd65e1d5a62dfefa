import type { RequestEvent } from '../../domain/events.ts';
import { parseInstant, parseRequestId, parseSha256, type Instant, type RequestId, type Sha256 } from '../../domain/names.ts';
import type { LedgerEntry } from '../../app/ports.ts';

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

/** The fields of one stream entry as ioredis returns them: name, value, name, value. */
export interface StreamEntry {
  readonly position: number;
  readonly request: string;
  readonly sequence: number;
  readonly at: Instant;
  readonly text: string;
  readonly hash: Sha256;
  readonly roll: Sha256;
}

export const parseStreamEntry = (streamId: string, fields: readonly string[]): StreamEntry => {
  const where = `ledger position ${streamId}`;
  const field = (name: string): string => {
    const index = fields.indexOf(name);
    const value = index % 2 === 0 ? fields[index + 1] : undefined;
    if (value === undefined) throw new UnreadableRecordError(where);
    return value;
  };
  const at = parseInstant(Number(field('at')));
  const [hash, roll] = [parseSha256(field('hash')), parseSha256(field('roll'))];
  if (at === undefined || !hash || !roll) throw new UnreadableRecordError(where);
  return { position: Number(streamId.split('-')[0]), request: field('request'), sequence: Number(field('sequence')), at, text: field('event'), hash, roll };
};

export const toLedgerEntry = (entry: StreamEntry): LedgerEntry => ({
  position: entry.position,
  at: entry.at,
  request: parseRequestId(entry.request) ?? null,
  sequence: entry.sequence,
  event: parseEvent<LedgerEntry['event']>(entry.text, `ledger position ${entry.position}`),
  hash: entry.hash,
});

export const requestWhere = (id: RequestId, index: number): string => `event ${index + 1} of ${id}`;
