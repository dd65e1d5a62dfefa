import type { Catalogue } from '../domain/catalogue.ts';
import type { Profile } from '../domain/container.ts';
import type { ChannelId, ClusterName, UserId } from '../domain/names.ts';
import type { KubernetesPerson } from '../domain/person.ts';
import type { Policy, Principal } from '../domain/policy/rule.ts';

export interface ClusterSettings {
  readonly name: ClusterName;
  /** Used when no cluster is named. Exactly one cluster has it. */
  readonly isDefault: boolean;
  /** A context of the kubeconfig; absent: its current one, or in-cluster. */
  readonly context?: string;
  /** `exec`: this cluster grants pods/exec, so a running command can be stopped. */
  readonly cancel: 'none' | 'exec';
}

export interface ChannelSettings {
  /** Every event is mirrored here. */
  readonly audit: ChannelId;
  /** Takes the card when kdebug cannot post where the command was typed. */
  readonly approvals?: ChannelId;
  /** Patterns (`*`) of channel names whose requests form the incident's timeline. */
  readonly incidents: readonly string[];
}

export interface IdentitySettings {
  readonly mode: 'off' | 'review' | 'impersonate';
  readonly from: 'email' | 'map';
  readonly map: ReadonlyMap<UserId, KubernetesPerson>;
  readonly review: { readonly verb: string; readonly resource: string };
}

export interface BreakGlassSettings {
  readonly who: readonly Principal[];
  readonly profiles: readonly Profile[];
  readonly reviewWithinMs: number;
}

/** What `limits:` sets; units are in the names. */
export interface Limits {
  readonly timeoutDefaultMs: number;
  readonly timeoutMaxMs: number;
  readonly startWithinMs: number;
  readonly outputKeptBytes: number;
  readonly outputStoreBytes: number;
  readonly outputDays: number;
  readonly requestDays: number;
  readonly pendingPerPerson: number;
  readonly runsPerCluster: number;
  readonly replicasMax: number;
  readonly commandsPerPerson: number;
  readonly commandsPerChannel: number;
  readonly commandsTotal: number;
  readonly waitingPerCluster: number;
}

export interface RedactionPattern {
  readonly name: string;
  readonly pattern: string;
}

/** kdebug.yaml as a typed value, every default filled in. */
export interface Settings {
  readonly clusters: readonly ClusterSettings[];
  readonly catalogue: Catalogue;
  readonly policy: Policy;
  readonly channels: ChannelSettings;
  readonly identity: IdentitySettings;
  readonly breakGlass?: BreakGlassSettings;
  readonly redis: { readonly durability: 'required' | 'none' };
  readonly limits: Limits;
  readonly redaction: { readonly patterns: readonly RedactionPattern[] };
}
