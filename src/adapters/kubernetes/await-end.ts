import type { Ending, WatchOptions } from '../../app/cluster-port.ts';
import type { EphemeralContainer } from '../../domain/container.ts';
import { GRACE_MS } from '../../domain/limits.ts';
import { after, type Instant } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import { classify, rememberFrom, STUCK_GRACE_MS, whenGone, type Memory } from './classify.ts';
import type { Run } from './ended.ts';
import type { Json } from './json.ts';
import { sightOf } from './sight.ts';
import type { PodWatches } from './watch.ts';
import type { Look } from './watch-stream.ts';

/** Verdicts that depend on time alone (a grace that is over, a silent node) are looked for this often. */
const TICK_MS = 500;

/**
 * Waits for the end of one run. `first` is the pod as add or inspect saw it: a run that was over by then sends no more
 * events. Always answers: by `notAfter` + timeout + GRACE_MS with `unknown` at the worst, at once when aborted.
 */
export const awaitEnd = (watches: PodWatches, target: PlanTarget, container: EphemeralContainer, options: WatchOptions, first: Look): Promise<Ending> =>
  new Promise((resolve) => {
    const run = runOf(target, container, options);
    const following = createFollowing(run, options);
    let stop = (): void => undefined;
    let ticking: NodeJS.Timeout | undefined;
    const finish = (ending: Ending | undefined): boolean => {
      if (!ending) return false;
      clearInterval(ticking);
      options.signal.removeEventListener('abort', onAbort);
      stop();
      resolve(ending);
      return true;
    };
    const onAbort = (): void => void finish(following.unknown('kdebug stopped watching before the command ended'));
    if (finish(following.look(first))) return;
    if (options.signal.aborted) return onAbort();
    options.signal.addEventListener('abort', onAbort, { once: true });
    ticking = setInterval(() => finish(following.tick()), TICK_MS);
    // The watch may call back before `follow` returns, so the end of it is told apart from its beginning.
    let over = false;
    const leave = watches.follow(target, options.resourceVersion, (look) => {
      over ||= finish(following.look(look));
    });
    stop = leave;
    if (over) leave();
  });

const runOf = (target: PlanTarget, container: EphemeralContainer, options: WatchOptions): Run => ({
  pod: target.pod, uid: target.uid, container: container.name, target: container.targetContainerName ?? null, image: container.image,
  program: container.command[0] ?? '', notAfter: options.notAfter, timeoutMs: options.timeoutMs, bounded: options.bounded,
});

interface Following {
  look(look: Look): Ending | undefined;
  tick(): Ending | undefined;
  unknown(detail: string): Ending;
}

const createFollowing = (run: Run, options: WatchOptions): Following => {
  const until = after(after(options.notAfter, options.timeoutMs), GRACE_MS);
  // Redis' time may jump; this process' own clock does not, so whichever is earlier ends the wait.
  const monotonicUntil = performance.now() + Math.max(0, until - options.now());
  let memory: Memory = rememberFrom(options.now());
  let pod: Json | undefined;
  let trouble: Failure | undefined;
  const tellRunning = once(options.onRunning);
  const consider = (deleted: boolean, now: Instant = options.now()): Ending | undefined => {
    if (pod === undefined) return undefined;
    const sight = sightOf(pod, run.container, run.target);
    const classified = classify(run, memory, sight, now);
    memory = classified.memory;
    if (sight.state.kind === 'running' && classified.verdict.kind !== 'ended') tellRunning();
    const ending = classified.verdict.kind === 'ended' ? classified.verdict.ending : undefined;
    // With the pod its log is gone too.
    return deleted ? { ...(ending ?? whenGone()), logged: false } : ending;
  };
  const unknown = (detail: string): Ending => ({ outcome: { kind: 'unknown', detail }, logged: memory.ran });
  return {
    unknown,
    look: (look) => {
      if (look.kind === 'trouble') trouble = look.failure;
      if (look.kind === 'gone') return whenGone();
      if (look.kind !== 'pod') return undefined;
      [pod, trouble] = [look.pod, undefined];
      return consider(look.deleted);
    },
    tick: () => {
      const now = options.now();
      if (!isOver(until, monotonicUntil, now)) return consider(false, now);
      // What would still be waited for, an explanation or a second try, is waited for no longer.
      return consider(false, after(now, STUCK_GRACE_MS)) ?? unknown(whyUnknown(memory, trouble));
    },
  };
};

const once = (tell: (() => void) | undefined): (() => void) => {
  let isTold = false;
  return () => {
    if (!isTold) tell?.();
    isTold = true;
  };
};

const isOver = (until: Instant, monotonicUntil: number, now: Instant): boolean => now >= until || performance.now() >= monotonicUntil;

const whyUnknown = (memory: Memory, trouble: Failure | undefined): string => {
  if (trouble) return `the cluster did not tell how it ended (${trouble.code}${'detail' in trouble ? `: ${trouble.detail}` : ''})`;
  return memory.ran ? 'the node reported no end; it may not be reachable' : 'the node reported neither a start nor a failure';
};
