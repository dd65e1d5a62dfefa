/** For each figure: who types, where, into how large a cluster, behind which gate and limits, at which pace. Printed with the figures. */

export interface Scene {
  readonly people: number;
  /** kdebug posts once a second and channel, as Slack wants it; the load is spread so that this is not what is measured. */
  readonly channels: number;
  readonly pods: number;
  /** `open`: a rule allows; `held`: one other person must approve, and nobody does. */
  readonly gate: 'open' | 'held';
  /** Kdebug's default unless raised here. */
  readonly pendingPerPerson: number;
  readonly runsPerCluster: number;
  /** `kubelet`: waits as measured on a real node (containerd, image present); `at once`: none. */
  readonly pace: 'kubelet' | 'at once';
  /** What the command does; `answer` is the simulated kubelet's own, without a process. */
  readonly program: string;
  readonly durability: 'keeps nothing' | 'appendfsync always';
  readonly repetitions: number;
  readonly load: string;
}

const DEFAULTS = { pendingPerPerson: 3, runsPerCluster: 20, durability: 'keeps nothing' } as const;
const IN_TURN = 'kdebug and floor in turn, 600 runs each after 200 to warm up, at most 150 under way; kdebug is stopped (SIGSTOP) while the floor runs';

export const SCENES = {
  cold: {
    ...DEFAULTS, people: 1, channels: 1, pods: 1, gate: 'open', pace: 'at once', program: 'none', repetitions: 15,
    load: 'programs started one after the other, each beside a bare `node -e 0`; `start` 5 times until /readyz says so, with Redis up and with a private one to be started',
  },
  ack: {
    ...DEFAULTS, people: 250, channels: 500, pods: 100, gate: 'held', pendingPerPerson: 20, pace: 'at once', program: 'none: everything waits for approval', repetitions: 5,
    load: '4 s of 50 requests/s each time, to kdebug (serve and worker apart, planning) and to a bare Bolt app in turn with it; then 2 s to the bare app alone',
  },
  overhead: {
    ...DEFAULTS, people: 60, channels: 120, pods: 120, gate: 'open', pace: 'kubelet', program: 'answer after 1.5 s', repetitions: 3,
    load: '20 requests each time, 4/s, each to a pod and a channel of its own',
  },
  instant: {
    ...DEFAULTS, people: 60, channels: 120, pods: 120, gate: 'open', pace: 'at once', program: 'answer at once', repetitions: 3,
    load: '20 requests each time, 4/s, each to a pod and a channel of its own',
  },
  calls: {
    ...DEFAULTS, people: 40, channels: 60, pods: 60, gate: 'open', pace: 'at once', program: 'answer at once', repetitions: 1,
    load: '10 plans that wait for approval, then 10 runs, one after the other, pods by their exact names',
  },
  runs: { ...DEFAULTS, people: 200, channels: 400, pods: 400, gate: 'open', pace: 'at once', program: 'answer at once', repetitions: 5, load: `five times ${IN_TURN}` },
  durable: {
    ...DEFAULTS, people: 200, channels: 400, pods: 400, gate: 'open', pace: 'at once', program: 'answer at once', durability: 'appendfsync always', repetitions: 1,
    load: `once ${IN_TURN}`,
  },
  endless: {
    ...DEFAULTS, people: 10, channels: 10, pods: 10, gate: 'open', pace: 'at once', program: '`yes`, a real process, ended by its timeout of 6 s', repetitions: 1,
    load: '5 runs at once; resident memory is read ten times a second, the highest counts',
  },
} as const satisfies Readonly<Record<string, Scene>>;

/** What needs nobody who types: a process of its own, that nothing else has filled. */
const ALONE = {
  redaction: "redaction: made-up credentials among made-up output, from another seed in each run, and secretlint's published fixtures",
  ledger: 'ledger: 100,000 entries read from a private Redis, every hash recomputed and every list of a request compared',
} as const;

type SceneName = keyof typeof SCENES;
export type AloneName = keyof typeof ALONE;
export type ScenarioName = SceneName | AloneName;
export const SCENARIO_NAMES: readonly ScenarioName[] = [...Object.keys(SCENES) as SceneName[], ...Object.keys(ALONE) as AloneName[]];

const isAlone = (name: ScenarioName): name is AloneName => Object.hasOwn(ALONE, name);

/** A scenario in words. */
export const linesOf = (name: ScenarioName): readonly string[] => (isAlone(name) ? [ALONE[name]] : sceneLines(name, SCENES[name]));

export const sceneLines = (name: string, scene: Scene): readonly string[] => [
  `${name}: ${scene.load}`,
  `  ${scene.people} people, ${scene.channels} channels, ${scene.pods} pods; gate ${scene.gate}; program: ${scene.program}; kubelet's pace: ${scene.pace}; ${scene.repetitions} repetition(s)`,
  `  limits: ${scene.pendingPerPerson} pending a person, ${scene.runsPerCluster} runs a cluster; Redis: private, on a Unix socket, ${scene.durability}; Slack: a fake one, Socket Mode, unmetered`,
];
