/** What kdebug does not do, said in one sentence with the line to use instead. */

import { parseNamespace, parsePodNamePrefix } from '../names.ts';
import { type Read, shown, wrong } from './mistake.ts';
import type { Word } from './words.ts';

/** What was typed so far, to fill the line with. */
export interface Typed {
  readonly namespace: string;
  readonly pod: string;
  readonly next: string;
}

interface Elsewhere {
  readonly flags: readonly string[];
  readonly sentence: string;
  readonly instead: (typed: Typed) => string;
}

const debug = ({ namespace, pod }: Typed): string => `kubectl debug -n ${namespace} ${pod}`;

const ELSEWHERE: readonly Elsewhere[] = [
  {
    flags: ['-i', '-t', '-it', '-ti', '--stdin', '--tty', '--interactive', '--attach'],
    sentence: 'opens a session, and kdebug runs one command that ends: use kubectl for this.',
    instead: (typed) => `${debug(typed)} -it --image=IMAGE --target=CONTAINER`,
  },
  {
    flags: ['--copy-to', '--same-node', '--set-image', '--replace', '--share-processes', '--keep-labels', '--keep-annotations', '--keep-liveness', '--keep-readiness', '--keep-startup', '--keep-init-containers'],
    sentence: 'is about a copy of the pod, which would start the app a second time, and kdebug makes none: use kubectl for this.',
    instead: (typed) => `${debug(typed)} --copy-to=NAME --image=IMAGE -- COMMAND`,
  },
  {
    flags: ['--image-pull-secret', '--image-pull-secrets', '--pull-secret', '--pull-secrets'],
    sentence: "is not possible in a running pod, whose own pull secrets are used: use kubectl to start a pod beside it.",
    instead: ({ namespace }) =>
      `kubectl run debug -n ${namespace} --rm -it --image=IMAGE --overrides='{"spec":{"imagePullSecrets":[{"name":"SECRET"}]}}'`,
  },
  {
    flags: ['--custom', '-f', '--filename', '--arguments-only', '--image-pull-policy'],
    sentence: 'is not for people to choose here, because the approved plan fixes the whole container: use kubectl for this.',
    instead: (typed) => `${debug(typed)} --image=IMAGE --custom=FILE -- COMMAND`,
  },
  {
    flags: ['-n', '--namespace'],
    sentence: 'is not needed here: the namespace is the first word.',
    instead: ({ next, pod }) => `${parseNamespace(next) ?? 'NAMESPACE'} ${pod}`,
  },
  { flags: ['-c', '--container'], sentence: 'is not an option here: the container is named by --target.', instead: () => '--target' },
  { flags: ['--context'], sentence: 'is not an option here: the cluster is named by --cluster.', instead: () => '--cluster' },
  { flags: ['--selector'], sentence: 'is not an option here: labels are given by -l.', instead: () => '-l' },
  { flags: ['--help', '-h'], sentence: 'stands alone: type help, or help options.', instead: () => 'help options' },
];

/** `prod` and `api-7f9` when those were typed so far, else what to put there. */
export const typedSoFar = (positionals: readonly Word[], next: string): Typed => ({
  namespace: parseNamespace(positionals[0]?.value.split('/').at(-1)) ?? 'NAMESPACE',
  pod: parsePodNamePrefix(positionals[1]?.value) ?? 'POD',
  next,
});

/** The refusal of a flag that kubectl has and kdebug has not; `undefined` for every other. */
export const refuseElsewhere = (flag: string, word: Word, typed: Typed): Read<never> | undefined => {
  const found = ELSEWHERE.find((elsewhere) => elsewhere.flags.includes(flag));
  return found && wrong(`${flag} ${found.sentence}`, word.start, found.instead(typed));
};

export const refuseNode = (word: Word): Read<never> => {
  const name = parsePodNamePrefix(word.value.slice(word.value.indexOf('/') + 1));
  return wrong(
    `${shown(word.value)} is a node, and kdebug debugs pods only: use kubectl for this.`,
    word.start,
    `kubectl debug node/${name ?? 'NODE'} -it --image=IMAGE`,
  );
};
