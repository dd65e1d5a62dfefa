#!/usr/bin/env node
/** The command line. Every subcommand loads its own code: `--help` and `parse` know neither Slack nor Kubernetes. */
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { fail } from './processes/fail.ts';

// beside the code, with the code's owner: what is compiled once starts in half the time (a read-only image goes without)
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/kdebug/compiled', import.meta.url)));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const write = (text: string): void => { process.stdout.write(text); };

const program = new Command('kdebug')
  .description('Approved one-shot debug commands in live Kubernetes pods, from Slack.')
  .version(version)
  .showSuggestionAfterError();

program.command('start').description('all in one process: Slack, decisions and a worker for each cluster')
  .action(async () => (await import('./processes/run.ts')).run({ role: 'start', version }));
program.command('serve').description('the half that talks to Slack and decides; it has no right in any cluster')
  .action(async () => (await import('./processes/run.ts')).run({ role: 'serve', version }));
program.command('worker').description('the half that runs commands in one cluster; it has no Slack token')
  .requiredOption('--cluster <name>', 'a cluster of kdebug.yaml')
  .action(async ({ cluster }: { cluster: string }) => (await import('./processes/run.ts')).run({ role: 'worker', cluster, version }));

program.command('parse').description('what kdebug understands of a command, as JSON; reads no configuration')
  .argument('<text>', 'as typed in Slack after /kdebug').allowUnknownOption()
  .action(async (text: string) => {
    const parsed = (await import('./domain/command/parse.ts')).parseCommand(text);
    write(`${JSON.stringify(parsed)}\n`);
    process.exitCode = parsed.ok ? 0 : 1;
  });

const config = program.command('config').description('kdebug.yaml: check it, describe it');
config.command('check').description('every mistake at once, with line and column').argument('[file]')
  .action(async (file: string | undefined) => { process.exitCode = (await import('./config/commands.ts')).configCheck(file, write); });
config.command('schema').description('JSON Schema of kdebug.yaml, for editors')
  .action(async () => { (await import('./config/commands.ts')).configSchema(write); });
config.command('guard').description('admission policies for the cluster: from kdebug only what this file can ask for')
  .argument('[file]').option('--cluster <name>', 'a cluster of kdebug.yaml; the default one when left out')
  .option('--service-account <namespace/name>', 'whom the worker is to the cluster', 'kdebug/kdebug-worker')
  .option('--group <name>', 'a group that everybody is in whom kdebug impersonates')
  .action(async (file: string | undefined, options: { cluster?: string; serviceAccount: string; group?: string }) => {
    process.exitCode = (await import('./policy/guard/command.ts')).configGuard({ file, ...options }, write);
  });

const several = (text: string, before: readonly string[] | undefined): readonly string[] => [...before ?? [], text];
const policy = program.command('policy').description('the rules: explain what they answer, test them, look for mistakes of thought');
policy.command('explain').description('every rule with why it matches or not, and the answer; asks kdebug.yaml only')
  .argument('<text>', 'as typed in Slack after /kdebug').argument('[file]').allowUnknownOption()
  .requiredOption('--as <user>', 'the id of who asks').requiredOption('--in <channel>', 'the id of the channel')
  .option('--groups <ids>', 'user groups that they are in, with commas or again', several)
  .option('--pod-labels <k=v,...>', 'labels of the pod; without it they are not known, as before the pod is')
  .option('--at <time>', 'when, such as 2026-11-25T10:00Z; now when left out')
  .action(async (text: string, file: string | undefined, options: { as: string; in: string; groups?: readonly string[]; podLabels?: string; at?: string }) => {
    process.exitCode = (await import('./policy/commands.ts')).policyExplain(text, { ...options, file, now: Date.now() }, write);
  });
policy.command('test').description('a table of texts with the answers expected').argument('<file>', 'the expectations').argument('[config]', 'kdebug.yaml')
  .action(async (file: string, settings: string | undefined) => { process.exitCode = (await import('./policy/commands.ts')).policyTest(file, settings, write); });
policy.command('lint').description('rules that are never reached, open to anybody, or never approved').argument('[file]').option('--strict', 'answer 1 to warnings too', false)
  .action(async (file: string | undefined, { strict }: { strict: boolean }) => { process.exitCode = (await import('./policy/commands.ts')).policyLint(file, { strict }, write); });

