/** Which rules would ask for approvals, of something that was not asked yet: what a pre-approval stands for. */
import type { Catalogue } from '../catalogue.ts';
import type { AllowScope } from '../command/command.ts';
import type { Profile } from '../container.ts';
import type { AllowedScope, HoldingRule } from '../pre-approval.ts';
import { matchKnown, type Known } from './reach.ts';
import type { Policy, Principal } from './rule.ts';

const UNPRIVILEGED: readonly Profile[] = ['restricted', 'baseline', 'general'];

/** The scope with the profile that its preset fixes; undefined: there is no such image or preset. */
export const scopeOf = ({ images, presets }: Catalogue, scope: AllowScope): AllowedScope | undefined => {
  if (scope.kind === 'image') return images.some(({ name }) => name === scope.name) ? scope : undefined;
  const preset = presets.find(({ name }) => name === scope.name);
  return preset && { ...scope, profile: preset.profile ?? null };
};

/** As far as the scope says what would run; hour, channel and labels are open. */
const knownOf = ({ presets }: Catalogue, where: Known, scope: AllowedScope): Known => {
  if (scope.kind === 'image') return { ...where, image: scope.name, profiles: UNPRIVILEGED };
  const preset = presets.find(({ name }) => name === scope.name);
  return {
    ...where, preset: scope.name, profiles: scope.profile === null ? UNPRIVILEGED : [scope.profile],
    ...(preset && { image: preset.image, ...(preset.parameters.length === 0 && { argv: preset.command }) }),
  };
};

export interface Holding {
  /** Every rule that may be the one to hold it; empty: it is open, or refused, and a pre-approval would change nothing. */
  readonly rules: readonly HoldingRule[];
  /** Of those that want a login with each approval: nothing that is said beforehand stands for one. */
  readonly withLogin: readonly string[];
}

export const holdingRules = (policy: Policy, catalogue: Catalogue, where: Known, scope: AllowedScope): Holding => {
  const [rules, withLogin]: [HoldingRule[], string[]] = [[], []];
  for (const rule of policy.rules) {
    const match = matchKnown(rule.when, policy, knownOf(catalogue, where, scope));
    if (match !== 'no' && rule.decide === 'approve') {
      if (rule.stepUp) withLogin.push(rule.name);
      else rules.push({ rule: rule.name, needed: rule.approvals, approvers: rule.approvers });
    }
    if (match === 'yes') break;
  }
  return { rules, withLogin };
};

/** Whoever approves under any rule. */
export const allApprovers = (policy: Policy): readonly Principal[] =>
  policy.rules.flatMap((rule) => (rule.decide === 'approve' ? rule.approvers : []));

