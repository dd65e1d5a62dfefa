/** Where a command goes: `[CLUSTER/]NAMESPACE` and the target: a pod, a workload or labels. */

import {
  type ClusterName, type Namespace, type PodNamePrefix, parseClusterName, parseNamespace, parsePodName, parsePodNamePrefix,
} from '../names.ts';
import { COMMAND_NAMES, type Target, WORKLOADS, type WorkloadName, type WorkloadResource, isOneOf } from './command.ts';
import { type Read, read, shown, wrong } from './mistake.ts';
import { type NameKind, readName } from './names-typed.ts';
import { type Piece, type Word, pieceOf } from './words.ts';

const LETTERS = { allowed: /^[a-z0-9-]$/, rule: 'a-z, 0-9 and -' };
const DOTTED = { allowed: /^[a-z0-9.-]$/, rule: 'a-z, 0-9, - and .' };

export const CLUSTER: NameKind<ClusterName> = { what: 'a cluster name', parse: parseClusterName, ...LETTERS };
const NAMESPACE: NameKind<Namespace> = { what: 'a namespace', parse: parseNamespace, ...LETTERS };
const POD: NameKind<PodNamePrefix> = { what: 'a pod name', parse: parsePodNamePrefix, ...DOTTED };
const WORKLOAD: NameKind<WorkloadName> = {
  what: 'a workload name', parse: (text) => parsePodName(text) as WorkloadName | undefined, ...DOTTED,
};

/** What kubectl calls them too. */
const KINDS: ReadonlyMap<string, WorkloadResource> = new Map<string, WorkloadResource>([
  ...WORKLOADS.map((resource): [string, WorkloadResource] => [resource, resource]),
  ['deployment', 'deploy'], ['deployments', 'deploy'], ['statefulset', 'sts'], ['statefulsets', 'sts'],
  ['daemonset', 'ds'], ['daemonsets', 'ds'], ['jobs', 'job'], ['replicaset', 'rs'], ['replicasets', 'rs'],
  ['service', 'svc'], ['services', 'svc'],
]);
const POD_KINDS: ReadonlySet<string> = new Set(['pod', 'pods', 'po']);

export interface Place {
  readonly cluster: ClusterName | null;
  readonly namespace: Namespace;
}

const cut = (piece: Piece, from: number, to: number): Piece => ({
  ...piece, text: piece.text.slice(from, to), start: from === 0 ? piece.start : (piece.at[from] ?? piece.start), at: piece.at.slice(from, to + 1),
});

/** `prod` or `main/prod`. */
export const readPlace = (word: Word): Read<Place> => {
  const piece = pieceOf(word);
  const slash = piece.text.indexOf('/');
  const cluster = slash === -1 ? read(null) : readName(CLUSTER, cut(piece, 0, slash));
  if (!cluster.ok) return cluster;
  const namespace = readName(NAMESPACE, slash === -1 ? piece : pieceOf(word, slash + 1));
  return namespace.ok ? read({ cluster: cluster.value, namespace: namespace.value }) : namespace;
};

/** Only a cluster tells a namespace that is named like a command from the command. */
export const refuseCommandAsNamespace = (place: Place, word: Word): Read<undefined> =>
  place.cluster === null && isOneOf(COMMAND_NAMES, place.namespace)
    ? wrong(`${place.namespace} is a command; for the namespace of that name write CLUSTER/${place.namespace}.`, word.start)
    : read(undefined);

export const isNode = (word: Word): boolean => /^(?:node|nodes|no)\//.test(word.value);

/** `api-7f9` or `deploy/api`; nodes are refused before (elsewhere.ts). */
export const readTarget = (word: Word): Read<Target> => {
  const piece = pieceOf(word);
  const slash = piece.text.indexOf('/');
  if (slash === -1) {
    const name = readName(POD, piece);
    return name.ok ? read({ kind: 'name', name: name.value }) : name;
  }
  const kind = piece.text.slice(0, slash);
  const resource = KINDS.get(kind);
  if (resource === undefined) {
    const rest = piece.text.slice(slash + 1);
    const hint = POD_KINDS.has(kind) && parsePodNamePrefix(rest) !== undefined ? rest : undefined;
    const kinds = WORKLOADS.map((name) => `${name}/`).join(', ');
    return wrong(`${shown(kind)}/ is not a kind of target: write the pod's name alone, or ${kinds} before a name.`, word.start, hint);
  }
  const name = readName(WORKLOAD, pieceOf(word, slash + 1));
  return name.ok ? read({ kind: 'workload', resource, name: name.value }) : name;
};
