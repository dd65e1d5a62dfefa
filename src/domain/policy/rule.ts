import type { Profile } from '../container.ts';
import type { ChannelId, ClusterName, GroupId, ImageName, PresetName, Sha256, UserId } from '../names.ts';

/** A person or a Slack user group, as `user:U…` or `usergroup:S…` in kdebug.yaml. */
export type Principal =
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'usergroup'; readonly id: GroupId };

/** A named set of cluster and namespace patterns (`*` within one name). */
export interface Environment {
  readonly name: string;
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
}

/** A program and its whole arguments, each a pattern that must match the argument from end to end. */
export interface ArgvPattern {
  readonly program: string;
  readonly arguments: readonly string[];
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface Hours {
  readonly days: readonly Weekday[];
  /** Minutes since midnight in `zone`; `to` is exclusive and may be smaller than `from` (over midnight). */
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly zone: string;
}

/** Every key that is present must match; within a key one entry suffices. */
export interface When {
  readonly clusters?: readonly ClusterName[];
  readonly environments?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly requesters?: readonly Principal[];
  readonly channels?: readonly ChannelId[];
  readonly images?: readonly ImageName[];
  readonly presets?: readonly PresetName[];
  readonly profiles?: readonly Profile[];
  readonly argv?: readonly ArgvPattern[];
  readonly hours?: Hours;
}

export interface ReasonRule {
  readonly required: boolean;
  readonly pattern?: string;
}

interface RuleCommon {
  /** What people read: "rule: production needs one other person". Unique. */
  readonly name: string;
  readonly when: When;
  readonly reason?: ReasonRule;
  /** The image must be pinned by digest. */
  readonly digestRequired: boolean;
  /** Images without `sh` and `timeout` may run, without a limit from inside. */
  readonly unbounded: boolean;
  /** `--private` output. */
  readonly private: 'allow' | 'refuse';
  /** Pods that share a namespace with their node, or have a privileged container. */
  readonly nodeAccess: 'allow' | 'refuse';
}

/** One policy entry; the first that matches decides, and no match means refused. */
export type Rule =
  | (RuleCommon & { readonly decide: 'refuse'; readonly message?: string })
  | (RuleCommon & { readonly decide: 'allow' })
  | (RuleCommon & {
      readonly decide: 'approve';
      /** Distinct other people needed, at least 1. */
      readonly approvals: number;
      readonly approvers: readonly Principal[];
      readonly expiresMs: number;
      readonly stepUp: boolean;
      readonly mention: boolean;
    });

export interface Policy {
  /** Digest of images, presets, environments, rules and limits: what was approved was approved under this. */
  readonly version: Sha256;
  readonly environments: readonly Environment[];
  readonly rules: readonly Rule[];
}
