import type { PodName } from '../../domain/names.ts';
import type { Failure } from '../../domain/outcome.ts';
import type { Refused } from './failures.ts';
import { listAt, numberAt, textAt } from './json.ts';
import { sentence } from './sentence.ts';

const CAUSE = 'DisruptionBudget';
const budgetCause = ({ body }: Refused) => listAt(body, 'details', 'causes').find((cause) => textAt(cause, 'reason') === CAUSE);

/** "Not now": a budget's answer to an eviction, which asking again at once would not change. */
export const isBudget = (refused: Refused): boolean => refused.status === 429 && budgetCause(refused) !== undefined;

// "The disruption budget api needs 2 healthy pods and has 2 currently", or "… is still being processed by the server.":
// the name stands in the words and nowhere else. It is shown only; nothing is decided by it.
const NAME = /^The disruption budget ([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?) /;

export const budgetFailure = (refused: Refused, pod: PodName): Extract<Failure, { code: 'disruption_budget' }> => {
  const words = textAt(budgetCause(refused), 'message') ?? textAt(refused.body, 'message') ?? '';
  const seconds = numberAt(refused.body, 'details', 'retryAfterSeconds');
  return { code: 'disruption_budget', pod, budget: NAME.exec(words)?.[1] ?? null, detail: sentence(words), afterMs: seconds !== undefined && seconds > 0 ? Math.ceil(seconds * 1_000) : null };
};
