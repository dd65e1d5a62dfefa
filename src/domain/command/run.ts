/** `[CLUSTER/]NAMESPACE TARGET [options] [-- COMMAND [ARG…]]`, from words. */

import { ARGV_BYTES_MAX } from '../limits.ts';
import { COMMAND_NAMES, type RunCommand, type Target } from './command.ts';
import { isNodeFirst, readHead, type Head } from './head.ts';
import { refuseNode } from './elsewhere.ts';
import { type Read, read, wrong } from './mistake.ts';
import { OPTIONS, runOptions } from './options.ts';
import { refuseOperators } from './shellwords.ts';
import type { Sides } from './sides.ts';
import { suggest } from './suggest.ts';
import { type Place, readPlace, readTarget, refuseCommandAsNamespace } from './target.ts';
import { tooMuchEnv } from './values.ts';
import type { Word } from './words.ts';

const readWhere = (head: Head, sides: Sides): Read<Place> => {
  const [first] = head.positionals;
  const at = sides.separator?.start ?? sides.end;
  if (first === undefined) return wrong('The namespace is missing: write NAMESPACE TARGET first.', at);
  if (isNodeFirst(head)) return refuseNode(first);
  const place = readPlace(first);
  if (!place.ok) return place;
  const option = head.flags.get('--cluster');
  const cluster = head.given.cluster ?? place.value.cluster;
  if (option !== undefined && place.value.cluster !== null && place.value.cluster !== cluster) {
    return wrong(`--cluster says ${cluster} and the first word ${place.value.cluster}: name one cluster.`, option.start);
  }
  const where = { namespace: place.value.namespace, cluster };
  const refused = refuseCommandAsNamespace(where, first);
  return refused.ok ? read(where) : refused;
};

const readWhat = (head: Head, sides: Sides): Read<Target> => {
  const [first, second] = head.positionals;
  const { selector } = head.given;
  if (selector !== undefined && second !== undefined) {
    return wrong('A TARGET and -l are given: use one of them.', head.flags.get('-l')?.start ?? second.start);
  }
  if (selector !== undefined) return read({ kind: 'selector', selector });
  if (second !== undefined) return readTarget(second);
  const meant = suggest(first?.value ?? '', COMMAND_NAMES);
  const missing = 'The target is missing: write a pod, deploy/NAME or -l app=NAME after the namespace';
  return wrong(meant === undefined ? `${missing}.` : `${missing}; or did you mean ${meant}?`, sides.separator?.start ?? sides.end, meant);
};

const checkPreset = (head: Head, sides: Sides): Read<undefined> => {
  const set = head.flags.get('--set');
  if (head.given.preset === undefined) {
    return set === undefined ? read(undefined) : wrong('--set gives a preset its parameters: add --preset NAME.', set.start, '--preset NAME');
  }
  const fixed = OPTIONS.find((option) => option.fixedByPreset === true && head.flags.has(option.flag));
  if (fixed !== undefined) {
    return wrong(`A preset fixes what ${fixed.flag} says: take ${fixed.flag} or --preset out.`, head.flags.get(fixed.flag)?.start ?? 0);
  }
  return sides.separator === undefined
    ? read(undefined)
    : wrong('A preset fixes the command: take --preset out, or everything from -- on.', sides.separator.start);
};

const checkBytes = (argv: readonly Word[]): Read<undefined> => {
  let bytes = 0;
  for (const word of argv) {
    bytes += Buffer.byteLength(word.value);
    if (bytes > ARGV_BYTES_MAX) return wrong(`A command has ${ARGV_BYTES_MAX} bytes at most: shorten it, or make it a preset.`, word.start);
  }
  return refuseOperators(argv);
};

const checkCommand = (head: Head, sides: Sides): Read<undefined> => {
  const preset = checkPreset(head, sides);
  if (!preset.ok || head.given.preset !== undefined) return preset;
  if (sides.separator === undefined) return wrong('The command is missing: add -- COMMAND, or --preset NAME.', sides.end, '-- COMMAND');
  if (sides.argv.length === 0) return wrong('Nothing follows --: write the command after it.', sides.end, 'COMMAND');
  const env = tooMuchEnv(head.given.env ?? []);
  return env === undefined ? checkBytes(sides.argv) : wrong(env, head.flags.get('--env')?.start ?? 0);
};

export const readRun = (sides: Sides): Read<RunCommand> => {
  const head = readHead(sides);
  if (!head.ok) return head;
  const where = readWhere(head.value, sides);
  if (!where.ok) return where;
  const target = readWhat(head.value, sides);
  if (!target.ok) return target;
  const command = checkCommand(head.value, sides);
  if (!command.ok) return command;
  const { cluster, namespace } = where.value;
  const argv = sides.argv.map((word) => word.value);
  return read({ kind: 'run', cluster, namespace, target: target.value, options: runOptions(head.value.given), argv });
};
