import type { RequestEvent } from '../../domain/events.ts';
import type { RequestId } from '../../domain/names.ts';
import type { Request } from '../../domain/request-states.ts';

/** A request as it was last read: its seals were checked then, and only what was appended since must be read. */
export interface RememberedRequest {
  readonly request: Request;
  readonly events: readonly RequestEvent[];
  /** The last entry to the letter. While it stands at its place, everything before it does: it ends the hash chain. */
  readonly lastLine: string;
}

export interface RememberedRequests {
  get(id: RequestId): RememberedRequest | undefined;
  set(id: RequestId, remembered: RememberedRequest): void;
  forget(id: RequestId): void;
}

/** About 10 KiB each. */
const REMEMBERED_MAX = 500;

/** The least recently used go first. */
export const rememberRequests = (): RememberedRequests => {
  const known = new Map<RequestId, RememberedRequest>();
  const forget = (id: RequestId): void => { known.delete(id); };
  return {
    get: (id) => known.get(id),
    set: (id, remembered) => {
      known.delete(id);
      known.set(id, remembered);
      const [oldest] = known.keys();
      if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
    },
    forget,
  };
};
