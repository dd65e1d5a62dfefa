/** `kdebug policy …`: reads kdebug.yaml and nothing else; no Slack, no cluster, no Redis. */
import { loadSettings, NO_SETTINGS, settingsNamed } from '../config/commands.ts';
import { place } from '../config/document.ts';
import { readText } from '../config/file.ts';
import { readSettings } from '../config/load.ts';
import { byPosition, printProblem, type Problem } from '../config/problem.ts';
import type { Instant } from '../domain/names.ts';
import { readAsker, type AskerTyped } from './asker.ts';
import { checkExpectation, printChecked } from './check-expectations.ts';
import { readExpectations } from './expectations.ts';
import { explain, isLetThrough } from './explain.ts';
import { warningsOf } from './lint.ts';
import { printExplanation } from './print.ts';
import { counted } from './words.ts';

type Write = (text: string) => void;
type Env = Readonly<Record<string, string | undefined>>;

export const writeProblems = (problems: readonly Problem[], write: Write): void => write(`${problems.map(printProblem).join('\n')}\n`);

/** 0: open or held; 1: closed, or not certain to be let through; 2: the text, an option or the file cannot be read. */
export const policyExplain = (text: string, typed: AskerTyped & { readonly file?: string | undefined; readonly now: number }, write: Write, env: Env = process.env): 0 | 1 | 2 => {
  const read = readAsker(typed, typed.now as Instant);
  if (!read.ok) {
    write(`${read.message}\n`);
    return 2;
  }
  const loaded = loadSettings(settingsNamed(typed.file, env));
  if (!loaded.ok) {
    writeProblems(loaded.problems, write);
    return 2;
  }
  const explanation = explain(loaded.settings, read.asker, text);
  write(printExplanation(explanation));
  if (explanation.kind === 'unparsed' || explanation.kind === 'not_a_run') return 2;
  return isLetThrough(explanation) ? 0 : 1;
};

const NO_EXPECTATIONS = 'write one, or name it: kdebug policy test FILE';

/** 0: all as expected; 1: one is not; 2: a file cannot be read, or holds mistakes. */
export const policyTest = (file: string, config: string | undefined, write: Write, env: Env = process.env): 0 | 1 | 2 => {
  const loaded = loadSettings(settingsNamed(config, env));
  const source = readText(file, NO_EXPECTATIONS);
  const read = loaded.ok && source.ok ? readExpectations(source.text, file, loaded.settings) : undefined;
  if (!loaded.ok || !source.ok || read?.ok !== true) {
    writeProblems([loaded, source, read].flatMap((one) => (one?.ok === false ? one.problems : [])), write);
    return 2;
  }
  const checked = read.expectations.map((expectation) => checkExpectation(loaded.settings, expectation));
  write(printChecked(checked));
  return checked.every(({ difference }) => difference === undefined) ? 0 : 1;
};

/**
 * Every mistake that `config check` finds, or every warning.
 * 0: neither, or warnings; 1: mistakes, or with `strict` warnings.
 */
export const policyLint = (file: string | undefined, { strict }: { readonly strict: boolean }, write: Write, env: Env = process.env): 0 | 1 => {
  const named = settingsNamed(file, env);
  const source = readText(named, NO_SETTINGS);
  const read = source.ok ? readSettings(source.text, named) : source;
  if (!read.ok) {
    writeProblems(read.problems, write);
    return 1;
  }
  const warnings = warningsOf(read.settings).map((warning) => place({ ...warning, message: `warning: ${warning.message}` }, named, read.yaml)).sort(byPosition);
  if (warnings.length > 0) writeProblems(warnings, write);
  write(`${warnings.length === 0 ? 'ok: ' : ''}${named}: ${counted(read.settings.policy.rules.length, 'rule')}, ${warnings.length === 0 ? 'no warning' : counted(warnings.length, 'warning')}\n`);
  return strict && warnings.length > 0 ? 1 : 0;
};
