import { z } from 'zod';
import { PROFILES } from '../../domain/container.ts';
import { APPROVE_WITHIN_MS, ARGV_COUNT_MAX, EXPIRES_MS_MAX } from '../../domain/limits.ts';
import { WEEKDAYS } from '../../domain/policy/rule.ts';
import { APPROVALS_MAX, EXPIRES_MS_MIN } from '../limits.ts';
import { formatDuration, parseMinuteOfDay } from '../quantities.ts';
import { channelId, clusterName, count, duration, expecting, flag, imageName, line, list, mapping, named, pattern, plainName, presetName, principal, section, word } from './fields.ts';

const glob = (description: string) =>
  named((text) => (/^(?!.*\*\*)[a-z0-9*](?:[a-z0-9*-]{0,61}[a-z0-9*])?$/.test(text) ? text : undefined), 'a name or a pattern of names', 'a name such as prod, or a pattern such as "prod-*"', {
    description,
    examples: ['prod', 'prod-*'],
  });

export const environments = mapping(
  plainName('an environment name'),
  section(
    {
      clusters: list(glob('A cluster name; * stands for any characters'), 'a list such as [main], or ["*"] for all'),
      namespaces: list(glob('A namespace; * stands for any characters'), 'a list such as [prod, "prod-*"]'),
    },
    '{ clusters: [main], namespaces: [prod] }',
  ),
  'a mapping such as production: { clusters: [main], namespaces: [prod] }',
)
  .default({})
  .meta({ description: 'Names for sets of clusters and namespaces, used by the rules' });

const clock = (description: string) =>
  named(parseMinuteOfDay, 'a time of day', '"07:00", from "00:00" to "24:00"', { description, examples: ['07:00'], pattern: '^([01][0-9]|2[0-4]):[0-5][0-9]$' });

const knownZone = (text: string): string | undefined => {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone === '' ? undefined : text;
  } catch {
    return undefined;
  }
};

const hours = section(
  {
    days: list(word(WEEKDAYS, 'A day'), 'a list such as [mon, tue]'),
    from: clock('First minute'),
    to: clock('End, itself not included; before from: over midnight'),
    zone: named(knownZone, 'a time zone', 'a name such as Europe/Berlin or UTC', { description: 'IANA time zone', examples: ['Europe/Berlin'] }),
  },
  '{ days: [mon], from: "07:00", to: "20:00", zone: Europe/Berlin }',
);

/** A label's key (with an optional prefix) and value: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/. */
const LABEL_NAME = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;
const labels = mapping(
  named((text) => (LABEL_NAME.test(text) ? text : undefined), 'a label key', 'a key such as team or example.org/team', { description: 'A label key' }),
  named((text) => (LABEL_VALUE.test(text) ? text : undefined), 'a label value', 'a value such as payments', { description: 'A label value' }),
  'a mapping such as { team: payments }',
).refine((entries) => Object.keys(entries).length > 0, { error: 'is an empty mapping; write a label such as { team: payments }' });

const argv = section(
  {
    program: line('The program, exactly'),
    arguments: z
      .array(pattern('Must match one argument from end to end'), expecting('a list of patterns, one for each argument; [] for none'))
      .max(ARGV_COUNT_MAX, { error: `has too many entries; write at most ${ARGV_COUNT_MAX}` }),
  },
  '{ program: curl, arguments: ["-sS"] }',
);

const when = section(
  {
    clusters: list(clusterName, 'a list of names of clusters:').exactOptional(),
    environments: list(plainName('an environment name'), 'a list of names of environments:').exactOptional(),
    namespaces: list(glob('A namespace; * stands for any characters'), 'a list such as [prod, "prod-*"]').exactOptional(),
    labels: labels.exactOptional().meta({ description: 'Labels that the pod has, all of them' }),
    requesters: list(principal, 'a list such as ["usergroup:S0ENG"]').exactOptional(),
    channels: list(channelId, 'a list of channel ids').exactOptional(),
    images: list(imageName, 'a list of names of images:').exactOptional(),
    presets: list(presetName, 'a list of names of presets:').exactOptional(),
    profiles: list(word(PROFILES, 'A profile'), 'a list such as [restricted, general]').exactOptional(),
    argv: list(argv, 'a list such as [{ program: curl, arguments: ["-sS"] }]').exactOptional(),
    hours: hours.exactOptional(),
  },
  'a mapping of conditions; {} matches everything',
);

const reason = section(
  {
    required: flag('Whether --reason must be given').default(true),
    pattern: pattern('Must match somewhere in the reason').exactOptional(),
  },
  '{ required: true }',
);

/**
 * One shape for all three decisions, so that a mistake in `decide` hides no other mistake; what belongs to which
 * decision is checked in checks/rules.ts.
 */
const rule = section(
  {
    name: line('What people read: "rule: production needs one other person"', 100),
    when: when.meta({ description: 'Every key must match; within a key one entry suffices' }),
    decide: word(['refuse', 'allow', 'approve'], 'What happens'),
    message: line('refuse: what the person reads').exactOptional(),
    approvals: count(1, APPROVALS_MAX, 'approve: how many other people; 1 when left out').exactOptional(),
    approvers: list(principal, 'a list such as ["usergroup:S0SRE", "user:U0BOB"]').exactOptional().meta({ description: 'approve: who may' }),
    expires: duration({ min: EXPIRES_MS_MIN, max: EXPIRES_MS_MAX }, `approve: how long the card waits; ${formatDuration(APPROVE_WITHIN_MS)} when left out`).exactOptional(),
    step_up: flag('approve: true: the approver confirms by a login outside Slack').exactOptional(),
    mention: flag('approve: name the approvers’ group on the card').exactOptional(),
    reason: reason.exactOptional(),
    digest: word(['required', 'optional'], 'Whether the image must be pinned by digest').default('optional'),
    unbounded: flag('Whether images without sh and timeout may run').default(false),
    private: word(['allow', 'refuse'], 'Whether --private output is allowed').default('refuse'),
    node_access: word(['allow', 'refuse'], 'Whether pods may be debugged that share a namespace with their node, or have a privileged container').default('allow'),
  },
  'a rule with name:, when: and decide:',
);

export const rules = list(rule, 'a list of rules, each with name:, when: and decide:').meta({
  description: 'The first rule that matches decides; no match means refused',
});
