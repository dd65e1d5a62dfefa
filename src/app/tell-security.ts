import type { RequestId } from '../domain/names.ts';
import type { Ledger } from './ports.ts';

/** What only somebody with his hands in Redis or the cluster can have done. An entry of the ledger, and so of the mirror. */
export const tellSecurity = (ledger: Pick<Ledger, 'recordAttempt'>, request: RequestId | null, message: string): Promise<void> =>
  ledger.recordAttempt({ user: null, channel: null, request, what: 'security', text: null, refusal: { code: 'security', message } });
