import type { Profile } from '../container.ts';
import type { ChannelId, ClusterName, ImageName, Instant, Namespace, PresetName } from '../names.ts';
import { WEEKDAYS, type ArgvPattern, type Environment, type Hours, type Principal, type When } from './rule.ts';

/** What a rule is held against. `undefined`: not known yet; at intake nothing of the pod is. */
export interface Subject {
  readonly cluster: ClusterName;
  readonly namespace: Namespace;
  readonly channel: ChannelId;
  /** True when the requester is that person or is in that group; a membership that cannot be asked is no membership. */
  readonly is: (principal: Principal) => boolean;
  readonly image: ImageName;
  readonly preset: PresetName | null;
  readonly argv: readonly string[];
  /** One, or all that `auto` may still come to. */
  readonly profiles: readonly Profile[];
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly now: Instant;
}

export type Match = 'yes' | 'no' | 'unknown';

/** `*` stands for any characters of one name; names of Slack channels hold more than Kubernetes' do. */
export const matchesName = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.split('*').map((part) => part.replace(/[^a-z0-9-]/gi, '\\$&')).join('.*')}$`, 's').test(name);

const known = (isMatch: boolean): Match => (isMatch ? 'yes' : 'no');

/** A rule matches when each of its keys does; an unknown key leaves it open unless another key already fails. */
export const matches = (when: When, environments: readonly Environment[], subject: Subject): Match => {
  const answers = [...new Set(keyAnswers(when, environments, subject))];
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
};

const keyAnswers = (when: When, environments: readonly Environment[], subject: Subject): readonly Match[] => [
  ...(when.clusters ? [known(when.clusters.includes(subject.cluster))] : []),
  ...(when.environments ? [known(inEnvironment(when.environments, environments, subject))] : []),
  ...(when.namespaces ? [known(when.namespaces.some((pattern) => matchesName(pattern, subject.namespace)))] : []),
  ...(when.labels ? [subject.labels ? known(hasLabels(when.labels, subject.labels)) : 'unknown' as const] : []),
  ...(when.requesters ? [known(when.requesters.some(subject.is))] : []),
  ...(when.channels ? [known(when.channels.includes(subject.channel))] : []),
  ...(when.images ? [known(when.images.includes(subject.image))] : []),
  ...(when.presets ? [known(subject.preset !== null && when.presets.includes(subject.preset))] : []),
  ...(when.profiles ? [hasProfile(when.profiles, subject.profiles)] : []),
  ...(when.argv ? [known(when.argv.some((pattern) => matchesArgv(pattern, subject.argv)))] : []),
  ...(when.hours ? [known(isWithin(when.hours, subject.now))] : []),
];

export const inEnvironment = (names: readonly string[], environments: readonly Environment[], where: { readonly cluster: ClusterName; readonly namespace: Namespace }): boolean =>
  environments.some((environment) =>
    names.includes(environment.name)
    && environment.clusters.some((pattern) => matchesName(pattern, where.cluster))
    && environment.namespaces.some((pattern) => matchesName(pattern, where.namespace)));

const hasProfile = (wanted: readonly Profile[], possible: readonly Profile[]): Match => {
  const count = possible.filter((profile) => wanted.includes(profile)).length;
  if (count === 0) return 'no';
  return count === possible.length ? 'yes' : 'unknown';
};

const hasLabels = (wanted: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);

/** The program by its exact name, and as many arguments as patterns, each matched from end to end. */
const matchesArgv = (pattern: ArgvPattern, argv: readonly string[]): boolean =>
  argv[0] === pattern.program
  && argv.length === pattern.arguments.length + 1
  && pattern.arguments.every((part, index) => new RegExp(`^(?:${part})$`, 'u').test(argv[index + 1] ?? ''));

const isWithin = (hours: Hours, now: Instant): boolean => {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: hours.zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const minute = Number(part('hour')) * 60 + Number(part('minute'));
  const day = WEEKDAYS.findIndex((weekday) => weekday === part('weekday').toLowerCase());
  const onDay = (index: number): boolean => hours.days.some((weekday) => weekday === WEEKDAYS[(index + WEEKDAYS.length) % WEEKDAYS.length]);
  if (hours.fromMinute <= hours.toMinute) return onDay(day) && minute >= hours.fromMinute && minute < hours.toMinute;
  // over midnight: the evening belongs to its own day, the morning to the day before
  return (onDay(day) && minute >= hours.fromMinute) || (onDay(day - 1) && minute < hours.toMinute);
};
