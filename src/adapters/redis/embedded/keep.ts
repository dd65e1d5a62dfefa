import { setTimeout as delay } from 'node:timers/promises';
import type { EmbeddedOptions, EmbeddedRedis } from '../embedded.ts';
import { openEmbeddedRedis } from '../embedded.ts';

const LOOK_EVERY_MS = 1_000;

export interface KeepOptions {
  /** Ends the watch; the server stays. */
  readonly signal: AbortSignal;
  /** The server had ended and a new one took over its files: same socket, so every client reconnects by itself. */
  readonly onRestarted: (server: EmbeddedRedis) => void;
  readonly onTrouble: (sentence: string) => void;
}

/** Looks every second whether the private server is still there, and starts it again when it is not. Never rejects. */
export const keepEmbeddedRedis = async (options: EmbeddedOptions, { signal, onRestarted, onTrouble }: KeepOptions): Promise<void> => {
  while (!signal.aborted) {
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const server = await openEmbeddedRedis(options);
      if (!server.adopted) onRestarted(server);
    } catch (error) {
      onTrouble(error instanceof Error ? error.message : String(error));
    }
  }
};
