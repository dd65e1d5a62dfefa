/** What clients asked so far: a bounded list, and counters by verb and resource that tests reset before a run. */
import { JOURNAL_REQUESTS_MAX } from './limits.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly verb: string;
  /** `pods/ephemeralcontainers`, `deployments.apps`, or the path of a request that is about no resource. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** The token's user; undefined when the token is unknown. */
  readonly user: string | undefined;
  readonly impersonated: string | undefined;
  readonly userAgent: string;
  readonly contentType: string;
  readonly httpVersion: string;
  readonly atMs: number;
  /** At most JOURNAL_BODY_CHARS_MAX of it. */
  readonly body: string;
  /** Undefined while nothing was answered: a request that hangs or was cut before. */
  status: number | undefined;
}

export const createJournal = () => {
  let requests: SeenRequest[] = [];
  const counts = new Map<string, number>();
  return {
    note: (request: SeenRequest): void => {
      requests.push(request);
      const key = `${request.verb} ${request.resource}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (requests.length > 2 * JOURNAL_REQUESTS_MAX) requests = requests.slice(-JOURNAL_REQUESTS_MAX);
    },
    /** Oldest first, at most JOURNAL_REQUESTS_MAX. */
    requests: (): readonly Readonly<SeenRequest>[] => requests.slice(-JOURNAL_REQUESTS_MAX),
    /** `patch pods/ephemeralcontainers` → how often since the last reset. */
    counts: (): Readonly<Record<string, number>> => Object.fromEntries(counts),
    reset: (): void => {
      requests = [];
      counts.clear();
    },
  };
};

export type Journal = ReturnType<typeof createJournal>;
