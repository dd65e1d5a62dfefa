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

/** One key of `when` and its answer. */
export interface KeyMatch {
  readonly key: keyof When;
  readonly match: Match;
}

/** A rule matches when each of its keys does; an unknown key leaves it open unless another key already fails. */
export const matches = (when: When, environments: readonly Environment[], subject: Subject): Match => together(matchEachKey(when, environments, subject));

/** The answers of a rule's keys as one. */
export const together = (keys: readonly KeyMatch[]): Match => {
  if (keys.some(({ match }) => match === 'no')) return 'no';
  return keys.some(({ match }) => match === 'unknown') ? 'unknown' : 'yes';
};

/** Every key that the rule has, each held against the subject, in the order of the table below. */
export const matchEachKey = (when: When, environments: readonly Environment[], subject: Subject): readonly KeyMatch[] =>
  WHEN_KEYS.flatMap((key) => {
    const match = matchKey(key, when, environments, subject);
    return match === undefined ? [] : [{ key, match }];
  });

type Wanted = Required<When>;
type KeyPredicates = { readonly [Key in keyof Wanted]: (wanted: Wanted[Key], subject: Subject, environments: readonly Environment[]) => Match };

const PREDICATES: KeyPredicates = {
  clusters: (wanted, { cluster }) => known(wanted.includes(cluster)),
  environments: (wanted, subject, environments) => known(inEnvironment(wanted, environments, subject)),
  namespaces: (wanted, { namespace }) => known(wanted.some((pattern) => matchesName(pattern, namespace))),
  labels: (wanted, { labels }) => (labels ? known(hasLabels(wanted, labels)) : 'unknown'),
  requesters: (wanted, { is }) => known(wanted.some(is)),
  channels: (wanted, { channel }) => known(wanted.includes(channel)),
  images: (wanted, { image }) => known(wanted.includes(image)),
  presets: (wanted, { preset }) => known(preset !== null && wanted.includes(preset)),
  profiles: (wanted, { profiles }) => hasProfile(wanted, profiles),
  argv: (wanted, { argv }) => known(wanted.some((pattern) => matchesArgv(pattern, argv))),
  hours: (wanted, { now }) => known(isWithin(wanted, now)),
};

export const WHEN_KEYS = Object.keys(PREDICATES) as readonly (keyof When)[];

const matchKey = <Key extends keyof When>(key: Key, when: When, environments: readonly Environment[], subject: Subject): Match | undefined => {
  const wanted = when[key] as Wanted[Key] | undefined;
  return wanted === undefined ? undefined : PREDICATES[key](wanted, subject, environments);
};

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

/** The program by its exact name, and as many arguments as patterns, each matched from end to end; `.` is any character, a line break too. */
const matchesArgv = (pattern: ArgvPattern, argv: readonly string[]): boolean =>
  argv[0] === pattern.program
  && argv.length === pattern.arguments.length + 1
  && pattern.arguments.every((part, index) => new RegExp(`^(?:${part})$`, 'us').test(argv[index + 1] ?? ''));

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
