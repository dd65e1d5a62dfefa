import type { z } from 'zod';
import { PROBLEMS_MAX } from './limits.ts';
import { choice } from './nearest.ts';
import { byPosition, quoted } from './problem.ts';
import type { Mistake, Problem } from './problem.ts';
import { keysOfSchema } from './schema/keys.ts';
import { readYaml } from './yaml.ts';
import type { YamlFile } from './yaml.ts';

export type Document<Value> =
  | { readonly ok: true; readonly value: Value; readonly yaml: YamlFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What a file is held against: its schema, then checks across its sections, which read the plain values. */
export interface Grammar<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly checks?: readonly ((file: unknown) => readonly Mistake[])[];
}

const pathOf = (issue: z.core.$ZodIssue): (string | number)[] => issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));

const unknownKeys = (schema: z.ZodType, path: (string | number)[], keys: readonly string[]): readonly Mistake[] => {
  const known = keysOfSchema(schema, path);
  return keys.map((key) => ({ path: [...path, key], onKey: true, message: `is not a key here; ${choice(key, known)}` }));
};

const schemaMistakes = (schema: z.ZodType) => (issue: z.core.$ZodIssue): readonly Mistake[] => {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') return unknownKeys(schema, path, issue.keys);
  if (issue.code === 'invalid_key') return [{ path, onKey: true, message: issue.issues[0]?.message ?? issue.message }];
  return [{ path, message: issue.message }];
};

/** A mistake with its line and column. */
export const place = (mistake: Mistake, file: string, yaml: YamlFile): Problem => {
  const path = mistake.path.map((step) => (typeof step === 'string' && !/^[\w.*:/-]+$/.test(step) ? quoted(step) : step)).join('.');
  return { file, ...yaml.locate(mistake), path: path === '' ? 'yaml' : path, message: mistake.message };
};

const settle = (problems: readonly Problem[]): readonly Problem[] => {
  const sorted = [...new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.path}:${problem.message}`, problem])).values()].sort(byPosition);
  const last = sorted[PROBLEMS_MAX];
  if (last === undefined) return sorted;
  return [...sorted.slice(0, PROBLEMS_MAX), { ...last, path: 'yaml', message: `and ${sorted.length - PROBLEMS_MAX} more mistakes; repair those above first` }];
};

/** What was not read, an alias for example, is missing for the schema too; one sentence about it is enough. */
const isRead = (unread: readonly Mistake[]): ((mistake: Mistake) => boolean) => {
  const places = new Set(unread.filter(({ onKey }) => onKey !== true).map(({ path }) => JSON.stringify(path)));
  return ({ path }) => places.size === 0 || !path.some((_, index) => places.has(JSON.stringify(path.slice(0, index + 1))));
};

/**
 * One YAML file as the schema's value, or every mistake in it, in the order of the file. `file` is only for the messages.
 * Never throws, whatever the text is.
 */
export const readDocument = <Schema extends z.ZodType>(text: string, file: string, { schema, checks = [] }: Grammar<Schema>): Document<z.output<Schema>> => {
  const yaml = readYaml(text);
  const broken = yaml.errors.map((error) => ({ file, ...error, path: 'yaml' }));
  if (broken.length > 0) return { ok: false, problems: settle(broken) };
  const result = schema.safeParse(yaml.value);
  const issues = result.error?.issues.flatMap(schemaMistakes(schema)) ?? [];
  const found = [...issues, ...checks.flatMap((check) => check(yaml.value))];
  const mistakes = [...yaml.mistakes, ...found.filter(isRead(yaml.mistakes))];
  if (!result.success || mistakes.length > 0) return { ok: false, problems: settle(mistakes.map((mistake) => place(mistake, file, yaml))) };
  return { ok: true, value: result.data, yaml };
};
