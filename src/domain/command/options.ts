/** The one table of options: parsing, suggestions and help are derived from it. */

import { REASON_CHARS_MAX, REPLICAS_MAX, TIMEOUT_DEFAULT_MS, TIMEOUT_MAX_MS } from '../limits.ts';
import type { ClusterName } from '../names.ts';
import { type LabelSelector, PROFILES, type RunOptions } from './command.ts';
import { showDuration } from './duration.ts';
import { type Read, read } from './mistake.ts';
import { readName } from './names-typed.ts';
import { readSelector } from './selector.ts';
import { CLUSTER } from './target.ts';
import {
  readContainer, readEnv, readImage, readPreset, readProfile, readReason, readReplicas, readSet, readTimeout,
} from './values.ts';
import type { Piece } from './words.ts';

/** What the options of one command say together. */
export interface Given extends RunOptions {
  readonly cluster?: ClusterName;
  readonly selector?: LabelSelector;
}

interface Option {
  /** As typed: `--image`; one dash and one letter for `-l`. */
  readonly flag: string;
  readonly key: keyof Given;
  readonly help: string;
  /** A preset fixes what this option says, so both at once are refused. */
  readonly fixedByPreset?: true;
}

export interface ValueOption extends Option {
  readonly takes: 'value';
  readonly placeholder: string;
  readonly repeatable?: true;
  readonly read: (piece: Piece) => Read<Given>;
}

export interface FlagOption extends Option {
  readonly takes: 'nothing';
  readonly given: Given;
}

export type OptionSpec = ValueOption | FlagOption;

const into = <Value>(readValue: (piece: Piece) => Read<Value>, given: (value: Value) => Given) =>
  (piece: Piece): Read<Given> => {
    const value = readValue(piece);
    return value.ok ? read(given(value.value)) : value;
  };

const value = <Value>(
  flag: string, key: keyof Given, placeholder: string, help: string,
  reader: (piece: Piece) => Read<Value>, given: (value: Value) => Given,
): ValueOption => ({ takes: 'value', flag, key, placeholder, help, read: into(reader, given) });

const flag = (name: string, key: keyof Given, given: Given, help: string): FlagOption =>
  ({ takes: 'nothing', flag: name, key, given, help });

export const OPTIONS: readonly OptionSpec[] = [
  { ...value('--image', 'image', 'NAME', 'image of the catalogue to debug with', readImage, (image) => ({ image })), fixedByPreset: true },
  { ...value('--target', 'target', 'CONTAINER|none', 'container whose processes the command sees', readContainer, (target) => ({ target })), fixedByPreset: true },
  { ...value('--profile', 'profile', PROFILES.join('|'), 'power of the debug container', readProfile, (profile) => ({ profile })), fixedByPreset: true },
  value('--timeout', 'timeoutMs', 'TIME', `when to stop: 30s, 2m; ${showDuration(TIMEOUT_DEFAULT_MS)} if not given, at most ${showDuration(TIMEOUT_MAX_MS)}`, readTimeout, (timeoutMs) => ({ timeoutMs })),
  value('--preset', 'preset', 'NAME', 'a command prepared in the configuration', readPreset, (preset) => ({ preset })),
  { ...value('--set', 'set', 'K=V', 'a parameter of the preset', readSet, (pair) => ({ set: [pair] })), repeatable: true },
  value('--reason', 'reason', '"…"', `why, at most ${REASON_CHARS_MAX} characters`, readReason, (reason) => ({ reason })),
  { ...value('--env', 'env', 'K=V', 'a variable of the debug container', readEnv, (pair) => ({ env: [pair] })), repeatable: true, fixedByPreset: true },
  value('--cluster', 'cluster', 'NAME', 'the same as CLUSTER/ before the namespace', (piece) => readName(CLUSTER, piece), (cluster) => ({ cluster })),
  flag('--private', 'private', { private: true }, 'send the output to you alone, where the rules permit it'),
  flag('--dry-run', 'dryRun', { dryRun: true }, 'check everything, run nothing'),
  value('--replicas', 'replicas', 'all|N', `run in several pods, at most ${REPLICAS_MAX}`, readReplicas, (replicas) => ({ replicas })),
  flag('--break-glass', 'breakGlass', { breakGlass: true }, 'in an emergency: without approval, reviewed afterwards'),
  value('-l', 'selector', 'SELECTOR', 'pods by label instead of a TARGET: -l app=api', readSelector, (selector) => ({ selector })),
];

export const FLAGS: readonly string[] = OPTIONS.map((option) => option.flag);

/** Exact names only: an abbreviation that is good today may mean two options tomorrow. */
export const optionFor = (name: string): OptionSpec | undefined => OPTIONS.find((option) => option.flag === name);

/** `--image NAME`, as usage and help show it. */
export const optionUsage = (option: OptionSpec): string =>
  option.takes === 'nothing' ? option.flag : `${option.flag} ${option.placeholder}`;

const ORDER: readonly (keyof RunOptions)[] = [
  'image', 'target', 'profile', 'timeoutMs', 'preset', 'set', 'reason', 'env', 'private', 'dryRun', 'replicas', 'breakGlass',
];

/** The options of a run alone, always in the same order whatever was typed first. */
export const runOptions = (given: Given): RunOptions =>
  Object.fromEntries(ORDER.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]])));

export const merged = (one: Given, other: Given): Given => ({
  ...one,
  ...other,
  ...(one.set !== undefined && other.set !== undefined && { set: [...one.set, ...other.set] }),
  ...(one.env !== undefined && other.env !== undefined && { env: [...one.env, ...other.env] }),
});
