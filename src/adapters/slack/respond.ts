import type { Log } from '../../app/ports.ts';
import { RESPOND_TIMEOUT_MS } from './limits.ts';
import { errorLine } from './logger.ts';
import { isResponseUrl } from './origins.ts';
import type { Message } from './render/rich.ts';

/** An answer that only the person who typed or clicked sees. */
export const ephemeral = ({ text, blocks }: Message) => ({ response_type: 'ephemeral' as const, text, blocks: [...blocks] });

export type Respond = (url: string | undefined, message: Message) => Promise<boolean>;

/** Posts to a `response_url`; false when that is no address of Slack's, or it did not take it. Never throws. */
export const createRespond = (apiUrl: string | undefined, log: Log): Respond => async (url, message) => {
  if (!isResponseUrl(url, apiUrl)) return false;
  try {
    const response = await fetch(url, {
      method: 'POST', redirect: 'error', signal: AbortSignal.timeout(RESPOND_TIMEOUT_MS), headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...ephemeral(message), replace_original: false }),
    });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    log.warn({ error: errorLine(error) }, 'an answer could not be sent to its response_url');
    return false;
  }
};
