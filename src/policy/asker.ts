/** Who asks, where, in which groups, of a pod with which labels, and when: what `policy explain` is told instead of asking. */
import { parseChannelId, parseGroupId, parseUserId, type ChannelId, type GroupId, type Instant, type UserId } from '../domain/names.ts';
import type { Rights } from '../app/rights.ts';

export interface Asker {
  readonly user: UserId;
  readonly channel: ChannelId;
  readonly groups: readonly GroupId[];
  /** Absent: not known, as at the door. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly now: Instant;
}

/** As typed on the command line. */
export interface AskerTyped {
  readonly as: string;
  readonly in: string;
  readonly groups?: readonly string[] | undefined;
  readonly podLabels?: string | undefined;
  readonly at?: string | undefined;
}

export type ReadAsker = { readonly ok: true; readonly asker: Asker } | { readonly ok: false; readonly message: string };

const commaSeparated = (texts: readonly string[]): readonly string[] => texts.flatMap((text) => text.split(',')).map((text) => text.trim()).filter((text) => text !== '');

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;

/** A time with its zone; a day that does not exist is none. */
export const parseTime = (text: string): Instant | undefined => {
  const milliseconds = TIME.test(text) ? Date.parse(text) : Number.NaN;
  const sameDay = new Date(Date.parse(`${text.slice(0, 10)}T00:00Z`)).toJSON()?.slice(0, 10) === text.slice(0, 10);
  return milliseconds >= 0 && sameDay ? milliseconds as Instant : undefined;
};

const labelsFrom = (text: string): Readonly<Record<string, string>> | undefined => {
  const pairs = commaSeparated([text]).map((pair) => pair.split('='));
  return pairs.every((pair) => pair.length === 2 && pair[0] !== '') ? Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value])) : undefined;
};

/** The asker, or the first mistake in a sentence. `now` is when no time was typed. */
export const readAsker = (typed: AskerTyped, now: Instant): ReadAsker => {
  const wrong = (message: string): ReadAsker => ({ ok: false, message });
  const [user, channel] = [parseUserId(typed.as), parseChannelId(typed.in)];
  if (user === undefined) return wrong(`--as ${JSON.stringify(typed.as)} is not the id of a Slack user; write an id such as U0ALICE`);
  if (channel === undefined) return wrong(`--in ${JSON.stringify(typed.in)} is not the id of a channel; write its id, such as C0OPS`);
  const named = commaSeparated(typed.groups ?? []);
  const groups = named.flatMap((name) => parseGroupId(name) ?? []);
  const odd = named.find((name) => parseGroupId(name) === undefined);
  if (odd !== undefined) return wrong(`--groups ${JSON.stringify(odd)} is not the id of a user group; write ids such as S0SRE,S0ENG`);
  const labels = typed.podLabels === undefined ? undefined : labelsFrom(typed.podLabels);
  if (typed.podLabels !== undefined && labels === undefined) return wrong(`--pod-labels ${JSON.stringify(typed.podLabels)} are not labels; write app=api,team=payments`);
  const at = typed.at === undefined ? now : parseTime(typed.at);
  if (at === undefined) return wrong(`--at ${JSON.stringify(typed.at)} is not a time; write one with its zone, such as 2026-11-25T10:00Z`);
  return { ok: true, asker: { user, channel, groups, now: at, ...(labels !== undefined && { labels }) } };
};

/** Memberships as they were told; a group that was not named is one they are not in. */
export const rightsOf = ({ user: who, groups }: Asker): Rights => {
  const is: Rights['is'] = (user, principal) => user === who && (principal.kind === 'user' ? principal.id === user : groups.includes(principal.id));
  return { is, isOneOf: (user, principals) => principals.some((principal) => is(user, principal)) };
};
