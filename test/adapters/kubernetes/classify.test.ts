import { describe, expect, test } from 'vitest';
import { classify, rememberFrom, type Verdict } from '../../../src/adapters/kubernetes/classify.ts';
import type { Run } from '../../../src/adapters/kubernetes/ended.ts';
import { listAt, textAt, type Json } from '../../../src/adapters/kubernetes/json.ts';
import { sightOf } from '../../../src/adapters/kubernetes/sight.ts';
import type { ContainerName, Instant, PodName } from '../../../src/domain/names.ts';
import { API, OURS, pod, podWith, POD, recording, UID } from './fixtures.ts';

const T0 = Date.parse('2026-11-22T13:00:00Z') as Instant;
const at = (seconds: number): string => new Date(T0 + seconds * 1_000).toISOString().replace('.000', '');

const RUN: Run = {
  pod: POD, uid: UID, container: OURS, target: API, image: 'nicolaka/netshoot:v0.13', program: 'sh',
  notAfter: (T0 + 600_000) as Instant, timeoutMs: 30_000, bounded: true,
};

/** The verdict after looks at these times (seconds), judged at the last. */
const after = (looks: readonly (readonly [number, Json])[], run: Run = RUN): Verdict => {
  let memory = rememberFrom(T0);
  let verdict: Verdict = { kind: 'progress' };
  for (const [seconds, look] of looks) ({ memory, verdict } = classify(run, memory, sightOf(look, run.container, run.target), (T0 + seconds * 1_000) as Instant));
  return verdict;
};
const outcome = (verdict: Verdict): unknown => (verdict.kind === 'ended' ? verdict.ending.outcome : verdict.kind);
const terminated = (exitCode: unknown, from: number, to: number, reason = 'Error', over: Parameters<typeof podWith>[1] = {}): Json =>
  podWith({ terminated: { exitCode, reason, startedAt: at(from), finishedAt: at(to) } }, over);
const waiting = (reason: string, message = '', over: Parameters<typeof podWith>[1] = {}): Json => podWith({ waiting: { reason, message } }, over);

describe('what a real kubelet reported', () => {
  test.each([
    ['watch-pod-through-one-run', 'kdebug-a1', { kind: 'exited', code: 0, durationMs: 0 }],
    ['watch-exit-code-3', 'kdebug-b1', { kind: 'exited', code: 3, durationMs: 0 }],
    ['watch-long-run', 'kdebug-b5', { kind: 'exited', code: 0, durationMs: 3_000 }],
    ['watch-terminated-by-timeout-tool', 'kdebug-b6', { kind: 'timed_out', afterMs: 1_000 }],
    ['watch-restricted-with-uid', 'kdebug-c2', { kind: 'exited', code: 0, durationMs: 0 }],
    ['watch-target-killed-mid-run', 'kdebug-f1', { kind: 'interrupted', by: 'deleted' }],
    ['watch-restricted-root-image', 'kdebug-c1', { kind: 'not_started', armed: true, failure: expect.objectContaining({ code: 'config_error' }) }],
    ['watch-invalid-image-name', 'kdebug-b4', { kind: 'not_started', armed: false, failure: expect.objectContaining({ code: 'image_invalid' }) }],
    ['watch-target-not-running', 'kdebug-d2', { kind: 'not_started', armed: true, failure: expect.objectContaining({ code: 'create_error' }) }],
    ['watch-job-pod-ends', 'kdebug-j1', 'progress'],
  ])('%s ends as it should', (name, container, expected) => {
    const { events = [] } = recording(name).response;
    const pods = events.map((event) => event.object).filter((object) => textAt(object, 'kind') !== 'Status');
    const run: Run = { ...RUN, container: container as ContainerName, pod: textAt(pods[0], 'metadata', 'name') as PodName, uid: textAt(pods[0], 'metadata', 'uid') ?? '', timeoutMs: name.includes('timeout') ? 1_000 : RUN.timeoutMs };
    let memory = rememberFrom(T0);
    let verdict: Verdict = { kind: 'progress' };
    for (const look of pods) {
      if (verdict.kind === 'ended') break;
      ({ memory, verdict } = classify(run, memory, sightOf(look, run.container, API), T0));
    }
    expect(verdict).toMatchObject(typeof expected === 'string' ? { kind: expected } : { kind: 'ended', ending: { outcome: expected } });
  });

  test('a command that is not in the image, which stays waiting for ever', () => {
    const look = recording('watch-image-not-found').response.events?.[0]?.object as Json;
    const run: Run = { ...RUN, container: 'kdebug-b2' as ContainerName };
    expect(outcome(after([[0, look]], run))).toMatchObject({ kind: 'not_started', armed: false, failure: { code: 'command_not_found', program: 'no-such-program' } });
  });

  test('an image that cannot be pulled, after its grace', () => {
    const looks = (recording('watch-image-not-found').response.events ?? []).map((event, index) => [index, event.object] as const);
    const run: Run = { ...RUN, container: 'kdebug-b3' as ContainerName };
    expect(outcome(after(looks, run))).toBe('stuck');
    expect(outcome(after([...looks, [16, looks.at(-1)![1]]], run))).toBe('stuck');
    expect(outcome(after([...looks, [18, looks.at(-1)![1]]], run))).toMatchObject({ kind: 'not_started', armed: true, failure: { code: 'image_not_pulled', detail: expect.stringContaining('ghcr.io/nope/nope:1: not found') } });
  });
});

