/** `kdebug doctor` as it is typed, against a Slack, a Redis and a cluster of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORKER_RULES, WORKER_TOKEN } from '../../src/playground/local/rights.ts';
import { exampleConfiguration, startLocalWorld, type LocalWorld } from '../../src/playground/local/world.ts';

interface Told {
  readonly status: number | null;
  /** Without what was found to be in order. */
  readonly findings: readonly string[];
  readonly ok: readonly string[];
}

const lineOf = (line: string): string => line.replace(/ {2,}/g, ' | ');

describe('kdebug doctor', () => {
  let world: LocalWorld;
  beforeAll(async () => { world = await startLocalWorld({ pace: 'at once' }); });
  afterAll(() => world.close());

  const doctor = async (args: readonly string[] = [], changed: Readonly<Record<string, string>> = {}): Promise<Told> => {
    const child = spawn(process.execPath, ['src/kdebug.mjs', 'doctor', ...args], { env: { PATH: process.env['PATH'], ...world.env, ...changed }, stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const lines = printed.split('\n').filter((line) => line !== '');
    return { status: child.exitCode, findings: lines.filter((line) => !line.startsWith('ok ')).map(lineOf), ok: lines.filter((line) => line.startsWith('ok ')).map(lineOf) };
  };
  const configured = (name: string, change: (configuration: string) => string): Readonly<Record<string, string>> => {
    const file = join(world.stateDir, name);
    writeFileSync(file, change(exampleConfiguration()));
    return { KDEBUG_CONFIG: file };
  };
  const UNGUARDED = 'advice | cluster main | no admission policy in prod holds kdebug to its catalogue: apply what kdebug config guard prints.';
  const FORGETFUL = /^advice \| redis \| appendonly is off, .* kdebug\.yaml permits it: durability is none\.$/;

  it('says what is in order, and what could be better', async () => {
    const { status, findings, ok } = await doctor(['--namespace', 'prod']);
    expect(status).toBe(0);
    expect(findings).toEqual([expect.stringMatching(FORGETFUL), UNGUARDED]);
    expect(ok).toEqual([
      'ok | environment | complete for kdebug start.',
      expect.stringMatching(/^ok \| kdebug\.yaml \| .*kdebug\.yaml: 1 cluster, 5 rules, policy version [0-9a-f]{8}\.$/),
      expect.stringMatching(/^ok \| redis \| (?:redis|valkey) [0-9.]+ answers\.$/),
      'ok | slack | the bot token is U0KDEBUG of team T0ACME.', 'ok | slack | the app token opens Socket Mode.',
      'ok | slack | kdebug is in #audit (C0AUDIT) for audit.', 'ok | slack | kdebug is in #approvals (C0APPROVALS) for approvals.',
      'ok | slack | every user group that kdebug.yaml names has people in it (3).',
      'ok | cluster main | Kubernetes v1.36.2 answers.', 'ok | cluster main | kdebug may do in prod what it is for.',
    ]);
  });
  it('looks into the namespaces that the rules name when none is named', async () => {
    const { ok } = await doctor(['--role', 'start']);
    expect(ok.filter((line) => line.includes('what it is for'))).toEqual(['ok | cluster main | kdebug may do in prod what it is for.', 'ok | cluster main | kdebug may do in staging what it is for.']);
  });
  it('serve has no cluster, and a worker no Slack', async () => {
    const [serve, worker] = await Promise.all([doctor(['--role', 'serve']), doctor(['--role', 'worker', '--cluster', 'main', '--namespace', 'prod'], { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' })]);
    expect([serve.status, worker.status]).toEqual([0, 0]);
    expect(serve.ok.some((line) => line.includes('cluster main'))).toBe(false);
    expect(worker.ok.some((line) => line.includes('slack'))).toBe(false);
    expect(worker.ok).toContain('ok | cluster main | kdebug may do in prod what it is for.');
  });

  it('a guard that refuses a strange image is seen', async () => {
    const { control } = world.cluster;
    control.addAdmissionPolicy({ name: 'guard', matches: () => true, validations: [{ message: 'no such image', passes: ({ after }) => !JSON.stringify(after).includes('registry.invalid') }] });
    const { status, findings, ok } = await doctor(['--namespace', 'prod']);
    expect([status, findings.filter((line) => line.includes('cluster'))]).toEqual([0, []]);
    expect(ok).toContain('ok | cluster main | admission in prod refuses an image that is in no catalogue.');
    const patches = control.requests().filter(({ method }) => method === 'PATCH');
    expect(patches.length).toBeGreaterThan(0);
    expect(patches.every(({ query }) => query.get('dryRun') === 'All'), 'nothing is left in any pod').toBe(true);
  });
  it('a right that is missing is named, with what it is for', async () => {
    const { control } = world.cluster;
    control.addToken('poor-token', { user: 'poor' });
    control.grant({ users: ['poor'], rules: WORKER_RULES.filter(({ resources }) => !['pods/log', 'jobs'].includes(resources?.[0] ?? '')) });
    const file = join(world.stateDir, 'poor');
    writeFileSync(file, world.cluster.kubeconfig('poor-token'));
    const { status, findings } = await doctor(['--namespace', 'prod'], { ...configured('stoppable.yaml', (text) => text.replace('cancel: none', 'cancel: exec')), KUBECONFIG: file });
    const exec = '(a run cannot be stopped, though kdebug.yaml says cancel: exec)';
    expect([status, findings.filter((line) => line.startsWith('fail'))]).toEqual([1, [
      `fail | cluster main | kdebug may not do in prod: get pods/log (no output is read), get jobs.batch (job/NAME finds nothing), get pods/exec ${exec}, create pods/exec ${exec}; bind the Role of deploy/ there.`,
    ]]);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    ['a wrong bot token', { SLACK_BOT_TOKEN: 'xoxb-wrong' }, /^fail \| slack \| Slack does not say who the bot token is \(.*invalid_auth\): look at SLACK_BOT_TOKEN/],
    ['a wrong app token', { SLACK_APP_TOKEN: 'xapp-wrong' }, /^fail \| slack \| the app token opens no Socket Mode \(.*invalid_auth\): look at SLACK_APP_TOKEN/],
    ['no token at all', { SLACK_BOT_TOKEN: '' }, /^fail \| environment \| SLACK_BOT_TOKEN: is not set/],
    ['no Redis', { REDIS_URL: 'redis://127.0.0.1:1' }, /^fail \| redis \| nothing answers at REDIS_URL as Redis should: start it, or set REDIS_URL to where it is\.$/],
    ['no kubeconfig', { KUBECONFIG: '/nowhere' }, /^fail \| cluster main \| The kubeconfig \/nowhere cannot be read/],
    ['no configuration', { KDEBUG_CONFIG: '/nowhere.yaml' }, /^fail \| kdebug\.yaml \| \/nowhere\.yaml/],
    ['a login provider that is not there', { KDEBUG_OIDC_ISSUER: 'http://127.0.0.1:1', KDEBUG_OIDC_CLIENT_ID: 'kdebug', KDEBUG_OIDC_CLIENT_SECRET: 'secret' }, /^fail \| login \| http:\/\/127\.0\.0\.1:1 does not answer as a login provider/],
  ])('%s fails, with what to look at, and no secret', async (_name, changed, expected) => {
    const { status, findings } = await doctor(['--namespace', 'prod'], changed);
    expect(status).toBe(1);
    expect(findings.filter((line) => line.startsWith('fail'))).toEqual([expect.stringMatching(expected)]);
    expect(findings.join('\n')).not.toMatch(/xoxb-[a-z0-9]|xapp-[a-z0-9]|: secret/);
  });
  it('a channel that kdebug is not in, and a rule that wants a login that nobody offers', async () => {
    const { status, findings } = await doctor(['--role', 'serve'], configured('elsewhere.yaml', (text) => text.replace('audit: C0AUDIT', 'audit: C0NOWHERE').replace('    approvals: 1\n', '    approvals: 1\n    step_up: true\n')));
    expect(status).toBe(1);
    expect(findings.filter((line) => line.startsWith('fail'))).toEqual([expect.stringContaining('there is no channel C0NOWHERE, or kdebug is not in it, for audit'), expect.stringContaining('no login provider is configured, so these rules refuse everything')]);
  });
  it('a cluster that does not answer', async () => {
    const file = join(world.stateDir, 'away');
    writeFileSync(file, world.cluster.kubeconfig(WORKER_TOKEN).replaceAll(WORKER_TOKEN, 'unknown-token'));
    const { findings } = await doctor(['--namespace', 'prod'], { KUBECONFIG: file });
    expect(findings.filter((line) => line.startsWith('fail'))).toEqual([expect.stringMatching(/^fail \| cluster main \| it does not answer \(unauthorized/)]);
  });
  it.each([[['--role', 'king'], /^--role king: there is no such role/], [['--namespace', 'NO'], /^--namespace: this is no name/]] as const)('%j is answered with 2', async (args, said) => {
    const { status, findings } = await doctor(args);
    expect([status, findings]).toEqual([2, [expect.stringMatching(said)]]);
  });
  it('a cluster that kdebug.yaml does not have', async () => {
    const { status, findings } = await doctor(['--cluster', 'moon']);
    expect([status, findings.at(-1)]).toEqual([1, 'fail | cluster | --cluster moon: write one of kdebug.yaml: main.']);
  });
});
