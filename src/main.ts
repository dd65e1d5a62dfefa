#!/usr/bin/env node
/** The command line. Every subcommand loads its own code: `--help` and `parse` know neither Slack nor Kubernetes. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { fail } from './processes/fail.ts';

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
  .argument('<text>', 'as typed in Slack after /kdebug')
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

const audit = program.command('audit').description('the ledger: every event of every request');
audit.command('list').description('the latest entries, one JSON a line').option('--last <n>', 'how many', '50')
  .action(async ({ last }: { last: string }) => { process.exitCode = await (await import('./processes/audit.ts')).auditList(Number(last), write); });
audit.command('show').description('every event of one request').argument('<id>')
  .action(async (id: string) => { process.exitCode = await (await import('./processes/audit.ts')).auditShow(id, write); });
audit.command('verify').description('finds every edit, drop, swap, duplicate and cut').option('--witness <hash>', 'a hash taken down outside')
  .action(async ({ witness }: { witness?: string }) => { process.exitCode = await (await import('./processes/audit.ts')).auditVerify(witness, write); });

program.command('redact').description('reads standard input, prints what would be shown and what would be hidden')
  .action(async () => { process.exitCode = await (await import('./processes/redact.ts')).redact(write); });

await program.parseAsync().catch(fail);
