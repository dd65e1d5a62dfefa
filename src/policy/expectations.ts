/** The file of `kdebug policy test`: a table of what people type and what the rules are to answer. */
import { readDocument, place } from '../config/document.ts';
import { choice } from '../config/nearest.ts';
import type { Mistake, Problem } from '../config/problem.ts';
import { channelId, line, list, mapping, named, section, userId, word } from '../config/schema/fields.ts';
import type { Settings } from '../config/settings.ts';
import { parseCommand } from '../domain/command/parse.ts';
import { parseGroupId, type ChannelId, type GroupId, type Instant, type UserId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusal.ts';
import { parseTime } from './asker.ts';

export interface Expectation {
  readonly name: string;
  readonly as: UserId;
  readonly groups?: readonly GroupId[];
  readonly in: ChannelId;
  readonly text: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly at?: Instant;
  readonly expect: 'open' | 'held' | 'closed';
  readonly rule?: string;
  readonly refusal?: Refusal['code'];
}

/** What the door and the rules may refuse with. */
const REFUSALS = [
  'rule', 'no_rule', 'reason_missing', 'digest_required', 'unbounded_image', 'private_refused', 'step_up_unavailable',
  'not_planned', 'cluster_unknown', 'timeout_too_long',
] as const satisfies readonly Refusal['code'][];

const text = (kind: string, write: string) => named((typed) => (typed === '' ? undefined : typed), kind, write, { description: kind });
const groupId = named(parseGroupId, 'the id of a user group', 'an id such as S0SRE', { description: 'A Slack user group' });
const time = named(parseTime, 'a time', 'a time with its zone in quotes, such as "2026-11-25T10:00Z"', { description: 'When it is asked' });

const expectation = section(
  {
    name: line('What the line says', 200),
    as: userId,
    groups: list(groupId, 'a list such as [S0ENG], or leave it out').exactOptional(),
    in: channelId,
    text: text('a command', 'what is typed after /kdebug, in quotes'),
    labels: mapping(text('a label key', 'a key such as app'), named((value) => value, 'a label value', 'text', { description: 'A label value' }), 'a mapping such as { app: api }').exactOptional(),
    at: time.exactOptional(),
    expect: word(['open', 'held', 'closed'], 'What the answer is to be'),
    rule: line('The rule that is to decide', 100).exactOptional(),
    refusal: word(REFUSALS, 'Why it is to be closed').exactOptional(),
  },
  '{ name: …, as: U0ALICE, in: C0OPS, text: "prod api -- ss", expect: held }',
);

const schema = list(expectation, 'a list of expectations, each with name:, as:, in:, text: and expect:', 5_000);

export type ReadExpectations = { readonly ok: true; readonly expectations: readonly Expectation[] } | { readonly ok: false; readonly problems: readonly Problem[] };

/** The expectations, or every mistake in them; those that only this kdebug.yaml makes one of are found too. */
export const readExpectations = (source: string, file: string, settings: Settings): ReadExpectations => {
  const read = readDocument(source, file, { schema });
  if (!read.ok) return read;
  const problems = read.value.flatMap((one, index) => mistakesOf(one, settings).map(({ path, ...rest }) => place({ path: [index, ...path], ...rest }, file, read.yaml)));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, expectations: read.value };
};

const mistakesOf = (one: Expectation, settings: Settings): readonly Mistake[] => {
  const rules = settings.policy.rules.map(({ name }) => name);
  const found: readonly (Mistake | false)[] = [
    ...textMistakes(one),
    one.rule !== undefined && !rules.includes(one.rule) && { path: ['rule'], message: `is not the name of a rule; ${choice(one.rule, rules)}` },
    one.refusal !== undefined && one.expect !== 'closed' && { path: ['refusal'], message: `means nothing where expect: ${one.expect}; take it out, or write expect: closed` },
    one.at === undefined && settings.policy.rules.some(({ when }) => when.hours) && { path: ['at'], message: 'is missing, and a rule asks for the hour; write at: "2026-11-25T10:00Z"' },
  ];
  return found.filter((mistake) => mistake !== false);
};

const textMistakes = ({ text: typed }: Expectation): readonly Mistake[] => {
  const parsed = parseCommand(typed);
  if (!parsed.ok) return [{ path: ['text'], message: `${parsed.error.message} (at character ${parsed.error.offset + 1} of it)` }];
  return parsed.command.kind === 'run' ? [] : [{ path: ['text'], message: `${parsed.command.kind} is no command that rules decide about; write NAMESPACE TARGET -- COMMAND` }];
};
