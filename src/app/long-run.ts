import { after, type ContainerName } from '../domain/names.ts';
import type { Follower, RawOutput } from './cluster-port.ts';
import type { Begun, Executing, PodRun } from './run-pod.ts';

export interface LongRun {
  readonly onRunning: () => void;
  /** What the follower kept, or one read after the end when the run was short. */
  output(): Promise<RawOutput>;
  end(): void;
}

/** A run that is seen running for this long is followed: its log may be rotated before its end. */
const LONG_AFTER_MS = 2_500;
/** Slack's card is updated no more often. */
const PROGRESS_EVERY_MS = 3_000;

/** Most runs end within a second and cost one read of the log; a longer one is followed from its start and tells how far it is. */
export const followWhenLong = (world: Executing, { request, now }: Begun, { target, index, signal }: PodRun, container: ContainerName): LongRun => {
  const state: { follower?: Follower; timer?: NodeJS.Timeout; reports?: NodeJS.Timeout } = {};
  const follow = (): void => {
    const follower = world.cluster.follow(target, container, signal);
    state.follower = follower;
    const runningSince = after(now(), -LONG_AFTER_MS);
    // a lost report is replaced by the next one
    const report = (): Promise<void> => world.progress.put(request.id, { runningSince, at: now(), ...follower.progress() }).catch(() => undefined);
    // of several pods the first one's progress stands for all
    if (index !== 0) return;
    void report().then(() => world.queues.enqueueProgress(request.id, request.version)).catch(() => undefined);
    state.reports = setInterval(() => { void report(); }, PROGRESS_EVERY_MS);
  };
  return {
    onRunning: () => { state.timer ??= setTimeout(follow, LONG_AFTER_MS); },
    output: () => {
      clearTimeout(state.timer);
      return state.follower ? state.follower.finish() : world.cluster.readOutput(target, container);
    },
    end: () => { clearTimeout(state.timer); clearInterval(state.reports); },
  };
};
