/** What a form remembers while it is open, and how its fields are called. Slack keeps it for us; it is checked when it comes back. */
import { parseChannelId, parseClusterName, parseMessageTs, parseNamespace, parsePodName, type ChannelId, type ClusterName, type MessageTs, type Namespace } from '../../../domain/names.ts';
import type { PodMention } from '../../../domain/pod-mentions.ts';

export const FORM_VIEW = 'kdebug.form';

/** Block and element of a field have the same name. That of the pod and of the choice ends in where they are for, so that Slack begins them anew elsewhere. */
export const FIELDS = {
  cluster: 'kdebug.form.cluster', namespace: 'kdebug.form.namespace', target: 'kdebug.form.pod', choice: 'kdebug.form.choice', command: 'kdebug.form.command',
  set: 'kdebug.form.set', container: 'kdebug.form.container', timeout: 'kdebug.form.timeout', reason: 'kdebug.form.reason',
} as const;

export const fieldFor = (field: 'target' | 'choice', { cluster, namespace }: Pick<FormState, 'cluster' | 'namespace'>): string => `${FIELDS[field]} ${cluster ?? ''}/${namespace ?? ''}`;
export const fieldOfParameter = (preset: string, name: string): string => `${FIELDS.set} ${preset} ${name}`;

export interface FormState {
  readonly channel: ChannelId;
  readonly thread?: MessageTs;
  readonly cluster?: ClusterName;
  readonly namespace?: Namespace;
  /** `image netshoot`, `preset sockets`. */
  readonly choice?: string;
  readonly mentions: readonly PodMention[];
}

export const writeFormState = ({ channel, thread, cluster, namespace, choice, mentions }: FormState): string =>
  JSON.stringify([channel, thread ?? '', cluster ?? '', namespace ?? '', choice ?? '', mentions.map(({ pod, namespace: where }) => [pod, where ?? ''])]);

const MENTIONS_READ_MAX = 10;

const mentionsIn = (value: unknown): readonly PodMention[] => (Array.isArray(value) ? value.slice(0, MENTIONS_READ_MAX) : []).flatMap((one: unknown) => {
  const [name, where] = Array.isArray(one) ? one as readonly unknown[] : [];
  const pod = parsePodName(name);
  return pod === undefined ? [] : [{ pod, namespace: parseNamespace(where) ?? null }];
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const readFormState = (text: string): FormState | undefined => {
  const value = parsed(text);
  if (!Array.isArray(value)) return undefined;
  const [where, parent, inCluster, inNamespace, chosen, mentions] = value as readonly unknown[];
  const channel = parseChannelId(where);
  if (channel === undefined) return undefined;
  const [thread, cluster, namespace] = [parseMessageTs(parent), parseClusterName(inCluster), parseNamespace(inNamespace)];
  return {
    channel, mentions: mentionsIn(mentions),
    ...(thread !== undefined && { thread }), ...(cluster !== undefined && { cluster }), ...(namespace !== undefined && { namespace }),
    ...(typeof chosen === 'string' && chosen !== '' && { choice: chosen }),
  };
};
