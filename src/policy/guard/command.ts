/** `kdebug config guard`: composes the configuration with what the builder of containers would make of it. */
import { buildContainer, MARKER_NAME } from '../../adapters/kubernetes/build.ts';
import { STOP_NAME, STOP_SCRIPT } from '../../adapters/kubernetes/stop-script.ts';
import { loadSettings, settingsNamed } from '../../config/commands.ts';
import { choice } from '../../config/nearest.ts';
import { printProblem } from '../../config/problem.ts';
import type { ClusterSettings, Settings } from '../../config/settings.ts';
import { TIMEOUT_DEFAULT_MS } from '../../domain/limits.ts';
import type { RequestId } from '../../domain/names.ts';
import type { ContextOf } from './contexts.ts';
import { manifestOf } from './manifest.ts';
import { guardPolicies, type GuardOptions, type StopArgument } from './policies.ts';

export interface GuardTyped {
  readonly file?: string | undefined;
  readonly cluster?: string | undefined;
  readonly serviceAccount: string;
  readonly group?: string | undefined;
}

const contextOf: ContextOf = (image, profile) =>
  buildContainer({ image, profile, argv: ['id'], env: [], target: null, timeoutMs: TIMEOUT_DEFAULT_MS, marker: 'kd-00000000' as RequestId }).securityContext;

const REQUEST_ID = '^kd-[0-9a-hjkmnp-tv-z]{8}$';
const STOP: readonly StopArgument[] = ['sh', '-c', STOP_SCRIPT, STOP_NAME, { pattern: REQUEST_ID }];

/** With what the builder and the kill command are today. */
export const guardOptions = ({ cluster, serviceAccount, group }: Pick<GuardTyped, 'serviceAccount' | 'group'> & { readonly cluster: ClusterSettings }): GuardOptions =>
  ({ cluster: cluster.name, serviceAccount, group, contextOf, markerName: MARKER_NAME, stop: cluster.cancel === 'exec' ? STOP : undefined });

const SERVICE_ACCOUNT = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

const whyNot = ({ serviceAccount, cluster, group }: GuardTyped, { clusters, identity }: Settings): string | undefined => {
  const names = clusters.map(({ name }) => String(name));
  if (cluster !== undefined && !names.includes(cluster)) return `--cluster ${JSON.stringify(cluster)} is not in clusters:; ${choice(cluster, names)}`;
  if (!SERVICE_ACCOUNT.test(serviceAccount)) return `--service-account ${JSON.stringify(serviceAccount)} is not one; write NAMESPACE/NAME, such as kdebug/kdebug-worker`;
  if (group === undefined && identity.mode === 'impersonate') return 'identity.mode is impersonate, so the API server sees each person and not the service account; write --group with a group that all of them are in';
  return undefined;
};

const heading = (cluster: string): readonly string[] => [
  `Made by \`kdebug config guard\` for the cluster ${cluster}: make it again whenever images, rules, environments or kdebug itself change.`,
  'Kubernetes 1.30 or newer. Whoever holds the worker\'s token can add nothing to a pod but what this kdebug.yaml could have asked for.',
  'It does not know who asked, who approved, or the command: those are kdebug\'s own to hold.',
];

/** 0 and the manifest; 1: kdebug.yaml or an option cannot be used, and why. */
export const configGuard = (typed: GuardTyped, write: (text: string) => void, env: Readonly<Record<string, string | undefined>> = process.env): 0 | 1 => {
  const loaded = loadSettings(settingsNamed(typed.file, env));
  const mistake = loaded.ok ? whyNot(typed, loaded.settings) : loaded.problems.map(printProblem).join('\n');
  const cluster = loaded.ok ? loaded.settings.clusters.find(({ name, isDefault }) => (typed.cluster === undefined ? isDefault : name === typed.cluster)) : undefined;
  if (!loaded.ok || mistake !== undefined || cluster === undefined) {
    write(`${mistake ?? 'kdebug.yaml has no default cluster; write --cluster'}\n`);
    return 1;
  }
  write(manifestOf(guardPolicies(loaded.settings, guardOptions({ ...typed, cluster })), heading(cluster.name)));
  return 0;
};
