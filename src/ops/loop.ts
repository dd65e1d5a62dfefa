import type { Log } from '../app/ports.ts';

export interface Loop {
  stop(): Promise<void>;
}

const AFTER_ERROR_MS = 2_000;

/** Runs `turn` again and again, waiting the milliseconds it answers; a failed turn is logged and tried again after 2 s. */
export const startLoop = (name: string, log: Log, turn: () => Promise<number>): Loop => {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const waitMs = await turn().catch((error: unknown) => {
        log.warn({ loop: name, error: error instanceof Error ? error.message : String(error) }, 'a turn failed');
        return AFTER_ERROR_MS;
      });
      await pause(waitMs, stopping.signal);
    }
  };
  const running = run();
  return { stop: async () => { stopping.abort(); await running; } };
};

/** Ends early, without an error, when the signal is aborted. */
export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> => new Promise((resolve) => {
  if (signal?.aborted) { resolve(); return; }
  const done = (): void => { clearTimeout(timer); signal?.removeEventListener('abort', done); resolve(); };
  const timer = setTimeout(done, milliseconds);
  signal?.addEventListener('abort', done, { once: true });
});
