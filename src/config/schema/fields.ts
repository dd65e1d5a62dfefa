import { z } from 'zod';
import { PROFILES } from '../../domain/container.ts';
import { parseChannelId, parseClusterName, parseGroupId, parseImageName, parsePresetName, parseUserId } from '../../domain/names.ts';
import type { Principal } from '../../domain/policy/rule.ts';
import { ENTRIES_MAX, TEXT_LINE_CHARS_MAX } from '../limits.ts';
import { oneOf } from '../nearest.ts';
import { patternMistake } from '../pattern.ts';
import { quoted } from '../problem.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from '../quantities.ts';

/**
 * The leaves of kdebug.yaml. Every mistake reads "what is wrong; write what to write".
 */

export const what = (input: unknown): string => {
  if (input === undefined) return 'is missing';
  if (input === null) return 'is empty';
  if (typeof input === 'string') return `${quoted(input)} is text`;
  if (Array.isArray(input)) return 'is a list';
  if (typeof input === 'number') return `${input} is a number`;
  return typeof input === 'boolean' ? `${input} is a true-or-false word` : 'is a mapping';
};

/** For zod's `error`: the same sentence whatever kind of value was found. */
export const expecting = (write: string) => ({ error: (issue: { input?: unknown }) => `${what(issue.input)}; write ${write}` });

export interface About {
  readonly description: string;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
}

const meta = ({ description, examples, pattern }: About): Record<string, unknown> => ({
  description,
  ...(examples === undefined ? {} : { examples: [...examples] }),
  ...(pattern === undefined ? {} : { pattern }),
});

/** `[sleep, 10]`: YAML reads a number where text was meant. */
const quotesSuffice = (input: unknown, read: (text: string) => object): boolean =>
  (typeof input === 'number' || typeof input === 'boolean') && 'value' in read(String(input));

/** A text that `read` turns into a value, or into the sentence that says what is wrong with it. */
export const reading = <Value>(read: (text: string) => { value: Value } | { mistake: string }, write: string, about: About) =>
  z
    .string({ error: ({ input }) => (quotesSuffice(input, read) ? `${what(input)} to YAML; write it in quotes` : expecting(write).error({ input })) })
    .transform((text, context): Value => {
      const result = read(text);
      if ('value' in result) return result.value;
      context.issues.push({ code: 'custom', message: result.mistake, input: text });
      return z.NEVER;
    })
    .meta(meta(about));

/** A text that a parser of names knows, else "is not …; write …". */
export const named = <Name>(parse: (text: string) => Name | undefined, kind: string, write: string, about: About) =>
  reading<Name>(
    (text) => {
      const value = parse(text);
      return value === undefined ? { mistake: `${quoted(text)} is not ${kind}; write ${write}` } : { value };
    },
    write,
    about,
  );

const LINE = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

/** One line of text for people. */
export const line = (description: string, max = TEXT_LINE_CHARS_MAX) =>
  named((text) => (LINE.test(text) && text.length <= max ? text : undefined), 'one plain line', `one line of 1 to ${max} characters`, { description });

export const clusterName = named(parseClusterName, 'a cluster name', 'lower-case letters, digits and dashes, at most 40', {
  description: 'A name of clusters:',
  pattern: '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$',
});

const CATALOGUE_PATTERN = '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$';
const CATALOGUE_WRITE = 'lower-case letters, digits, dots, dashes and underscores, at most 63';
export const imageName = named(parseImageName, 'an image name', CATALOGUE_WRITE, { description: 'A name of images:', pattern: CATALOGUE_PATTERN });
export const presetName = named(parsePresetName, 'a preset name', CATALOGUE_WRITE, { description: 'A name of presets:', pattern: CATALOGUE_PATTERN });
/** Parameters and environments: short, and safe inside `{name}` and `--set name=value`. */
export const plainName = (kind: string) =>
  named((text) => (/^[a-z][a-z0-9_-]{0,39}$/.test(text) ? text : undefined), kind, 'a lower-case letter, then letters, digits, dashes and underscores, at most 40', {
    description: kind,
    pattern: '^[a-z][a-z0-9_-]{0,39}$',
  });

