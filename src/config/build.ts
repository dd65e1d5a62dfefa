import type { Image, Preset } from '../domain/catalogue.ts';
import { APPROVE_WITHIN_MS } from '../domain/limits.ts';
import type { ImageName, PresetName, UserId } from '../domain/names.ts';
import type { Environment, Rule, When } from '../domain/policy/rule.ts';
import type { KdebugYaml } from './schema/kdebug.ts';
import type { BreakGlassSettings, ClusterSettings, IdentitySettings, Limits, Settings } from './settings.ts';
import { policyVersion } from './version.ts';

type RuleYaml = KdebugYaml['rules'][number];

/** Entries of a record whose keys are branded names, which Object.entries would widen to string. */
const named = <Name extends string, Value>(record: Readonly<Record<Name, Value>>): [Name, Value][] => Object.entries(record) as [Name, Value][];

const clustersOf = (clusters: KdebugYaml['clusters']): readonly ClusterSettings[] => {
  const entries = named(clusters);
  return entries.map(([name, { default: isDefault, ...rest }]) => ({ name, isDefault: entries.length === 1 || isDefault === true, ...rest }));
};

const imagesOf = (images: KdebugYaml['images']): readonly Image[] =>
  named<ImageName, KdebugYaml['images'][ImageName]>(images).map(([name, { default: isDefault, ...rest }]) => ({ name, isDefault, ...rest }));

const presetsOf = (presets: KdebugYaml['presets']): readonly Preset[] =>
  named<PresetName, KdebugYaml['presets'][PresetName]>(presets).map(([name, { env, parameters, ...rest }]) => ({
    name,
    ...rest,
    env: Object.entries(env),
    parameters: Object.entries(parameters).map(([parameter, about]) => ({ name: parameter, ...about })),
  }));

const whenOf = ({ hours, ...rest }: RuleYaml['when']): When =>
  hours === undefined ? rest : { ...rest, hours: { days: hours.days, fromMinute: hours.from, toMinute: hours.to, zone: hours.zone } };

/** The checks have shown that each decision has its own keys and no other. */
const ruleOf = (rule: RuleYaml): Rule => {
  const common = {
    name: rule.name,
    when: whenOf(rule.when),
    ...(rule.reason === undefined ? {} : { reason: rule.reason }),
    digestRequired: rule.digest === 'required',
    unbounded: rule.unbounded,
    private: rule.private,
    nodeAccess: rule.node_access,
  };
  if (rule.decide === 'allow') return { ...common, decide: 'allow' };
  if (rule.decide === 'refuse') return { ...common, decide: 'refuse', ...(rule.message === undefined ? {} : { message: rule.message }) };
  return {
    ...common,
    decide: 'approve',
    approvals: rule.approvals ?? 1,
    approvers: rule.approvers ?? [],
    expiresMs: rule.expires ?? APPROVE_WITHIN_MS,
    stepUp: rule.step_up ?? false,
    mention: rule.mention ?? false,
  };
};

const identityOf = ({ map, ...rest }: KdebugYaml['identity']): IdentitySettings => ({ ...rest, map: new Map(named<UserId, KdebugYaml['identity']['map'][UserId]>(map)) });

const breakGlassOf = ({ review_within: reviewWithinMs, ...rest }: NonNullable<KdebugYaml['break_glass']>): BreakGlassSettings => ({ ...rest, reviewWithinMs });

const limitsOf = (limits: KdebugYaml['limits']): Limits => ({
  timeoutDefaultMs: limits.timeout_default,
  timeoutMaxMs: limits.timeout_max,
  startWithinMs: limits.start_within,
  outputKeptBytes: limits.output_kept,
  outputStoreBytes: limits.output_store,
  outputDays: limits.output_days,
  requestDays: limits.request_days,
  pendingPerPerson: limits.pending_per_person,
  runsPerCluster: limits.runs_per_cluster,
  replicasMax: limits.replicas_max,
  commandsPerPerson: limits.commands_per_person,
  commandsPerChannel: limits.commands_per_channel,
  commandsTotal: limits.commands_total,
  waitingPerCluster: limits.waiting_per_cluster,
});

/** kdebug.yaml, checked, in the shapes of the domain. */
export const settingsFrom = (file: KdebugYaml): Settings => {
  const catalogue = { images: imagesOf(file.images), presets: presetsOf(file.presets) };
  const environments: readonly Environment[] = Object.entries(file.environments).map(([name, where]) => ({ name, ...where }));
  const rules = file.rules.map(ruleOf);
  const limits = limitsOf(file.limits);
  return {
    clusters: clustersOf(file.clusters),
    catalogue,
    policy: { version: policyVersion({ catalogue, environments, rules, limits }), environments, rules },
    channels: { ...file.channels, incidents: file.channels.incidents ?? [] },
    identity: identityOf(file.identity),
    ...(file.break_glass === undefined ? {} : { breakGlass: breakGlassOf(file.break_glass) }),
    redis: file.redis,
    limits,
    redaction: file.redaction,
  };
};
