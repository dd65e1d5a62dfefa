import { setTimeout as delay } from 'node:timers/promises';
import { textIn } from '../../src/playground/slack/json.ts';
import type { FakeSlack } from '../../src/playground/slack/options.ts';
import { AUDIT_CHANNEL } from '../world/workspace.ts';

const POLL_MS = 2;

/** Tells when the result of a run stands in Slack: the first answer in a thread of the channel it was typed in. */
export interface Results {
  /** Milliseconds since 1970 at which Slack had it; rejects after `withinMs`. One request at a time and channel. */
  next(channel: string, withinMs: number): Promise<number>;
  stop(): void;
}

export const watchResults = ({ log }: Pick<FakeSlack, 'log'>): Results => {
  const waiting = new Map<string, (at: number) => void>();
  const stopping = new AbortController();
  let seen = log.count('chat.postMessage');
  const look = (): void => {
    const count = log.count('chat.postMessage');
    if (count === seen) return;
    const posts = log.entries('chat.postMessage').slice(seen - count);
    seen = count;
    for (const { args, answer, atMs } of posts) {
      const [channel, thread] = [textIn(args, 'channel'), textIn(args, 'thread_ts')];
      if (answer === 'ok' && channel !== undefined && thread !== undefined && channel !== AUDIT_CHANNEL) waiting.get(channel)?.(atMs);
    }
  };
  const watch = async (): Promise<void> => {
    for (; !stopping.signal.aborted; await delay(POLL_MS)) look();
  };
  void watch();
  return {
    next: (channel, withinMs) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const late = setTimeout(() => { reject(new Error(`No result was posted in ${channel} within ${withinMs} ms.`)); }, withinMs);
      waiting.set(channel, resolve);
      return promise.finally(() => { clearTimeout(late); waiting.delete(channel); });
    },
    stop: () => { stopping.abort(); },
  };
};
