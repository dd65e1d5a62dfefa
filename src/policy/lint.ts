/** What kdebug.yaml may say and hardly ever means; what it may not say, `config check` has told already. */
import type { Mistake } from '../config/problem.ts';
import type { Settings } from '../config/settings.ts';
import type { UserId } from '../domain/names.ts';
import { shadowsOf } from '../domain/policy/shadows.ts';
import type { Principal, Rule } from '../domain/policy/rule.ts';
import { counted, either, inQuotes, principalWords } from './words.ts';

type Lint = (settings: Settings) => readonly Mistake[];

const eachRule = (look: (rule: Rule, path: readonly (string | number)[]) => readonly Mistake[]): Lint =>
  ({ policy }) => policy.rules.flatMap((rule, index) => look(rule, ['rules', index]));

const unreachable: Lint = ({ policy, catalogue, clusters }) =>
  shadowsOf(policy, catalogue, clusters.map(({ name }) => name)).map(({ rule, by }) => ({
    path: ['rules', policy.rules.indexOf(rule), 'name'],
    message: `is never reached: ${inQuotes(by.name)} (rules.${policy.rules.indexOf(by)}) matches whatever this rule would; move it up, or take it out`,
  }));

const forAnybody = eachRule((rule, path) =>
  rule.decide === 'allow' && rule.when.requesters === undefined && rule.when.channels === undefined
    ? [{ path: [...path, 'decide'], message: 'allow has neither requesters nor channels, so any member of the workspace is let through; write when.requesters: or when.channels:' }]
    : []);

const usersOf = (principals: readonly Principal[]): readonly UserId[] => principals.flatMap((one) => (one.kind === 'user' ? [one.id] : []));

/** Only where everybody is named: how many are in a group, nobody knows here. */
const neverEnough = eachRule((rule, path) => {
  if (rule.decide !== 'approve' || rule.approvers.some(({ kind }) => kind === 'usergroup')) return [];
  const approvers = new Set(usersOf(rule.approvers));
  const { requesters } = rule.when;
  const stuck = [...new Set(usersOf(requesters ?? rule.approvers))].filter((user) => approvers.size - Number(approvers.has(user)) < rule.approvals);
  if (stuck.length === 0) return [];
  const always = requesters !== undefined && requesters.every((one) => one.kind === 'user' && stuck.includes(one.id));
  const needed = counted(rule.approvals, 'other person', 'other people');
  const message = always
    ? `can never be enough: those who may approve are those who ask, and ${needed} must; name others`
    : `are not enough when ${either(stuck.map((id) => principalWords({ kind: 'user', id })))} asks: ${needed} must approve; name more`;
  return [{ path: [...path, 'approvers'], message }];
});

const LINTS: readonly Lint[] = [unreachable, forAnybody, neverEnough];

export const warningsOf = (settings: Settings): readonly Mistake[] => LINTS.flatMap((lint) => lint(settings));
