/** Pod Security admission: the namespace's labels say which standard is enforced and which only warned about. */
import type { JsonObject } from '../ports.ts';
import { stringOf } from '../json.ts';
import { BASELINE, OVERRIDDEN } from './baseline.ts';
import { RESTRICTED } from './restricted.ts';
import type { Check } from './visit.ts';

const PREFIX = 'pod-security.kubernetes.io/';
const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  privileged: [],
  baseline: BASELINE,
  restricted: [...BASELINE.filter((check) => !OVERRIDDEN.includes(check)), ...RESTRICTED],
};

/** `PodSecurity "restricted:latest": …` with every violation, or undefined when the pod passes. */
const violationsOf = (labels: JsonObject, mode: 'enforce' | 'warn', pod: JsonObject): string | undefined => {
  const level = stringOf(labels[`${PREFIX}${mode}`]);
  // An unknown level is read as restricted: the real one fails closed for enforce.
  const checks = level === '' ? [] : (CHECKS[level] ?? CHECKS['restricted'] ?? []);
  const found = checks.flatMap((check) => check(pod) ?? []);
  if (found.length === 0) return undefined;
  const version = stringOf(labels[`${PREFIX}${mode}-version`]) || 'latest';
  return `PodSecurity ${JSON.stringify(`${level}:${version}`)}: ${found.map((entry) => `${entry.reason} (${entry.detail})`).join(', ')}`;
};

export interface Verdict {
  /** Why the pod is refused; then there is no warning. */
  readonly refusal: string | undefined;
  readonly warning: string | undefined;
}

/** @param labels the namespace's; @param pod the whole pod as it would be stored: an old violation counts like a new one. */
export const podSecurityVerdict = (labels: JsonObject, pod: JsonObject): Verdict => {
  const refusal = violationsOf(labels, 'enforce', pod);
  if (refusal !== undefined) return { refusal: `violates ${refusal}`, warning: undefined };
  const warning = violationsOf(labels, 'warn', pod);
  return { refusal: undefined, warning: warning === undefined ? undefined : `would violate ${warning}` };
};
