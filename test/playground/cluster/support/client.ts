import { Agent, request } from 'undici';
import type { JsonObject } from '../../../../src/playground/cluster/ports.ts';

export interface Asking {
  readonly method?: string;
  readonly path: string;
  readonly token?: string;
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: JsonObject;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject & { readonly metadata: JsonObject; readonly status: JsonObject };
}

export interface OpenWatch {
  readonly status: number;
  readonly events: WatchEvent[];
  readonly ended: Promise<void>;
  /** Resolves once `enough` holds of the events so far; rejects after PATIENCE_MS with what came. */
  until(enough: (events: readonly WatchEvent[]) => boolean): Promise<readonly WatchEvent[]>;
  close(): void;
}

const PATIENCE_MS = 10_000;

const parsed = (text: string): JsonObject => {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
};

export const createClient = (url: string, caPem: string, token: string, allowH2 = true) => {
  const agent = new Agent({ allowH2, connect: { ca: caPem }, bodyTimeout: 0 });

  const send = (asked: Asking, signal?: AbortSignal) =>
    request(url + asked.path, {
      dispatcher: agent,
      method: (asked.method ?? 'GET') as 'GET',
      headers: {
        authorization: `Bearer ${asked.token ?? token}`,
        ...(asked.contentType === undefined ? {} : { 'content-type': asked.contentType }),
        ...asked.headers,
      },
      ...(asked.body === undefined ? {} : { body: typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body) }),
      ...(signal === undefined ? {} : { signal }),
    });

  const ask = async (asked: Asking): Promise<Answered> => {
    const answer = await send(asked);
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, json: parsed(text) };
  };

  const watch = async (asked: Asking): Promise<OpenWatch> => {
    const abort = new AbortController();
    const answer = await send(asked, abort.signal);
    const events: WatchEvent[] = [];
    const wakers = new Set<() => void>();
    const read = async (): Promise<void> => {
      let rest = '';
      for await (const chunk of answer.body) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) events.push(JSON.parse(line) as WatchEvent);
        for (const wake of wakers) wake();
      }
    };
    const ended = read().catch(() => undefined);
    return {
      status: answer.statusCode, events, ended,
      until: (enough) => new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`waited in vain; events so far: ${JSON.stringify(events.map((event) => event.type))}`)), PATIENCE_MS);
        const look = (): void => {
          if (!enough(events)) return;
          clearTimeout(timer);
          wakers.delete(look);
          resolve(events);
        };
        wakers.add(look);
        look();
      }),
      close: () => abort.abort(),
    };
  };

  return { ask, watch, agent, close: () => agent.close() };
};

export type Client = ReturnType<typeof createClient>;

export const SMP = 'application/strategic-merge-patch+json';
