import type { Request } from '../../../domain/request-states.ts';

const STATES: { readonly [State in Request['state']]: string } = {
  requested: 'being checked',
  choosing: 'waiting for a choice of pod',
  planned: 'being checked',
  awaiting_approval: 'waiting for approval',
  queued: 'about to run',
  running: 'running',
  finished: 'finished',
  checked: 'checked, and nothing was run',
  refused: 'refused',
  denied: 'denied',
  withdrawn: 'withdrawn',
  cancelled: 'cancelled',
  expired: 'expired',
};

/** "it is …" */
export const stateInWords = (state: string): string =>
  Object.hasOwn(STATES, state) ? STATES[state as Request['state']] : 'decided';
