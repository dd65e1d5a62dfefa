/**
 * What a person can ask for, as values. Only the parser makes them, so every name in them is valid already; whether it
 * exists, or may be used, is for the rules and the cluster to say.
 */

import type {
  Branded, ClusterName, ContainerName, ImageName, Namespace, PodNamePrefix, PresetName, RequestId, UserId,
} from '../names.ts';
import { DAY_IN_MS } from '../limits.ts';

/** A pre-approval lasts at least this long and at most that long; the rules may say less. */
export const ALLOW_MIN_MS = 60_000;
export const ALLOW_MAX_MS = 7 * DAY_IN_MS;
export const ALLOW_SCOPES_MAX = 10;

export const PROFILES = ['auto', 'restricted', 'baseline', 'general', 'netadmin', 'sysadmin'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** kubectl's short names; the long ones are read as these. */
export const WORKLOADS = ['deploy', 'sts', 'ds', 'job', 'rs', 'svc'] as const;
export type WorkloadResource = (typeof WORKLOADS)[number];
export type WorkloadName = Branded<string, 'WorkloadName'>;
/** A label selector whose grammar was checked; kept as typed. */
export type LabelSelector = Branded<string, 'LabelSelector'>;

export type Target =
  | { readonly kind: 'name'; readonly name: PodNamePrefix }
  | { readonly kind: 'workload'; readonly resource: WorkloadResource; readonly name: WorkloadName }
  | { readonly kind: 'selector'; readonly selector: LabelSelector };

/** A name and its value. */
export type Pair = readonly [string, string];

/** Absent means "not typed"; the properties stand in this order in JSON. */
export interface RunOptions {
  readonly image?: ImageName;
  readonly target?: ContainerName | 'none';
  readonly profile?: ProfileName;
  readonly timeoutMs?: number;
  readonly preset?: PresetName;
  readonly set?: readonly Pair[];
  readonly reason?: string;
  readonly env?: readonly Pair[];
  readonly private?: true;
  readonly dryRun?: true;
  readonly replicas?: 'all' | number;
  readonly breakGlass?: true;
}

export interface RunCommand {
  readonly kind: 'run';
  readonly cluster: ClusterName | null;
  readonly namespace: Namespace;
  readonly target: Target;
  readonly options: RunOptions;
  /** Empty exactly when a preset is named: the preset fixes the command. */
  readonly argv: readonly string[];
}

export type AllowScope =
  | { readonly kind: 'preset'; readonly name: PresetName }
  | { readonly kind: 'image'; readonly name: ImageName };

/** A pre-approval: for this person, in this namespace, for this long, for these presets and images only. */
export interface AllowCommand {
  readonly kind: 'allow';
  readonly person: UserId;
  readonly cluster: ClusterName | null;
  readonly namespace: Namespace;
  readonly durationMs: number;
  readonly scopes: readonly AllowScope[];
}

/** `allow list`, `allow revoke kd-…`. */
export type AllowAbout =
  | { readonly kind: 'allow'; readonly about: 'list' }
  | { readonly kind: 'allow'; readonly about: 'revoke'; readonly id: RequestId };

export const BARE_COMMANDS = ['history', 'pending', 'presets', 'images', 'whoami', 'timeline'] as const;
export type BareCommandName = (typeof BARE_COMMANDS)[number];

export const HELP_TOPICS = ['run', 'targets', 'options', 'presets', 'approvals'] as const;
export type HelpTopic = (typeof HELP_TOPICS)[number];

export type Command =
  | RunCommand
  | AllowCommand
  | AllowAbout
  | { readonly kind: 'form' }
  | { readonly kind: 'help'; readonly topic?: HelpTopic }
  | { readonly kind: 'status'; readonly id?: RequestId }
  | { readonly kind: 'cancel' | 'rerun'; readonly id: RequestId }
  | { readonly kind: BareCommandName }
  | { readonly kind: 'freeze' | 'unfreeze'; readonly reason?: string };

/** The first words that are a command and not a namespace. */
export const COMMAND_NAMES = [
  'help', 'status', 'cancel', 'rerun', ...BARE_COMMANDS, 'allow', 'freeze', 'unfreeze',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** Whether `word` is one of `names`; prototype names such as `constructor` are not. */
export const isOneOf = <Name extends string>(names: readonly Name[], word: string): word is Name =>
  (names as readonly string[]).includes(word);
