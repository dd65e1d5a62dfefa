/**
 * How fast the simulated node is. Every wait of the kubelet comes from here, so that tests run at once and a
 * demonstration runs at the pace measured on a real cluster (containerd, image present).
 */
export interface Pace {
  /** From a change of the pod to the kubelet's first word about it. */
  readonly observeMs: () => number;
  /** Creating and starting one container. */
  readonly startMs: () => number;
  /** From the sync of a start to the first relist that can see its end; `quietMs` since the pod's last such report. */
  readonly firstReportMs: (quietMs: number) => number;
  /** From an exit to its report, once the first relist has passed. */
  readonly relistMs: () => number;
  /** The pod worker comes back after a failed start; a real one in about 10 s with jitter. */
  readonly retryMs: () => number;
  readonly imageBackOffMs: (failures: number) => number;
  readonly crashBackOffMs: (restarts: number) => number;
  /** A follower notices the end of a container within this. */
  readonly followEndMs: () => number;
  /** What is left of a grace period of so many seconds. */
  readonly graceMs: (seconds: number) => number;
}

const QUIET_AFTER_MS = 3_000;
const doubling = (first: number, times: number, max: number): number => Math.min(first * 2 ** Math.min(times, 20), max);

const KUBELET = (random: () => number): Pace => ({
  observeMs: () => 5 + random() * 20,
  startMs: () => 120 + random() * 200,
  firstReportMs: (quietMs) => (quietMs >= QUIET_AFTER_MS ? 600 + random() * 400 : 2_000),
  relistMs: () => random() * 1_000,
  retryMs: () => 8_000 + random() * 3_000,
  imageBackOffMs: (failures) => doubling(12_000, failures, 300_000),
  crashBackOffMs: (restarts) => doubling(10_000, restarts, 300_000),
  followEndMs: () => random() * 1_000,
  graceMs: (seconds) => seconds * 1_000,
});

/** Retries keep a small wait: they go on for ever, and without one a missing image would be a busy loop. */
const AT_ONCE: Pace = {
  observeMs: () => 0,
  startMs: () => 0,
  firstReportMs: () => 0,
  relistMs: () => 0,
  retryMs: () => 60,
  imageBackOffMs: (failures) => doubling(100, failures, 2_000),
  crashBackOffMs: (restarts) => doubling(50, restarts, 2_000),
  followEndMs: () => 0,
  graceMs: (seconds) => Math.min(seconds * 10, 300),
};

const scaled = (pace: Pace, scale: number): Pace => ({
  observeMs: () => pace.observeMs() * scale,
  startMs: () => pace.startMs() * scale,
  firstReportMs: (quietMs) => pace.firstReportMs(quietMs / scale) * scale,
  relistMs: () => pace.relistMs() * scale,
  retryMs: () => pace.retryMs() * scale,
  imageBackOffMs: (failures) => pace.imageBackOffMs(failures) * scale,
  crashBackOffMs: (restarts) => pace.crashBackOffMs(restarts) * scale,
  followEndMs: () => pace.followEndMs() * scale,
  graceMs: (seconds) => pace.graceMs(seconds) * scale,
});

export type PaceChoice = 'kubelet' | 'at once' | ((random: () => number) => Pace);

/** `scale` multiplies every wait: 0.1 is ten times as fast. It must be above 0. */
export const paceOf = (choice: PaceChoice, scale = 1, random: () => number = Math.random): Pace => {
  if (!(scale > 0)) throw new RangeError(`the kubelet's pace cannot be scaled by ${scale}: give a number above 0`);
  const pace = choice === 'at once' ? AT_ONCE : choice === 'kubelet' ? KUBELET(random) : choice(random);
  return scale === 1 ? pace : scaled(pace, scale);
};
