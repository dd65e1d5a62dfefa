import { z } from 'zod';
import {
  OUTPUT_KEPT_BYTES_MAX, OUTPUT_READ_BYTES_MAX, OUTPUT_STORE_BYTES_MAX, OUTPUT_STORE_DAYS, PENDING_PER_PERSON_MAX, REPLICAS_MAX, REQUEST_DAYS,
  COMMANDS_OF_ALL_A_MINUTE, COMMANDS_PER_CHANNEL_A_MINUTE, COMMANDS_PER_PERSON_A_MINUTE, RUNS_PER_CLUSTER_MAX, WAITING_PER_CLUSTER_MAX, START_WITHIN_MS, TIMEOUT_DEFAULT_MS, TIMEOUT_MAX_MS, TIMEOUT_MIN_MS,
} from '../../domain/limits.ts';
import {
  COMMANDS_CEILING, OUTPUT_DAYS_MAX, OUTPUT_KEPT_BYTES_MIN, OUTPUT_STORE_BYTES_CEILING, OUTPUT_STORE_BYTES_MIN, PENDING_CEILING, REPLICAS_CEILING, REQUEST_DAYS_MAX,
  REVIEW_WITHIN_MS, REVIEW_WITHIN_MS_MAX, REVIEW_WITHIN_MS_MIN, RUNS_PER_CLUSTER_CEILING, START_WITHIN_MS_MAX, START_WITHIN_MS_MIN, WAITING_CEILING,
} from '../limits.ts';
import { formatDuration, formatSize } from '../quantities.ts';
import { images, presets } from './catalogue.ts';
import { channelId, clusterName, count, duration, flag, line, list, mapping, named, pattern, principal, profile, section, size, userId, word } from './fields.ts';
import { environments, rules } from './rules.ts';

const clusters = mapping(
  clusterName,
  section(
    {
      default: flag('Used when no cluster is named; needless when there is only one').exactOptional(),
      context: line('Context of the kubeconfig; left out: its current one, or in-cluster').exactOptional(),
      cancel: word(['none', 'exec'], 'exec: this cluster grants pods/exec, so a running command can be stopped').default('none'),
    },
    '{} for the current context of the kubeconfig',
  ),
  'a mapping such as main: {}',
)
  .refine((entries) => Object.keys(entries).length > 0, { error: 'is an empty mapping; write at least one cluster, such as main: {}' })
  .meta({ description: 'The clusters; the name is what people type: /kdebug main/prod …' });

const incident = named((text) => (/^[\p{Ll}\p{Lo}\p{N}_*-]{1,80}$/u.test(text) ? text : undefined), 'a pattern of channel names', 'a pattern such as "inc-*", without #', {
  description: 'A channel name; * stands for any characters',
  examples: ['inc-*'],
});

const channels = section(
  {
    audit: channelId.meta({ description: 'Every event is mirrored here' }),
    approvals: channelId.exactOptional().meta({ description: 'Takes the card when kdebug cannot post where the command was typed' }),
    incidents: list(incident, 'a list such as ["inc-*"], or leave it out').exactOptional().meta({ description: 'Requests typed there also form that incident’s timeline' }),
  },
  'a mapping with at least audit:',
);

/** `system:masters` and its kin would be everything, for everybody who is mapped to them. */
const kubernetesName = named(
  (text) => (/^(?!system:)[^\s\p{Cc}\p{Cf}\p{Cs}]{1,253}$/iu.test(text) ? text : undefined),
  'a name that may be impersonated',
  'a user or group of the cluster that does not begin with system:',
  { description: 'A Kubernetes user or group; never system:…' },
);

const kubernetesWord = (description: string) =>
  named((text) => (/^[a-z][a-z0-9.-]{0,62}(?:\/[a-z]{1,30})?$/.test(text) ? text : undefined), 'a word of Kubernetes’ RBAC', 'a word such as debug or pods', { description });

const identity = section(
  {
    mode: word(['off', 'review', 'impersonate'], 'off; review: ask the cluster first; impersonate: act as that person').default('off'),
    from: word(['email', 'map'], 'How a Slack person becomes a Kubernetes person').default('email'),
    map: mapping(
      userId,
      section(
        { user: kubernetesName, groups: z.array(kubernetesName, { error: 'is not a list; write a list such as [dev]' }).max(100, { error: 'has too many entries; write at most 100' }).default([]) },
        '{ user: alice@example.org, groups: [dev] }',
      ),
      'a mapping such as U0ALICE: { user: alice@example.org }',
    )
      .default({})
      .meta({ description: 'Slack users and who they are in Kubernetes' }),
    review: section({ verb: kubernetesWord('The verb').default('debug'), resource: kubernetesWord('The resource').default('pods') }, '{ verb: debug, resource: pods }')
      .prefault({})
      .meta({ description: 'The right that cluster owners grant for chat debugging' }),
  },
  'a mapping such as { mode: off }',
);

