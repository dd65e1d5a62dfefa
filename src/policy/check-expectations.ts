/** Each expectation held against what `policy explain` finds for the same person and text. */
import type { Settings } from '../config/settings.ts';
import type { Instant } from '../domain/names.ts';
import type { Gate } from '../domain/policy/gate.ts';
import type { Expectation } from './expectations.ts';
import { explain, type Explanation } from './explain.ts';
import { answerWords } from './print.ts';
import { counted, inQuotes, oneLineOf } from './words.ts';

export interface Checked {
  readonly name: string;
  /** Absent: as expected. */
  readonly difference?: string;
}

/** Without `at`, for rules that ask for no hour: any time is as good. */
const ANY_TIME = 0 as Instant;

export const checkExpectation = (settings: Settings, expected: Expectation): Checked => {
  const { as: user, in: channel, groups = [], labels, at: now = ANY_TIME } = expected;
  const explanation = explain(settings, { user, channel, groups, now, ...(labels !== undefined && { labels }) }, expected.text);
  const isAsExpected = answersOf(explanation).every((answer) =>
    answer.gate === expected.expect
    && (expected.rule === undefined || answer.rule === expected.rule)
    && (expected.refusal === undefined || answer.refusal === expected.refusal));
  return isAsExpected ? { name: expected.name } : { name: expected.name, difference: `expected ${wanted(expected)}; got ${answerWords(explanation)}` };
};

interface Answer {
  readonly gate: Gate['gate'];
  readonly rule?: string | undefined;
  readonly refusal?: string;
}

/** More than one where the profile is not certain: then the expectation has to hold for each. */
const answersOf = (explanation: Explanation): readonly Answer[] => {
  if (explanation.kind === 'turned_away') return [{ gate: 'closed', refusal: explanation.refusal.code }];
  return explanation.kind === 'judged' ? explanation.outcomes.map(({ gate }) => answerOf(gate)) : [{ gate: 'unknown' }];
};

const answerOf = (gate: Gate): Answer => {
  if (gate.gate === 'unknown') return { gate: 'unknown' };
  if (gate.gate !== 'closed') return { gate: gate.gate, rule: gate.rule };
  return { gate: 'closed', refusal: gate.refusal.code, rule: 'rule' in gate.refusal ? gate.refusal.rule : undefined };
};

const wanted = ({ expect, rule, refusal }: Expectation): string =>
  `${expect}${refusal === undefined ? '' : ` (${refusal})`}${rule === undefined ? '' : ` by ${inQuotes(rule)}`}`;

/** `ok` and `not ok` lines, numbered, then how many. */
export const printChecked = (all: readonly Checked[]): string => {
  const lines = all.flatMap(({ name, difference }, index) => [
    `${difference === undefined ? 'ok' : 'not ok'} ${index + 1} - ${name}`,
    ...(difference === undefined ? [] : [`  ${oneLineOf(difference)}`]),
  ]);
  const failed = all.filter(({ difference }) => difference !== undefined).length;
  return `${[...lines, `${counted(all.length, 'expectation')}, ${failed === 0 ? 'all ok' : `${failed} not ok`}`].join('\n')}\n`;
};