describe('progress', () => {
  test.each([
    ['no status yet', pod()],
    ['ContainerCreating', waiting('ContainerCreating')],
    ['PodInitializing', waiting('PodInitializing')],
    ['waiting without a reason', waiting('')],
    ['running', podWith({ running: { startedAt: at(1) } })],
    ['running in a pod that is being deleted', podWith({ running: { startedAt: at(1) } }, { metadata: { deletionTimestamp: at(2) } })],
    ['a slow pull, after minutes', waiting('ContainerCreating')],
  ])('%s', (_what, look) => {
    expect(after([[0, look], [300, look]])).toStrictEqual({ kind: 'progress' });
  });
});

describe('stuck', () => {
  test.each([
    ['ErrImagePull', 'image_not_pulled'], ['ImagePullBackOff', 'image_not_pulled'], ['ImageInspectError', 'image_not_pulled'], ['RegistryUnavailable', 'image_not_pulled'],
    ['SignatureValidationFailed', 'image_not_pulled'], ['CreateContainerConfigError', 'config_error'], ['CreateContainerError', 'create_error'],
    ['PreCreateHookError', 'create_error'], ['PreStartHookError', 'create_error'], ['SomethingNewIn137', 'create_error'],
  ])('%s is forgiven for 15 s, then it is %s, armed', (reason, code) => {
    const look = waiting(reason, 'why');
    expect(after([[5, look], [19.9, look]])).toMatchObject({ kind: 'stuck', since: T0 + 5_000, failure: { code } });
    expect(outcome(after([[5, look], [20, look]]))).toStrictEqual({ kind: 'not_started', armed: true, failure: expect.objectContaining({ code, detail: 'why' }) });
  });

  test.each([
    ['InvalidImageName', 'couldn\'t parse', 'image_invalid', false],
    ['ErrImageNeverPull', 'not present', 'image_not_pulled', true],
    ['CreateContainerConfigError', 'container has runAsNonRoot and image will run as root', 'config_error', true],
    ['CreateContainerConfigError', 'image has non-numeric user (app), cannot verify user is non-root', 'config_error', true],
  ])('%s (%s) ends at once', (reason, message, code, armed) => {
    expect(outcome(after([[0, waiting(reason, message)]]))).toMatchObject({ kind: 'not_started', armed, failure: { code } });
  });

  test('a second failed pull ends it before the grace is over; the back-off in between does not', () => {
    const [pull, rest] = [waiting('ErrImagePull', 'no'), waiting('ImagePullBackOff', 'no')];
    expect(outcome(after([[0, pull], [1, rest], [2, rest]]))).toBe('stuck');
    expect(outcome(after([[0, pull], [1, rest], [10, pull]]))).toMatchObject({ kind: 'not_started', failure: { code: 'image_not_pulled' } });
  });

  test('the same status told twice is one attempt', () => {
    const look = waiting('CreateContainerError', 'no');
    expect(outcome(after([[0, look], [1, look], [2, look]]))).toBe('stuck');
  });

  test('a start that succeeds after a slip is a run like any other', () => {
    expect(outcome(after([[0, waiting('ErrImagePull')], [9, podWith({ running: {} })], [60, terminated(0, 9, 20)]]))).toMatchObject({ kind: 'exited', code: 0 });
  });

  test('a node that never looked is silent after 15 s; a server that does not tell is waited for', () => {
    const unseen = pod({ metadata: { generation: 3 } });
    expect(outcome(after([[0, unseen], [14, unseen]]))).toBe('progress');
    expect(outcome(after([[0, unseen], [15, unseen]]))).toStrictEqual({ kind: 'not_started', armed: true, failure: { code: 'node_silent', pod: POD } });
    const old = pod({ status: { observedGeneration: undefined } });
    expect(outcome(after([[0, old], [60, old]]))).toBe('progress');
  });
});

