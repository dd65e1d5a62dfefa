/** `kdebug doctor`: whether this machine, with this environment and this kdebug.yaml, could do what it is for. It changes nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { loadSettings } from '../../config/commands.ts';
import { readEnvironment, settingsFile, type ProcessEnvironment, type Requirements } from '../../config/environment.ts';
import { printProblem } from '../../config/problem.ts';
import { printVariableProblem } from '../../config/read-variable.ts';
import type { Settings } from '../../config/settings.ts';
import { parseNamespace, type ClusterName, type Namespace } from '../../domain/names.ts';
import { about, printFinding, type Finding } from '../../ops/findings.ts';
import { warningsOf } from '../../policy/lint.ts';
import { counted } from '../../policy/words.ts';
import { checkCluster } from './cluster.ts';
import { checkLogin } from './login.ts';
import { checkRedis } from './redis.ts';
import { checkSlack } from './slack.ts';

type Write = (text: string) => void;

export interface DoctorTyped {
  readonly role: string;
  readonly cluster?: string | undefined;
  readonly namespace?: readonly string[] | undefined;
  readonly version: string;
}

const ROLES = ['start', 'serve', 'worker'] as const satisfies readonly Requirements[];

/** One line a finding; 0: nothing fails, 1: something does, 2: an option cannot be read. */
export const doctor = async (typed: DoctorTyped, write: Write): Promise<0 | 1 | 2> => {
  const role = ROLES.find((known) => known === typed.role);
  const namespaces = (typed.namespace ?? []).map(parseNamespace);
  if (role === undefined) return misused(write, `--role ${typed.role}: there is no such role; write one of: ${ROLES.join(', ')}`);
  if (namespaces.includes(undefined)) return misused(write, '--namespace: this is no name of a namespace; write one such as prod');
  let hasFailed = false;
  for await (const finding of findings(role, typed, namespaces.filter((one) => one !== undefined))) {
    hasFailed ||= finding.verdict === 'fail';
    write(printFinding(finding));
  }
  return hasFailed ? 1 : 0;
};

const misused = (write: Write, sentence: string): 2 => {
  write(`${sentence}\n`);
  return 2;
};

/** In the order in which they are found: a cluster that does not answer must not keep the rest waiting. */
async function* findings(role: Requirements, { cluster, version }: DoctorTyped, namespaces: readonly Namespace[]): AsyncGenerator<Finding> {
  const read = readEnvironment(process.env, (path) => readFileSync(path, 'utf8'), role);
  const file = settingsFile(process.env['KDEBUG_CONFIG'], existsSync);
  const loaded = loadSettings(file);
  yield* read.ok ? environmentFindings(read.environment) : read.problems.map((problem) => about('environment').fail(printVariableProblem(problem)));
  yield* loaded.ok ? settingsFindings(file, loaded.settings) : loaded.problems.map((problem) => about('kdebug.yaml').fail(printProblem(problem)));
  if (!read.ok || !loaded.ok) return;
  const { environment } = read;
  const { settings } = loaded;
  yield* await checkRedis(environment, settings.redis.durability);
  if (environment.role !== 'worker') {
    yield* await checkSlack(environment.slack, settings);
    yield* await checkLogin(environment, settings);
  }
  if (role === 'serve') return;
  const names = clustersOf(settings, role, cluster);
  if (names.length === 0) yield about('cluster').fail(`--cluster ${cluster ?? ''}: write one of kdebug.yaml: ${settings.clusters.map(({ name }) => name).join(', ')}.`);
  for (const name of names) yield* await checkCluster({ name, version, kubeconfig: environment.kubeconfig }, settings, namespaces);
}

const environmentFindings = ({ warnings, role }: ProcessEnvironment): readonly Finding[] =>
  [about('environment').ok(`complete for kdebug ${role}.`), ...warnings.map((warning) => about('environment').advice(`${warning}.`))];

const settingsFindings = (file: string, settings: Settings): readonly Finding[] => {
  const { clusters, policy } = settings;
  const doubts = warningsOf(settings).length;
  return [
    about('kdebug.yaml').ok(`${file}: ${counted(clusters.length, 'cluster')}, ${counted(policy.rules.length, 'rule')}, policy version ${policy.version.slice(0, 8)}.`),
    ...(doubts > 0 ? [about('kdebug.yaml').advice(`${counted(doubts, 'rule does', 'rules do')} hardly what was meant: run kdebug policy lint.`)] : []),
  ];
};

/** A worker serves one cluster, `start` all of them; one that is named is looked at alone. */
const clustersOf = ({ clusters }: Settings, role: Requirements, cluster: string | undefined): readonly ClusterName[] => {
  const names = clusters.map(({ name }) => name);
  return cluster === undefined && role === 'start' ? names : names.filter((name) => name === cluster);
};
