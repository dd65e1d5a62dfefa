import type { JsonObject } from './json.ts';
import { LOG_ENTRIES_MAX } from './limits.ts';

/** One request the app made of Slack, as it was answered. `route` names what is not a method: upload, response_url. */
export interface LogEntry {
  readonly atMs: number;
  readonly method: string;
  readonly args: JsonObject;
  /** `ok`, Slack's error, `ratelimited`, or `fault: …` for what a fault made of it. */
  readonly answer: string;
}

/** The last LOG_ENTRIES_MAX requests. */
export interface Log {
  readonly entries: (method?: string) => readonly LogEntry[];
  readonly dropped: () => number;
  /** Every request ever, by method, also the forgotten ones. */
  readonly count: (method: string) => number;
  readonly add: (entry: LogEntry) => void;
  readonly clear: () => void;
}

export const createLog = (): Log => {
  let entries: LogEntry[] = [];
  let dropped = 0;
  const counts = new Map<string, number>();
  return {
    entries: (method) => entries.filter((entry) => method === undefined || entry.method === method),
    dropped: () => dropped,
    count: (method) => counts.get(method) ?? 0,
    add: (entry) => {
      counts.set(entry.method, (counts.get(entry.method) ?? 0) + 1);
      entries.push(entry);
      // Trimmed in halves: an array that loses its head at every call would be copied at every call.
      if (entries.length > LOG_ENTRIES_MAX * 2) {
        dropped += entries.length - LOG_ENTRIES_MAX;
        entries = entries.slice(-LOG_ENTRIES_MAX);
      }
    },
    clear: () => {
      entries = [];
      dropped = 0;
      counts.clear();
    },
  };
};