describe('RunContainerError', () => {
  const failed = (message: string, reason = 'StartError'): Json => waiting('RunContainerError', message, { ours: { lastState: { terminated: { exitCode: 128, reason, message } } } });
  test.each([
    ['not found', 'exec: "nope": executable file not found in $PATH', { code: 'command_not_found', program: 'nope' }],
    ['not executable', 'runc: exec: "/etc/passwd": permission denied', { code: 'command_not_found', program: '/etc/passwd' }],
    ['without a sentence', '', { code: 'command_not_found', program: 'sh' }],
    ['the runtime\'s own fault', 'invalid target container: container "x" is not running', { code: 'create_error' }],
  ])('%s', (_what, message, failure) => {
    expect(outcome(after([[0, failed(message)]]))).toMatchObject({ kind: 'not_started', armed: false, failure });
  });

  test('in a pod that is never restarted it is terminated, and means the same', () => {
    for (const reason of ['StartError', 'ContainerCannotRun']) expect(outcome(after([[0, terminated(128, 1, 1, reason)]]))).toMatchObject({ kind: 'not_started', failure: { code: 'command_not_found' } });
  });
});

describe('terminated', () => {
  test.each<readonly [string, Json, object]>([
    ['0', terminated(0, 1, 4, 'Completed'), { kind: 'exited', code: 0, durationMs: 3_000 }],
    ['127 of the wrapper', terminated(127, 1, 1), { kind: 'exited', code: 127, durationMs: 0 }],
    ['a signal', terminated(139, 1, 2), { kind: 'exited', code: 139, signal: 'SIGSEGV', durationMs: 1_000 }],
    ['-1', terminated(-1, 1, 2), { kind: 'exited', code: -1, durationMs: 1_000 }],
    ['2^31', terminated(2 ** 31, 1, 2), { kind: 'exited', code: 2 ** 31, durationMs: 1_000 }],
    ['no exit code', terminated(undefined, 1, 2), { kind: 'unknown', detail: expect.stringContaining('without an exit code') }],
    ['out of memory', terminated(137, 1, 60, 'OOMKilled'), { kind: 'exited', code: 137, signal: 'SIGKILL', outOfMemory: true, durationMs: 59_000 }],
    ['124 at its time', terminated(124, 1, 31), { kind: 'timed_out', afterMs: 30_000 }],
    ['143 at its time (BusyBox)', terminated(143, 1, 31), { kind: 'timed_out', afterMs: 30_000 }],
    ['137 five seconds later', terminated(137, 1, 36), { kind: 'timed_out', afterMs: 35_000 }],
    ['124 before its time is the command\'s own', terminated(124, 1, 5), { kind: 'exited', code: 124, durationMs: 4_000 }],
    ['1 at its time is the command\'s own', terminated(1, 1, 31), { kind: 'exited', code: 1, durationMs: 30_000 }],
    ['125 after the deadline', terminated(125, 601, 601), { kind: 'not_started', armed: false, failure: { code: 'expired_before_start' } }],
    ['125 before the deadline is the command\'s own', terminated(125, 599, 600), { kind: 'exited', code: 125, durationMs: 1_000 }],
    ['1 after the deadline did run', terminated(1, 601, 602), { kind: 'exited', code: 1, durationMs: 1_000 }],
    ['the node lost track', terminated(137, 1, 2, 'ContainerStatusUnknown'), { kind: 'unknown' }],
    ['the node ran it again', terminated(0, 1, 2, 'Completed', { ours: { restartCount: 1 } }), { kind: 'unknown', detail: 'the node ran the command again by itself (1 more); its last run ended with exit code 0' }],
    ['killed by nobody we see', terminated(137, 1, 5), { kind: 'exited', code: 137, signal: 'SIGKILL', durationMs: 4_000 }],
  ])('%s', (_what, look, expected) => {
    expect(outcome(after([[1, podWith({ running: {} })], [2, look], [100, look]]))).toMatchObject(expected);
  });

  test('nothing bounds an image without a shell: 124, 125 and 143 are the command\'s own', () => {
    const bare = { ...RUN, bounded: false };
    expect(outcome(after([[1, terminated(143, 1, 100)], [103, terminated(143, 1, 100)]], bare))).toMatchObject({ kind: 'exited', code: 143 });
    expect(outcome(after([[1, terminated(125, 700, 701)]], bare))).toMatchObject({ kind: 'exited', code: 125 });
  });

  test('the log and the image of what ran are there, not of what did not', () => {
    expect(after([[1, terminated(0, 1, 2)]])).toMatchObject({ ending: { logged: true, imageId: 'sha256:abc' } });
    expect(after([[1, terminated(125, 601, 601)]])).toMatchObject({ ending: { logged: false } });
  });
});

