import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanTarget } from '../../domain/plan.ts';
import type { Api } from './api.ts';
import type { Transport } from './transport.ts';
import { lookOnce, watchWindow, type Look } from './watch-stream.ts';

/** Terminology: a *look* is one state of the pod; a *window* is one watch request; a *follower* is one run that waits. */
export interface PodWatches {
  /**
   * Calls `onLook` for every change of the pod after `resourceVersion` until the returned function is called. Followers
   * of one pod (by uid) share one stream; the last one to leave ends it.
   */
  follow(target: PlanTarget, resourceVersion: string, onLook: (look: Look) => void): () => void;
  /** Streams that are open now. */
  open(): number;
}

interface Stream {
  readonly followers: Set<(look: Look) => void>;
  readonly ending: AbortController;
  /** For a follower that joins: it may have missed what is newer than its own version. */
  latest?: Look;
}

const BACKOFF_FIRST_MS = 250;
const BACKOFF_MS_MAX = 5_000;
/** Made once: without a reason every abort makes an error of its own, with its stack. */
const NOBODY_LOOKS = new Error('nobody looks any more');

/** `closing` ends every stream. */
export const createPodWatches = (api: Api, transport: Transport, closing: AbortSignal): PodWatches => {
  const streams = new Map<string, Stream>();
  const start = (key: string, target: PlanTarget, resourceVersion: string): Stream => {
    const stream: Stream = { followers: new Set(), ending: new AbortController() };
    streams.set(key, stream);
    // Only a bug of ours can throw there; the followers then end by their own bound.
    keepWatching(api, transport, target, resourceVersion, stream, AbortSignal.any([closing, stream.ending.signal])).catch((error: unknown) => {
      for (const follower of stream.followers) follower({ kind: 'trouble', failure: { code: 'unexpected_answer', detail: `the watch failed: ${String(error)}` } });
    });
    return stream;
  };
  return {
    follow: (target, resourceVersion, onLook) => {
      const key = `${target.namespace}/${target.pod}/${target.uid}`;
      const stream = streams.get(key) ?? start(key, target, resourceVersion);
      stream.followers.add(onLook);
      if (stream.latest) onLook(stream.latest);
      return () => {
        if (!stream.followers.delete(onLook) || stream.followers.size > 0) return;
        stream.ending.abort(NOBODY_LOOKS);
        streams.delete(key);
      };
    },
    open: () => streams.size,
  };
};

/** Window after window; after anything but a clean end the pod is looked at first, so a watch that is refused becomes polling. */
const keepWatching = async (api: Api, transport: Transport, target: PlanTarget, from: string, stream: Stream, signal: AbortSignal): Promise<void> => {
  const tell = (look: Look): void => {
    if (look.kind !== 'trouble') stream.latest = look;
    for (const follower of stream.followers) follower(look);
  };
  let resourceVersion: string | undefined = from === '' ? undefined : from;
  let pauseMs = 0;
  while (!signal.aborted) {
    if (resourceVersion === undefined) {
      const looked = await lookOnce(api, target);
      tell(looked.look);
      resourceVersion = looked.resourceVersion;
    }
    let heard = false;
    const hear = (look: Look): void => {
      heard = true;
      tell(look);
    };
    const end = resourceVersion === undefined ? { kind: 'look' as const } : await watchWindow(transport, target, resourceVersion, signal, hear);
    if (end.kind === 'look' && end.failure) tell({ kind: 'trouble', failure: end.failure });
    resourceVersion = end.kind === 'from' ? end.resourceVersion : undefined;
    pauseMs = heard ? BACKOFF_FIRST_MS : Math.min(BACKOFF_MS_MAX, Math.max(BACKOFF_FIRST_MS, pauseMs * 2));
    if (!signal.aborted) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
};
