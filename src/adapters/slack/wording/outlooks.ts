/** What the rules say of one person, in words: a line a place. */
import type { Outlook, OutlookPath } from '../../../domain/policy/outlook.ts';
import type { Rule } from '../../../domain/policy/rule.ts';
import { countOf } from './quantities.ts';
import { code, joined, listed, principal, say, strong, type Sentence } from './sentence.ts';

const PATHS_SHOWN_MAX = 4;
const NAMES_SHOWN_MAX = 5;

const names = (all: readonly string[]): Sentence => {
  const shown = listed(all.slice(0, NAMES_SHOWN_MAX).map(code), all.length > NAMES_SHOWN_MAX ? ',' : 'or');
  return all.length > NAMES_SHOWN_MAX ? [...shown, ` and ${all.length - NAMES_SHOWN_MAX} more`] : shown;
};

/** What a request must be for the rule to decide it. */
const conditions = ({ rule: { when }, open }: OutlookPath): readonly Sentence[] => open.flatMap((key): readonly Sentence[] => {
  switch (key) {
    case 'images': return [say`with ${names(when.images ?? [])}`];
    case 'presets': return [say`with the preset ${names(when.presets ?? [])}`];
    case 'profiles': return [say`with the profile ${names(when.profiles ?? [])}`];
    case 'argv': return [say`for ${names((when.argv ?? []).map(({ program }) => program))}`];
    case 'labels': return [say`in pods with ${names(Object.entries(when.labels ?? {}).map(([name, value]) => `${name}=${value}`))}`];
    case 'hours': return [['at certain hours']];
    case 'channels': return [['in certain channels']];
    case 'clusters': case 'environments': case 'namespaces': case 'requesters': return [];
  }
});

const verdict = (rule: Rule): Sentence => {
  if (rule.decide === 'refuse') return ['refused'];
  if (rule.decide === 'allow') return ['you may run at once'];
  return rule.approvers.length === 0 ? ['nobody can approve'] : say`needs ${countOf(rule.approvals, 'approval')} by ${listed(rule.approvers.map(principal), 'or')}`;
};

const path = (one: OutlookPath, index: number): Sentence => {
  const needed = conditions(one);
  const what = needed.length === 0 ? (index === 0 ? [] : ['otherwise ']) : say`${joined(needed, ' ')}: `;
  const reason = one.rule.reason?.required === true ? ', with a reason' : '';
  return say`${what}${verdict(one.rule)}${reason} (rule: ${one.rule.name})`;
};

/** `staging: you may run at once (rule: …)`. */
export const outlookSentence = ({ environment, paths }: Outlook): Sentence => {
  const place = environment === null ? strong('everywhere else') : strong(environment);
  if (paths.length === 0) return say`${place}: no rule lets you in`;
  const more = paths.length > PATHS_SHOWN_MAX ? [` … and ${countOf(paths.length - PATHS_SHOWN_MAX, 'more rule')}`] : [];
  return say`${place}: ${joined(paths.slice(0, PATHS_SHOWN_MAX).map(path), '; ')}${more}`;
};
