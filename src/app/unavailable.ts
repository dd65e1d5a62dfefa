import { REPLAY_MEMORY_MS } from '../domain/limits.ts';
import type { RequestId, UserId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Ledger, Log, Once } from './ports.ts';
import type { Click, ClickAnswer } from './slack-port.ts';

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

interface Pressing {
  readonly once: Once;
  readonly ledger: Ledger;
  readonly log: Log;
}

/** A press counts once; what it is refused for is in the ledger before it is told. Never rejects. */
export const pressedOnce = (world: Pressing, input: Pick<Click, 'user' | 'channel' | 'request' | 'trigger'>, failed: string, act: () => Promise<Refusal | undefined>): Promise<ClickAnswer> => orUnavailable<ClickAnswer>(world.log, input, failed, async () => {
  if (await world.once.claim(`trigger:${input.trigger}`, '1', REPLAY_MEMORY_MS) !== undefined) return { kind: 'done' };
  const refusal = await act();
  if (!refusal) return { kind: 'done' };
  await world.ledger.recordAttempt({ user: input.user, channel: input.channel, request: input.request, what: 'click', text: null, refusal });
  return { kind: 'refused', refusal };
});
