/**
 * Which pods a text speaks of: an alert, a log line, a colleague's message. Guesses for a person to choose from, never
 * names to act on by themselves.
 */
import { parseNamespace, parsePodName, type Namespace, type PodName } from './names.ts';

export interface PodMention {
  readonly pod: PodName;
  /** Null: the text does not say. */
  readonly namespace: Namespace | null;
}

/** A longer text is read this far. */
export const MENTION_TEXT_CHARS_MAX = 20_000;
export const MENTIONS_MAX = 5;

/** What Kubernetes makes suffixes and hashes of: no vowel and no 0, 1 or 3, so that no word comes about (apimachinery, util/rand). */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';
const OF_REPLICA_SET = new RegExp(`^[a-z0-9].*-${SAFE}{6,10}-${SAFE}{5}$`);
const OF_CONTROLLER = new RegExp(`^[a-z0-9].*-${SAFE}{5}$`);
const OF_STATEFUL_SET = /^[a-z](?:[a-z0-9.-]*[a-z0-9])?-\d{1,3}$/;

/** `pod="api-0"`, `pod: api-0`, `*Pod:* api-0`, `pods/api-0`. */
const POD_LABEL = /(?:^|[^a-z0-9])(?:exported_|kubernetes_|k8s_)?pods?(?:_?name)?["'*_` ]{0,4}[=:/]["'*_` ]{0,5}$/i;
const NAMESPACE_LABEL = /(?:^|[^a-z0-9])(?:exported_|kubernetes_|k8s_)?(?:namespaces?|ns)(?:_?name)?["'*_` ]{0,4}[=:/]["'*_` ]{0,5}([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)/gi;
const LABEL_CHARS_MAX = 40;
const WORD = /[a-z0-9][a-z0-9.-]*/g;
const BEFORE_SLASH = /(?:^|[^a-z0-9._-])([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\/$/;
/** What stands before a slash and is a kind of thing, not a namespace. */
const KINDS: ReadonlySet<string> = new Set(['pod', 'pods', 'po', 'deploy', 'deployment', 'deployments', 'replicaset', 'statefulset', 'daemonset', 'job', 'node', 'nodes', 'namespace', 'namespaces']);

interface Found extends PodMention {
  readonly at: number;
  readonly score: number;
}

/** The surest first, each pod once, at most MENTIONS_MAX. */
export const podMentions = (text: string): readonly PodMention[] => {
  const read = text.slice(0, MENTION_TEXT_CHARS_MAX);
  const namespaces = [...read.matchAll(NAMESPACE_LABEL)].flatMap((match) => {
    const name = parseNamespace(match[1]?.toLowerCase());
    return name === undefined ? [] : [{ name, at: match.index }];
  });
  const found = [...read.matchAll(WORD)].flatMap((word) => mentionAt(read, word.index, word[0]));
  const ranked = found.map((one) => ({ ...one, namespace: one.namespace ?? nearest(namespaces, one.at) }))
    .sort((left, right) => right.score - left.score || left.at - right.at);
  return [...new Map(ranked.toReversed().map((one) => [one.pod, { pod: one.pod, namespace: one.namespace }])).values()].toReversed().slice(0, MENTIONS_MAX);
};

const mentionAt = (text: string, at: number, word: string): readonly Found[] => {
  // a word that begins in the middle of another one, such as the rest of `API-7f9`, is none
  if (/[A-Za-z0-9_.-]/.test(text.charAt(at - 1))) return [];
  const pod = parsePodName(word.replace(/[.-]+$/, ''));
  if (pod === undefined) return [];
  const before = text.slice(Math.max(0, at - LABEL_CHARS_MAX), at);
  const isLabelled = POD_LABEL.test(before);
  const slash = BEFORE_SLASH.exec(text.slice(Math.max(0, at - 65), at))?.[1];
  const namespace = slash === undefined || KINDS.has(slash) ? null : parseNamespace(slash) ?? null;
  const score = scoreOf(pod, isLabelled, namespace !== null);
  return score === 0 ? [] : [{ pod, namespace, at, score }];
};

const scoreOf = (pod: PodName, isLabelled: boolean, hasNamespace: boolean): number => {
  if (isLabelled) return OF_REPLICA_SET.test(pod) ? 6 : 5;
  if (OF_REPLICA_SET.test(pod)) return hasNamespace ? 5 : 4;
  if (OF_CONTROLLER.test(pod)) return hasNamespace ? 4 : 3;
  // `web-0` may be anything unless a namespace stands before it
  return hasNamespace && OF_STATEFUL_SET.test(pod) ? 2 : 0;
};

const nearest = (namespaces: readonly { readonly name: Namespace; readonly at: number }[], at: number): Namespace | null =>
  namespaces.toSorted((left, right) => Math.abs(left.at - at) - Math.abs(right.at - at))[0]?.name ?? null;
