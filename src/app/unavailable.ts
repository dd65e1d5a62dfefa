import type { RequestId, UserId } from '../domain/names.ts';
import type { Log } from './ports.ts';

interface About {
  readonly user?: UserId;
  readonly request?: RequestId;
}

/** Whoever acts in Slack is answered whatever happens: with Redis away the person reads so, and the log says why. Never rejects. */
export const orUnavailable = async <Result>(log: Log, { user, request }: About, failed: string, act: () => Promise<Result>): Promise<Result | { readonly kind: 'unavailable' }> => {
  try {
    return await act();
  } catch (error) {
    log.error({ ...(request && { request }), ...(user && { user }), error: error instanceof Error ? error.message : String(error) }, failed);
    return { kind: 'unavailable' };
  }
};