const auditPrint = async () => (await import('./processes/audit/reach.ts')).print;
const keys = program.command('keys').description('what workers are given instead of serve\'s keys');
keys.command('derive').description('a worker\'s KDEBUG_RECORD_KEY, good for one cluster').requiredOption('--cluster <name>', 'a cluster of kdebug.yaml')
  .action(async ({ cluster }: { cluster: string }) => { (await import('./processes/keys.ts')).deriveKey(cluster, write); });
keys.command('pubkey').description('KDEBUG_SIGNING_PUBKEY, of serve\'s KDEBUG_SIGNING_KEY')
  .action(async () => { (await import('./processes/keys.ts')).printPubkey(write); });

const audit = program.command('audit').description('the ledger: every event of every request');
audit.command('list').description('the latest entries, one JSON a line').option('--last <n>', 'how many', '50')
  .option('--request <id>', 'of this request').option('--user <id>', 'of what this person did').option('--since <time>', 'not older: 2026-07-01T14:00:00Z, or 90m, 2h, 7d ago')
  .action(async (options: { last: string; request?: string; user?: string; since?: string }) => { process.exitCode = await (await import('./processes/audit/read.ts')).auditList(options, await auditPrint()); });
audit.command('show').description('every event of one request').argument('<id>')
  .action(async (id: string) => { process.exitCode = await (await import('./processes/audit/read.ts')).auditShow(id, await auditPrint()); });
audit.command('watch').description('new entries as they come, one JSON a line, until interrupted')
  .action(async () => { process.exitCode = await (await import('./processes/audit/read.ts')).auditWatch(await auditPrint()); });
audit.command('export').description('all entries, one JSON a line').option('--format <name>', 'jsonl, or ocsf: API Activity (6003)', 'jsonl')
  .option('--since <time>', 'not older: a time, or how long ago').option('--out <file>', 'append to this file, from where it ends').option('--follow', 'keep the file up to date until interrupted')
  .action(async (options: { format: string; since?: string; out?: string; follow?: boolean }) => { process.exitCode = await (await import('./processes/audit/export.ts')).auditExport({ ...options, version }, await auditPrint()); });
audit.command('verify').description('finds every edit, drop, swap, duplicate and cut').option('--witness <hash>', 'a hash taken down outside, such as a checkpoint of the audit channel')
  .option('--segments <dir>', 'the folder of sealed segments; KDEBUG_STATE_DIR/ledger when left out').option('--pubkey <base64>', 'the public key of serve, again for an older one', several)
  .action(async (options: { witness?: string; segments?: string; pubkey?: readonly string[] }) => { process.exitCode = await (await import('./processes/audit/verify.ts')).auditVerify(options, await auditPrint()); });
audit.command('report').description('who let what run, and how fast: what kdebug also posts to the audit channel once a week')
  .option('--since <time>', 'a time, or how long ago', '7d').option('--json', 'as one JSON', false)
  .action(async (options: { since: string; json: boolean }) => { process.exitCode = await (await import('./processes/audit/report.ts')).auditReport(options, await auditPrint()); });
audit.command('seal').description('old entries to signed files now, as serve does once an hour')
  .action(async () => { process.exitCode = await (await import('./processes/audit/seal.ts')).auditSeal(await auditPrint()); });

program.command('doctor').description('looks at environment, kdebug.yaml, Redis, Slack and clusters, and changes nothing; 1 when something fails')
  .option('--role <name>', 'whose environment: start, serve or worker', 'start').option('--cluster <name>', 'this cluster alone')
  .option('--namespace <name>', 'what kdebug may do there; again for more, else those that the rules name', several)
  .action(async (options: { role: string; cluster?: string; namespace?: readonly string[] }) => { process.exitCode = await (await import('./processes/doctor/doctor.ts')).doctor({ ...options, version }, write); });

program.command('redact').description('reads standard input, prints what would be shown and what would be hidden')
  .action(async () => { process.exitCode = await (await import('./processes/redact.ts')).redact(write); });

await program.parseAsync().catch(fail);
