import type { RunEnd } from './events.ts';
import type { Authorization, Running } from './request-states.ts';

/** For `kubectl describe pod`: who ran what here, why they might, how it went. Never output. */
export const noteOf = ({ id, ask, plan, authorization }: Running, end: RunEnd | undefined): string =>
  `${ask.requester} (Slack) ran ${JSON.stringify(plan.argv)} by kdebug ${id}: ${endOf(end)}; ${reasonOf(authorization)}`;

const endOf = (end: RunEnd | undefined): string => {
  if (!end) return 'unknown';
  return end.outcome.kind === 'exited' ? `exit code ${end.outcome.code}` : end.outcome.kind.replaceAll('_', ' ');
};

const reasonOf = (authorization: Authorization): string =>
  (authorization.by === 'approvals' ? `approved by ${authorization.approvals.map(({ by }) => by).join(', ')}` : `allowed by the rule "${authorization.rule}"`);
