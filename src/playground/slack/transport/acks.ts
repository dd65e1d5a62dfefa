import type { WebSocket } from 'ws';
import { isObject, parseJson, textIn, type Json } from '../json.ts';

export type AckEnd = 'timeout' | 'closed' | { readonly answer: Json };

/** Envelopes under way, each waiting for its acknowledgement. */
export interface Acks {
  readonly wait: (socket: WebSocket, envelopeId: string) => Promise<AckEnd>;
  readonly heard: (text: string) => void;
  readonly closed: (socket: WebSocket) => void;
  /** Acknowledgements that came when nobody waited any more. */
  readonly stray: () => number;
}

interface Waiting {
  readonly envelopeId: string;
  readonly socket: WebSocket;
  readonly finish: (end: AckEnd) => void;
}

export const createAcks = (windowMs: number): Acks => {
  // The same envelope may be under way twice: its acknowledgements are taken in the order of the offers.
  const waiting = new Set<Waiting>();
  let stray = 0;

  const wait = (socket: WebSocket, envelopeId: string): Promise<AckEnd> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => waiter.finish('timeout'), windowMs);
      const finish = (end: AckEnd): void => {
        clearTimeout(timer);
        waiting.delete(waiter);
        resolve(end);
      };
      const waiter: Waiting = { envelopeId, socket, finish };
      waiting.add(waiter);
    });

  const heard = (text: string): void => {
    const frame = parseJson(text);
    const id = textIn(frame, 'envelope_id');
    const waiter = [...waiting].find((each) => each.envelopeId === id);
    if (waiter === undefined) stray += 1;
    else waiter.finish({ answer: (isObject(frame) ? frame['payload'] : undefined) ?? '' });
  };

  const closed = (socket: WebSocket): void => {
    for (const waiter of waiting) if (waiter.socket === socket) waiter.finish('closed');
  };

  return { wait, heard, closed, stray: () => stray };
};