export const channelId = named(parseChannelId, 'the id of a channel', 'its id, such as C0AUDIT (in Slack: channel details, at the bottom)', {
  description: 'The id of a Slack channel',
  examples: ['C0AUDIT'],
  pattern: '^[CDG][A-Z0-9]{1,20}$',
});

export const userId = named(parseUserId, 'the id of a Slack user', 'an id such as U0ALICE', { description: 'A Slack user id', pattern: '^[UW][A-Z0-9]{1,20}$' });

const parsePrincipal = (text: string): Principal | undefined => {
  const user = text.startsWith('user:') ? parseUserId(text.slice('user:'.length)) : undefined;
  if (user !== undefined) return { kind: 'user', id: user };
  const group = text.startsWith('usergroup:') ? parseGroupId(text.slice('usergroup:'.length)) : undefined;
  return group === undefined ? undefined : { kind: 'usergroup', id: group };
};

export const principal = named(parsePrincipal, 'a person or a user group', '"user:U0ALICE" or "usergroup:S0SRE", by id', {
  description: 'A Slack user or user group, by id',
  examples: ['usergroup:S0SRE', 'user:U0BOB'],
  pattern: '^(user:[UW]|usergroup:S)[A-Z0-9]{1,20}$',
});

export const word = <const Words extends readonly [string, ...string[]]>(words: Words, description: string) =>
  z
    .enum(words, { error: ({ input }) => `${typeof input === 'string' ? `${quoted(input)} is not a choice here` : what(input)}; write ${oneOf(words)}` })
    .meta({ description });

export const profile = word(PROFILES, 'A profile: which rights the container has');

export const flag = (description: string) => z.boolean(expecting('true or false')).meta({ description });

export const count = (min: number, max: number, description: string) => {
  const error = ({ input }: { input?: unknown }) =>
    typeof input === 'number' ? `${input} is not allowed; write a whole number from ${min} to ${max}` : `${what(input)}; write a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).meta({ description });
};

export const list = <Item extends z.ZodType>(item: Item, write: string, max = ENTRIES_MAX) =>
  z.array(item, expecting(write)).min(1, { error: `is an empty list; write ${write}` }).max(max, { error: `has more than ${max} entries; write at most ${max}` });

export const mapping = <Key extends z.core.$ZodRecordKey, Value extends z.core.$ZodType>(key: Key, value: Value, write: string) =>
  z
    .record(key, value, expecting(write))
    .refine((entries) => Object.keys(entries).length <= ENTRIES_MAX, { error: `has more than ${ENTRIES_MAX} entries; write at most ${ENTRIES_MAX}` });

export const section = <Shape extends z.core.$ZodShape>(shape: Shape, write: string) => z.strictObject(shape, expecting(write));

interface Bounds {
  readonly min: number;
  readonly max: number;
}

const bounded = (kind: string, example: string, parse: (text: string) => number | undefined, format: (value: number) => string) =>
  ({ min, max }: Bounds, description: string) =>
    reading<number>(
      (text) => {
        const value = parse(text);
        if (value === undefined) return { mistake: `${quoted(text)} is not a ${kind}; write one ${example}` };
        if (value < min) return { mistake: `${text} is too little; write ${format(min)} or more` };
        return value > max ? { mistake: `${text} is beyond the limit; write ${format(max)} or less` } : { value };
      },
      `a ${kind}, ${example}`,
      { description: `${description} (${format(min)} to ${format(max)})` },
    );

export const duration = bounded('duration', 'such as 60s, 15m or 1h30m', parseDuration, formatDuration);
export const size = bounded('size', 'such as 512KiB, 1MiB or 2GiB', parseSize, formatSize);

export const pattern = (description: string, more: (text: string) => string | undefined = () => undefined) =>
  reading<string>(
    (text) => {
      const mistake = patternMistake(text);
      if (mistake !== undefined) return { mistake: `${quoted(text)} is refused as a pattern: ${mistake}` };
      const second = more(text);
      return second === undefined ? { value: text } : { mistake: second };
    },
    'a regular expression in quotes',
    { description },
  );