const breakGlass = section(
  {
    who: list(principal, 'a list such as ["usergroup:S0ONCALL"]').meta({ description: 'Who may' }),
    profiles: list(profile, 'a list such as [restricted, baseline]').default(['restricted', 'baseline', 'general']).meta({ description: 'With which profiles' }),
    review_within: duration({ min: REVIEW_WITHIN_MS_MIN, max: REVIEW_WITHIN_MS_MAX }, 'How soon somebody else must look at it').prefault(formatDuration(REVIEW_WITHIN_MS)),
  },
  'a mapping with at least who:',
);

const limits = section(
  {
    timeout_default: duration({ min: TIMEOUT_MIN_MS, max: TIMEOUT_MAX_MS }, 'Timeout of a command without --timeout').prefault(formatDuration(TIMEOUT_DEFAULT_MS)),
    timeout_max: duration({ min: TIMEOUT_MIN_MS, max: TIMEOUT_MAX_MS }, 'Longest --timeout').prefault(formatDuration(TIMEOUT_MAX_MS)),
    start_within: duration({ min: START_WITHIN_MS_MIN, max: START_WITHIN_MS_MAX }, 'From the last approval to the start').prefault(formatDuration(START_WITHIN_MS)),
    output_kept: size({ min: OUTPUT_KEPT_BYTES_MIN, max: OUTPUT_READ_BYTES_MAX }, 'Output kept of one run').prefault(formatSize(OUTPUT_KEPT_BYTES_MAX)),
    output_store: size({ min: OUTPUT_STORE_BYTES_MIN, max: OUTPUT_STORE_BYTES_CEILING }, 'Output kept altogether').prefault(formatSize(OUTPUT_STORE_BYTES_MAX)),
    output_days: count(1, OUTPUT_DAYS_MAX, 'Days that output is kept').default(OUTPUT_STORE_DAYS),
    request_days: count(1, REQUEST_DAYS_MAX, 'Days that requests are kept').default(REQUEST_DAYS),
    pending_per_person: count(1, PENDING_CEILING, 'Unfinished requests of one person').default(PENDING_PER_PERSON_MAX),
    runs_per_cluster: count(1, RUNS_PER_CLUSTER_CEILING, 'Runs at the same time in one cluster').default(RUNS_PER_CLUSTER_MAX),
    replicas_max: count(1, REPLICAS_CEILING, 'Pods of one request with --replicas').default(REPLICAS_MAX),
    commands_per_person: count(1, COMMANDS_CEILING, 'Commands that one person may type in a minute').default(COMMANDS_PER_PERSON_A_MINUTE),
    commands_per_channel: count(1, COMMANDS_CEILING, 'Commands typed in one channel in a minute').default(COMMANDS_PER_CHANNEL_A_MINUTE),
    commands_total: count(1, COMMANDS_CEILING, 'Commands of everybody together in a minute').default(COMMANDS_OF_ALL_A_MINUTE),
    waiting_per_cluster: count(1, WAITING_CEILING, 'Jobs of one cluster that may wait for a worker').default(WAITING_PER_CLUSTER_MAX),
  },
  'a mapping of limits',
);

const redaction = section(
  {
    patterns: z
      .array(section({ name: line('What stands in its place: [REDACTED:name]', 60), pattern: pattern('What is never shown') }, '{ name: internal token, pattern: "acme_[a-z0-9]{32}" }'), {
        error: 'is not a list; write a list of { name: …, pattern: "…" }',
      })
      .max(100, { error: 'has too many entries; write at most 100' })
      .default([])
      .meta({ description: 'Patterns beside the built-in ones' }),
  },
  'a mapping with patterns:',
);

/** kdebug.yaml: its keys as written, its values as the program uses them. The JSON Schema for editors is made from it. */
export const kdebugYaml = section(
  {
    clusters,
    images: images.refine((entries) => Object.keys(entries).length > 0, { error: 'is an empty mapping; write at least one image' }),
    presets,
    environments,
    rules,
    channels: channels.meta({ description: 'Slack channels, by id' }),
    identity: identity.prefault({}).meta({ description: 'How a Slack person maps to a Kubernetes person' }),
    break_glass: breakGlass.exactOptional().meta({ description: '/kdebug … --break-glass --reason "…": replaces approvals only, loudly' }),
    redis: section({ durability: word(['required', 'none'], 'none: for tests and demos, accepts a Redis that keeps nothing').default('required') }, '{ durability: required }')
      .prefault({})
      .meta({ description: 'What is asked of Redis' }),
    limits: limits.prefault({}).meta({ description: 'How much and how long' }),
    redaction: redaction.prefault({}).meta({ description: 'What is removed from output before anybody sees it' }),
  },
  'a mapping with clusters:, images:, rules: and channels:',
);

export type KdebugYaml = z.output<typeof kdebugYaml>;