describe('stopped from outside', () => {
  const target = (restartCount: number, lastState: object = {}): object => ({ containerStatuses: [{ name: 'api', restartCount, state: { running: {} }, lastState }] });
  const APP_ENDED = [{ name: 'api', restartCount: 0, state: { terminated: { exitCode: 0 } } }];
  const killed = (over: Parameters<typeof podWith>[1], code = 137): Json => terminated(code, 5, 9, 'Error', over);
  const running = podWith({ running: { startedAt: at(5) } });
  test.each<readonly [string, Json, object]>([
    ['the target\'s restart count moved', killed({ status: target(1) }), { kind: 'interrupted', by: 'target_restarted' }],
    ['143 is not how the kernel kills a namespace', killed({ status: target(1) }, 143), { kind: 'exited', code: 143 }],
    ['deleted', killed({ metadata: { deletionTimestamp: at(8) } }, 143), { kind: 'interrupted', by: 'deleted' }],
    ['evicted by the API', killed({ metadata: { deletionTimestamp: at(8) }, status: { conditions: [{ type: 'DisruptionTarget', status: 'True' }] } }), { kind: 'interrupted', by: 'evicted' }],
    ['evicted by the node', killed({ status: { phase: 'Failed', reason: 'Evicted' } }), { kind: 'interrupted', by: 'evicted' }],
    ['the job of the pod ended', killed({ spec: { restartPolicy: 'Never' }, status: { containerStatuses: APP_ENDED } }), { kind: 'interrupted', by: 'finished' }],
    ['an app that ended but is started again', killed({ status: { containerStatuses: APP_ENDED } }), { kind: 'exited', code: 137 }],
    ['the pod finished', podWith({ running: {} }, { status: { phase: 'Succeeded' } }), { kind: 'interrupted', by: 'finished' }],
    ['the pod is another', pod({ metadata: { uid: 'other' } }), { kind: 'interrupted', by: 'replaced', replacement: POD }],
    ['a command that finished in a pod being deleted', terminated(0, 5, 9, 'Completed', { metadata: { deletionTimestamp: at(8) } }), { kind: 'exited', code: 0 }],
  ])('%s', (_what, look, expected) => {
    expect(outcome(after([[5, running], [9, look], [12, look]]))).toMatchObject(expected);
  });

  test('who killed it may be told a moment after its end', () => {
    const evicted = killed({ status: { phase: 'Failed', reason: 'Evicted' } });
    expect(outcome(after([[5, running], [9, killed({})]]))).toBe('progress');
    expect(outcome(after([[5, running], [9, killed({})], [10, evicted]]))).toStrictEqual({ kind: 'interrupted', by: 'evicted' });
    expect(outcome(after([[5, running], [9, killed({})], [12, killed({})]]))).toMatchObject({ kind: 'exited', code: 137 });
  });

  test('a target that had ended by then, seen by a worker that came later', () => {
    const look = killed({ status: target(1, { terminated: { exitCode: 1, finishedAt: at(9) } }) });
    expect(outcome(after([[20, look]]))).toStrictEqual({ kind: 'interrupted', by: 'target_restarted' });
    const earlier = killed({ status: target(1, { terminated: { exitCode: 1, finishedAt: at(2) } }) });
    expect(outcome(after([[20, earlier]]))).toMatchObject({ kind: 'exited', code: 137 });
  });

  test.each<readonly [string, Json, string]>([
    ['finished', pod({ status: { phase: 'Succeeded' } }), 'pod_finished'],
    ['being deleted', pod({ metadata: { deletionTimestamp: at(0) } }), 'pod_terminating'],
  ])('a pod that was %s when the patch came starts nothing', (_what, look, code) => {
    expect(outcome(after([[0, look]]))).toMatchObject({ kind: 'not_started', armed: false, failure: { code } });
  });

  test('a container that the runtime lost while it ran is waited for, then unknown', () => {
    const lost = waiting('ContainerCreating', '', { ours: { restartCount: 1, lastState: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } } } });
    expect(outcome(after([[5, running], [100, lost], [114, lost]]))).toBe('progress');
    expect(outcome(after([[5, running], [100, lost], [115, lost]]))).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('may run it again') });
  });
});

test('a status with a megabyte of escape codes becomes one short sentence', () => {
  const verdict = after([[0, waiting('InvalidImageName', '\u001b[31m<!channel>'.repeat(90_000))]]);
  expect(outcome(verdict)).toMatchObject({ failure: { detail: expect.stringMatching(/^(?:<!channel>)+.*…$/) } });
});

test('statuses of the wrong shape are no status', () => {
  for (const ephemeralContainerStatuses of ['x', [null], [{ name: OURS, state: 'running' }], [{ name: OURS, state: null }], {}]) {
    expect(outcome(after([[0, pod({ status: { ephemeralContainerStatuses } })]]))).toBe('progress');
  }
  expect(listAt('x')).toStrictEqual([]);
});
