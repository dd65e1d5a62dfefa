/** The two admission policies as values: what kdebug may add to a pod, and what it may run by exec. */
import type { Settings } from '../../config/settings.ts';
import type { ClusterName } from '../../domain/names.ts';
import { EPHEMERAL_CONTAINERS_MAX } from '../../domain/limits.ts';
import { absent, absentOrFalse, all, any, hasContext, inPlaces, list, matches, NO_OTHER_CONTEXT, text } from './cel.ts';
import { allowedIn, type ContextOf } from './contexts.ts';

export interface Validation {
  readonly expression: string;
  readonly message: string;
}

export interface AdmissionPolicy {
  readonly name: string;
  readonly resource: 'pods/ephemeralcontainers' | 'pods/exec';
  readonly operation: 'UPDATE' | 'CONNECT';
  readonly matchCondition: { readonly name: string; readonly expression: string };
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly Validation[];
}

/** One argument of the fixed kill command: to the letter, or by a pattern from `^` to `$`. */
export type StopArgument = string | { readonly pattern: string };

export interface GuardOptions {
  readonly cluster: ClusterName;
  /** `namespace/name` of the worker's service account. */
  readonly serviceAccount: string;
  /** With impersonation the API server sees the person: a group that all of them are in. */
  readonly group?: string | undefined;
  readonly contextOf: ContextOf;
  /** The variable of ours that every container has. */
  readonly markerName: string;
  /** The kill command of a cancel; undefined: nothing may be run by exec. */
  readonly stop?: readonly StopArgument[] | undefined;
}

const CONTAINER_NAME = '^kdebug-[0-9a-f]{16}$';
/** What `--env` and presets may name, and what neither may. */
const ENV_NAME = '^[A-Z][A-Z0-9_]{0,63}$';
const ENV_REFUSED = '^(KDEBUG_.*|PATH|LD_.*|ENV|BASH_ENV|IFS|SHELLOPTS|PS4)$';

export const guardPolicies = (settings: Settings, options: GuardOptions): readonly AdmissionPolicy[] => [containerPolicy(settings, options), execPolicy(options)];

const viaKdebug = ({ serviceAccount, group }: GuardOptions): AdmissionPolicy['matchCondition'] => ({
  name: 'via-kdebug',
  expression: [
    `request.userInfo.username == ${text(`system:serviceaccount:${serviceAccount.replace('/', ':')}`)}`,
    ...(group === undefined ? [] : [`${text(group)} in request.userInfo.groups`]),
  ].join(' || '),
});

const each = (condition: string): string => `variables.added.all(c, ${condition})`;

const containerPolicy = (settings: Settings, options: GuardOptions): AdmissionPolicy => ({
  name: 'kdebug-ephemeral-guard',
  resource: 'pods/ephemeralcontainers',
  operation: 'UPDATE',
  matchCondition: viaKdebug(options),
  variables: [
    { name: 'old', expression: 'oldObject.spec.?ephemeralContainers.orValue([]).map(c, c.name)' },
    { name: 'added', expression: 'object.spec.?ephemeralContainers.orValue([]).filter(c, !(c.name in variables.old))' },
  ],
  validations: [
    { expression: 'variables.added.size() <= 1', message: 'at most one container per request' },
    { expression: `object.spec.?ephemeralContainers.orValue([]).size() <= ${EPHEMERAL_CONTAINERS_MAX}`, message: `at most ${EPHEMERAL_CONTAINERS_MAX} debug containers in a pod` },
    { expression: each(matches('c.name', CONTAINER_NAME)), message: 'name must carry the plan digest' },
    { expression: each(`c.image in ${list([...new Set(settings.catalogue.images.map(({ ref }) => ref))])}`), message: 'image not in the catalogue' },
    { expression: each(all(['c.volumeMounts', 'c.volumeDevices', 'c.envFrom'].map(absent))), message: 'no volumes and no envFrom' },
    { expression: each(all(['c.stdin', 'c.tty'].map(absentOrFalse))), message: 'no stdin and no tty' },
    { expression: each(env(options.markerName)), message: 'only plain variables that kdebug may set' },
    { expression: each(workingDir(settings)), message: 'working directory not of the image\'s overlay' },
    { expression: each(NO_OTHER_CONTEXT), message: 'no seLinuxOptions, windowsOptions, appArmorProfile or procMount' },
    { expression: each(contexts(settings, options)), message: 'no rule lets this image have this security context in this namespace' },
  ],
});

const env = (markerName: string): string =>
  `!has(c.env) || c.env.all(e, !has(e.valueFrom) && (e.name == ${text(markerName)} || (${matches('e.name', ENV_NAME)} && !${matches('e.name', ENV_REFUSED)})))`;

const workingDir = ({ catalogue }: Settings): string => {
  const allowed = catalogue.images.flatMap(({ ref, overlay }) => (overlay?.workingDir === undefined ? [] : [`c.image == ${text(ref)} && c.workingDir == ${text(overlay.workingDir)}`]));
  return [absent('c.workingDir'), ...allowed.map((one) => `(${one})`)].join(' || ');
};

/** One alternative on each line: here, this image with this security context. */
const contexts = (settings: Settings, { cluster, contextOf }: GuardOptions): string =>
  any(allowedIn(settings, cluster, contextOf).flatMap(({ places, ref, contexts: possible }) =>
    possible.map((context) => all([...(places.kind === 'all' ? [] : [inPlaces(places)]), `c.image == ${text(ref)}`, hasContext(context)]))));

const execPolicy = (options: GuardOptions): AdmissionPolicy => ({
  name: 'kdebug-exec-guard',
  resource: 'pods/exec',
  operation: 'CONNECT',
  matchCondition: viaKdebug(options),
  variables: [],
  validations: options.stop === undefined
    ? [{ expression: 'false', message: 'kdebug runs nothing by exec in this cluster' }]
    : [
        { expression: `has(object.container) && ${matches('object.container', CONTAINER_NAME)}`, message: 'only into a container of kdebug' },
        { expression: `has(object.command) && ${isCommand(options.stop)}`, message: 'only the command that stops a run' },
        { expression: all(['object.stdin', 'object.tty'].map(absentOrFalse)), message: 'no stdin and no tty' },
      ],
});

const isCommand = (stop: readonly StopArgument[]): string =>
  all([
    `object.command.size() == ${stop.length}`,
    ...stop.map((argument, index) => (typeof argument === 'string' ? `object.command[${index}] == ${text(argument)}` : matches(`object.command[${index}]`, argument.pattern))),
  ]);
