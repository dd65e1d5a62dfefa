/**
 * Names and ids as branded types. Only the parsers here make them, so inside the program nothing is checked twice and
 * no byte that a person typed reaches a URL, a key or a label unchecked.
 *
 * Terminology: a *label* is an RFC 1123 label (at most 63 characters), a *subdomain* an RFC 1123 subdomain (at most
 * 253); see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/.
 */

declare const brand: unique symbol;
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** The name people type before a slash: `main/prod`. */
export type ClusterName = Branded<string, 'ClusterName'>;
export type Namespace = Branded<string, 'Namespace'>;
export type PodName = Branded<string, 'PodName'>;
/** A name typed by a person that may be a whole pod name or the beginning of one. */
export type PodNamePrefix = Branded<string, 'PodNamePrefix'>;
export type PodUid = Branded<string, 'PodUid'>;
export type ContainerName = Branded<string, 'ContainerName'>;
/** The catalogue's short name of an image: `netshoot`. */
export type ImageName = Branded<string, 'ImageName'>;
/** A repository with tag or digest, used verbatim: `nicolaka/netshoot:v0.13`. */
export type ImageRef = Branded<string, 'ImageRef'>;
export type PresetName = Branded<string, 'PresetName'>;
/** `kd-` and eight characters of a 32-letter alphabet: 40 bits, unique per installation. */
export type RequestId = Branded<string, 'RequestId'>;
/** A Slack user, `U…` or `W…`. Never an e-mail address or a display name: those change. */
export type UserId = Branded<string, 'UserId'>;
/** A Slack user group, `S…`. */
export type GroupId = Branded<string, 'GroupId'>;
/** A Slack conversation, `C…`, `D…` or `G…`. */
export type ChannelId = Branded<string, 'ChannelId'>;
/** A Slack workspace, `T…`. */
export type TeamId = Branded<string, 'TeamId'>;
/** A Slack message within a channel: seconds and a sequence, `1700000000.000100`. A string; never a number. */
export type MessageTs = Branded<string, 'MessageTs'>;
/** SHA-256 in lower-case hex: 64 characters. */
export type Sha256 = Branded<string, 'Sha256'>;
/** Milliseconds since 1970 on the clock of Redis, the one clock that decisions are made by. */
export type Instant = Branded<number, 'Instant'>;

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const SUBDOMAIN_START = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*)$/;
const CLUSTER = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
const UID = /^[0-9a-zA-Z](?:[0-9a-zA-Z-]{0,126}[0-9a-zA-Z])?$/;
const CATALOGUE = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/;
const IMAGE_REF = /^[a-z0-9][a-zA-Z0-9._:/-]{0,254}(?:@sha256:[0-9a-f]{64})?$/;
const REQUEST = /^kd-[0-9a-hjkmnp-tv-z]{8}$/;
const SLACK_ID = (letters: string): RegExp => new RegExp(`^[${letters}][A-Z0-9]{1,20}$`);
const USER = SLACK_ID('UW');
const GROUP = SLACK_ID('S');
const CHANNEL = SLACK_ID('CDG');
const TEAM = SLACK_ID('TE');
const TS = /^[0-9]{1,12}\.[0-9]{1,8}$/;
const SHA256 = /^[0-9a-f]{64}$/;

const parser = <Name extends Branded<string, string>>(pattern: RegExp) =>
  (text: unknown): Name | undefined => (typeof text === 'string' && pattern.test(text) ? (text as Name) : undefined);

/** Each parser answers `undefined` for anything that is not such a name; it never throws and never repairs. */
export const parseClusterName = parser<ClusterName>(CLUSTER);
export const parseNamespace = parser<Namespace>(LABEL);
export const parsePodName = parser<PodName>(SUBDOMAIN);
export const parsePodUid = parser<PodUid>(UID);
export const parseContainerName = parser<ContainerName>(LABEL);
export const parseImageName = parser<ImageName>(CATALOGUE);
export const parseImageRef = parser<ImageRef>(IMAGE_REF);
export const parsePresetName = parser<PresetName>(CATALOGUE);
export const parseRequestId = parser<RequestId>(REQUEST);
export const parseUserId = parser<UserId>(USER);
export const parseGroupId = parser<GroupId>(GROUP);
export const parseChannelId = parser<ChannelId>(CHANNEL);
export const parseTeamId = parser<TeamId>(TEAM);
export const parseMessageTs = parser<MessageTs>(TS);
export const parseSha256 = parser<Sha256>(SHA256);

/** A prefix may end in `-` or `.`, as typed half-way through a name, but holds no empty label (`api..7`). */
export const parsePodNamePrefix = (text: unknown): PodNamePrefix | undefined => {
  const prefix = parser<PodNamePrefix>(SUBDOMAIN_START)(text);
  return prefix !== undefined && !/\.[.-]|-\./.test(prefix) ? prefix : undefined;
};

export const parseInstant = (value: unknown): Instant | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? (value as Instant) : undefined;

export const after = (instant: Instant, milliseconds: number): Instant => (instant + milliseconds) as Instant;

const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** `kd-` and one letter of Crockford's alphabet for each of eight random bytes (the low five bits count). */
export const requestIdFrom = (random: Uint8Array): RequestId =>
  `kd-${[...random.subarray(0, 8)].map((byte) => ID_ALPHABET.charAt(byte & 31)).join('')}` as RequestId;
