import type { Added, Admission, Inspected } from '../../app/cluster-port.ts';
import type { EphemeralContainer } from '../../domain/container.ts';
import type { PlanTarget } from '../../domain/plan.ts';
import { failureIn, type Answer, type Api } from './api.ts';
import { patchFailure } from './failures.ts';
import { listAt, named, textAt } from './json.ts';
import { podFacts } from './pod-facts.ts';
import type { RememberedPods } from './remembered.ts';
import { sameContainer } from './same-container.ts';
import { ephemeralContainersPath, podPath } from './url.ts';

type Remember = RememberedPods['remember'];

// A strategic merge adds the one container to the list; every other content type replaces the list or is refused.
const STRATEGIC_MERGE = 'application/strategic-merge-patch+json';

/** The uid makes a replaced pod of the same name refuse it; the same patch twice is a no-op on the API server. */
const send = (api: Api, target: PlanTarget, container: EphemeralContainer, dryRun: boolean): Promise<Answer> =>
  api({
    method: 'PATCH',
    path: ephemeralContainersPath(target.namespace, target.pod, dryRun),
    body: { contentType: STRATEGIC_MERGE, text: JSON.stringify({ metadata: { uid: target.uid }, spec: { ephemeralContainers: [container] } }) },
  });

const failed = async (api: Api, answer: Exclude<Answer, { kind: 'ok' }>, target: PlanTarget, container: EphemeralContainer) => {
  const failure = answer.kind === 'refused' ? patchFailure(answer, target, container.name) : answer.failure;
  return { kind: 'failure', failure: failure.code === 'container_not_found' ? { ...failure, containers: await containersOf(api, target) } : failure } as const;
};

// The refusal does not say which containers there are; the person needs their names to choose another.
const containersOf = async (api: Api, target: PlanTarget): Promise<readonly string[]> => {
  const answer = await api({ method: 'GET', path: podPath(target.namespace, target.pod) });
  return answer.kind === 'ok' ? podFacts(answer.body)?.containers.map(({ name }) => name) ?? [] : [];
};

export const dryRunContainer = async (api: Api, target: PlanTarget, container: EphemeralContainer): Promise<Admission> => {
  const answer = await send(api, target, container, true);
  if (answer.kind !== 'ok') return failed(api, answer, target, container);
  return { kind: 'admitted', warnings: answer.warnings, ephemeralContainers: listAt(answer.body, 'spec', 'ephemeralContainers').length };
};

export const addContainer = async (api: Api, remember: Remember, target: PlanTarget, container: EphemeralContainer): Promise<Added> => {
  const answer = await send(api, target, container, false);
  if (answer.kind !== 'ok') return failed(api, answer, target, container);
  const resourceVersion = textAt(answer.body, 'metadata', 'resourceVersion');
  if (resourceVersion === undefined) return { kind: 'failure', failure: { code: 'unexpected_answer', detail: 'the answer to the patch was no pod' } };
  remember(target, container.name, answer.body);
  // what an earlier try of ours put there was not there before we asked
  return { kind: 'added', resourceVersion, existed: answer.isRepeat !== true && named(listAt(answer.body, 'status', 'ephemeralContainerStatuses'), container.name) !== undefined };
};

export const inspectContainer = async (api: Api, remember: Remember, target: PlanTarget, container: EphemeralContainer): Promise<Inspected> => {
  const answer = await api({ method: 'GET', path: podPath(target.namespace, target.pod) });
  if (answer.kind === 'refused' && answer.status === 404) return { kind: 'failure', failure: { code: 'pod_gone', pod: target.pod } };
  if (answer.kind !== 'ok') return { kind: 'failure', failure: failureIn(answer) };
  if (textAt(answer.body, 'metadata', 'uid') !== target.uid) return { kind: 'failure', failure: { code: 'pod_replaced', pod: target.pod } };
  const live = named(listAt(answer.body, 'spec', 'ephemeralContainers'), container.name);
  if (live === undefined) return { kind: 'absent' };
  if (!sameContainer(container, live)) return { kind: 'failure', failure: { code: 'name_taken', container: container.name } };
  remember(target, container.name, answer.body);
  return { kind: 'ours', resourceVersion: textAt(answer.body, 'metadata', 'resourceVersion') ?? '' };
};
