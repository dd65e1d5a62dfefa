import type { ClusterName } from './names.ts';
import type { Request, Terminal } from './request-states.ts';

/** The job that a request owes next. A job of another generation than the one that is due does nothing. */
export type Due =
  | { readonly step: 'plan'; readonly cluster: ClusterName; readonly generation: number }
  | { readonly step: 'decide'; readonly generation: number }
  | { readonly step: 'run'; readonly cluster: ClusterName; readonly generation: number };

/**
 * Derived from the state alone, so that the one who appended, the sweeper and the worker that receives a job twice all
 * agree. A running request stays due: a second worker adopts what the first left.
 */
export const dueOf = (request: Request): Due | undefined => {
  const { cluster } = request.ask;
  switch (request.state) {
    case 'requested': return { step: 'plan', cluster, generation: request.generation };
    case 'planned': return { step: 'decide', generation: request.generation };
    case 'queued': return request.grant === null
      ? { step: 'decide', generation: request.generation }
      : { step: 'run', cluster, generation: request.generation };
    case 'running': return { step: 'run', cluster, generation: request.generation };
    case 'choosing': case 'awaiting_approval': case 'finished': case 'checked': case 'refused': case 'denied': case 'withdrawn': case 'cancelled': case 'expired':
      return undefined;
  }
};

const TERMINAL: { readonly [State in Terminal['state']]: true } = { finished: true, checked: true, refused: true, denied: true, withdrawn: true, cancelled: true, expired: true };

export const isTerminal = (request: Request): request is Terminal => Object.hasOwn(TERMINAL, request.state);
