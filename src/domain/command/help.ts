/** Help, derived from the table of options and the lists of names. Plain lines; Slack and the terminal dress them. */

import { COMMAND_NAMES, type CommandName, HELP_TOPICS, type HelpTopic, PROFILES } from './command.ts';
import { OPTIONS, optionUsage } from './options.ts';

const GRAMMAR = '[CLUSTER/]NAMESPACE TARGET [options] [-- COMMAND [ARG…]]';

const table = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
};

const COMMAND_USAGE: Readonly<Record<(typeof COMMAND_NAMES)[number], readonly [string, string]>> = {
  help: [`help [${HELP_TOPICS.join('|')}]`, 'this, or more on one of these'],
  status: ['status [ID]', 'how a request stands, or all of yours'],
  cancel: ['cancel ID', 'stop a request of yours before it starts, or while it runs where the cluster lets us'],
  rerun: ['rerun ID', 'the same again, as a new request in your name'],
  history: ['history', 'what was run lately'],
  pending: ['pending', 'what waits for approval'],
  presets: ['presets', 'the prepared commands'],
  images: ['images', 'the images that --image can name'],
  whoami: ['whoami', 'who you are to kdebug, and what the rules let you do'],
  timeline: ['timeline', "this channel's requests in order"],
  allow: ['allow @PERSON NAMESPACE TIME SCOPE…', 'approve beforehand; a scope is preset:NAME or image:NAME; also allow list, allow revoke ID'],
  freeze: ['freeze [REASON]', 'start nothing from now on'],
  unfreeze: ['unfreeze [REASON]', 'end the freeze'],
};

/** Commands of those who may approve; others need not read of them. */
export const DECIDERS_COMMANDS: readonly CommandName[] = ['allow', 'freeze', 'unfreeze'];

const commandRows = (names: readonly CommandName[], hidden: readonly CommandName[]): readonly (readonly [string, string])[] =>
  names.filter((name) => !hidden.includes(name)).map((name) => COMMAND_USAGE[name]);

/** The grammar, the options and the other commands but the hidden ones. */
export const usage = (hidden: readonly CommandName[] = []): readonly string[] => [
  GRAMMAR,
  ...table([
    ...OPTIONS.map((option): [string, string] => [optionUsage(option), option.help]),
    ...commandRows(COMMAND_NAMES, hidden),
  ]),
];

const fixed = OPTIONS.filter((option) => option.fixedByPreset === true).map((option) => option.flag);
const repeatable = OPTIONS.filter((option) => option.takes === 'value' && option.repeatable === true).map((option) => option.flag);

const TOPICS: Readonly<Record<HelpTopic, (hidden: readonly CommandName[]) => readonly string[]>> = {
  run: () => [
    GRAMMAR,
    'prod api-7f9 --image netshoot -- ss -tlnp',
    'What stands after -- runs as it is typed, word by word, without a shell: $HOME, * and backticks are plain text.',
    "For pipes and redirections run a shell: -- sh -c 'ss -tn | wc -l'",
    "Slack's dashes, curly quotes and links are read as what you typed, and every change is shown.",
  ],
  targets: () => table([
    ['api-7f9', 'the pod of that name, or the only one whose name begins so'],
    ['deploy/api sts/db ds/agent', 'a pod of that workload'],
    ['job/x rs/x svc/api', 'a pod of that job, replica set or service'],
    ['-l app=api,tier!=web', 'a pod with these labels'],
    ['main/prod api-7f9', 'the same in the cluster main'],
  ]),
  options: () => [
    ...table(OPTIONS.map((option): [string, string] => [optionUsage(option), option.help])),
    `Each at most once, but ${repeatable.join(' and ')}.`,
    `Profiles: ${PROFILES.join(', ')}.`,
  ],
  presets: () => [
    'prod api-7f9 --preset dns --set name=example.org',
    `A preset fixes the command and what ${fixed.join(', ')} would say; presets lists them.`,
  ],
  approvals: (hidden) => [
    'The rules decide whether somebody must approve; only another person can, on exactly what the card shows.',
    ...table(commandRows(['pending', 'allow', 'cancel'], hidden)),
    ...table(OPTIONS.filter((option) => ['--reason', '--break-glass'].includes(option.flag)).map((option): [string, string] => [optionUsage(option), option.help])),
  ],
};

/** Help on one topic; without one, the usage. `hidden`: commands that this person has no use for. */
export const helpText = (topic?: HelpTopic, hidden: readonly CommandName[] = []): readonly string[] => (topic === undefined ? usage(hidden) : TOPICS[topic](hidden));
