import type { RecycleTarget } from '../../domain/recycle-states.ts';
import type { Failure } from '../../domain/outcome.ts';
import { failureIn, type Api } from './api.ts';
import { budgetFailure, isBudget } from './budget.ts';
import { failureOf, type Refused } from './failures.ts';
import { textAt } from './json.ts';
import { evictionPath, podPath } from './url.ts';

/**
 * One eviction, as https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/ says, of the pod with exactly
 * this uid. `dryRun`: everything but the eviction, budgets included. Never a DELETE, so budgets always count.
 */
export const evictPod = async (api: Api, target: RecycleTarget, dryRun: boolean): Promise<'evicted' | Failure> => {
  const { namespace, pod, uid } = target;
  const text = JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace }, deleteOptions: { preconditions: { uid } } });
  const answer = await api({ method: 'POST', path: evictionPath(namespace, pod, dryRun), body: { contentType: 'application/json', text } });
  if (answer.kind === 'ok') return 'evicted';
  return answer.kind === 'refused' ? evictionFailure(api, answer, target) : failureIn(answer);
};

const evictionFailure = async (api: Api, refused: Refused, target: RecycleTarget): Promise<Failure> => {
  if (isBudget(refused)) return budgetFailure(refused, target.pod);
  // A 404 that names no pod says that the subresource is missing, or hidden by a proxy.
  if (refused.status === 404 && textAt(refused.body, 'details', 'name') !== target.pod) return failureOf(refused);
  return refused.status === 409 ? whyConflict(api, target) : failureOf(refused, target.pod);
};

/** The precondition failed, or somebody changed something at that moment: the pod itself says which. */
const whyConflict = async (api: Api, { namespace, pod, uid }: RecycleTarget): Promise<Failure> => {
  const answer = await api({ method: 'GET', path: podPath(namespace, pod) });
  if (answer.kind === 'refused') return failureOf(answer, pod);
  if (answer.kind === 'lost') return answer.failure;
  return textAt(answer.body, 'metadata', 'uid') === uid ? { code: 'overloaded', detail: 'the pod was changed by somebody else at that moment' } : { code: 'pod_replaced', pod };
};
