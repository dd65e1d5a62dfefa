/** How the value of each option is read. Whether a name exists, and whether it may be used, the rules say later. */

import {
  ENV_BYTES_MAX, ENV_COUNT_MAX, REASON_CHARS_MAX, REPLICAS_MAX, TIMEOUT_MAX_MS, TIMEOUT_MIN_MS,
} from '../limits.ts';
import {
  type ContainerName, type ImageName, type PresetName, parseContainerName, parseImageName, parsePresetName,
} from '../names.ts';
import { PROFILES, type Pair, type ProfileName, isOneOf } from './command.ts';
import { boundedDuration } from './duration.ts';
import { type Read, read, shown, wrong } from './mistake.ts';
import { type NameKind, readName } from './names-typed.ts';
import { suggest } from './suggest.ts';
import { type Piece, offsetIn } from './words.ts';

const CATALOGUE = { allowed: /^[a-z0-9._-]$/, rule: 'a-z, 0-9, ., _ and -' };
const IMAGE: NameKind<ImageName> = { what: 'an image name of the catalogue', parse: parseImageName, ...CATALOGUE };
const PRESET: NameKind<PresetName> = { what: 'a preset name', parse: parsePresetName, ...CATALOGUE };
const CONTAINER: NameKind<ContainerName> = {
  what: 'a container name', parse: parseContainerName, allowed: /^[a-z0-9-]$/, rule: 'a-z, 0-9 and -',
};

const ENV_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;
/** Names that change how kdebug's wrapper, a shell or the loader behaves. */
const ENV_REFUSED = /^(?:KDEBUG_.*|PATH|LD_.*|ENV|BASH_ENV|IFS|SHELLOPTS|PS4)$/;
const SET_NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/** A name of the catalogue, never a reference and never what Slack made a link of: the link's address is not what is read. */
export const readImage = (piece: Piece): Read<ImageName> =>
  piece.link
    ? wrong('--image takes a name of the catalogue, not a link: type the short name that images lists.', piece.start)
    : readName(IMAGE, piece);

export const readPreset = (piece: Piece): Read<PresetName> => readName(PRESET, piece);

export const readContainer = (piece: Piece): Read<ContainerName | 'none'> => readName(CONTAINER, piece);

export const readProfile = (piece: Piece): Read<ProfileName> =>
  isOneOf(PROFILES, piece.text)
    ? read(piece.text)
    : wrong(`${shown(piece.text)} is not a profile; there are ${PROFILES.join(', ')}.`, piece.start, suggest(piece.text, PROFILES));

export const readTimeout = (piece: Piece): Read<number> => {
  const timeout = boundedDuration('--timeout', piece.text, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS);
  return timeout.ok ? read(timeout.value) : wrong(timeout.message, piece.start, timeout.hint);
};

export const readReplicas = (piece: Piece): Read<'all' | number> => {
  if (piece.text === 'all') return read('all');
  const count = /^[1-9]\d{0,5}$/.test(piece.text) ? Number(piece.text) : 0;
  return count >= 1 && count <= REPLICAS_MAX
    ? read(count)
    : wrong(`--replicas takes all, or a number from 1 to ${REPLICAS_MAX}.`, piece.start, 'all');
};

/** One line: it is shown on the card and kept. */
export const readReason = (piece: Piece): Read<string> => {
  if (piece.text.trim() === '') return wrong('The reason is empty: say why in a few words.', piece.start);
  return piece.text.length <= REASON_CHARS_MAX
    ? read(piece.text)
    : wrong(`The reason has ${piece.text.length} characters; ${REASON_CHARS_MAX} is the most.`, offsetIn(piece, REASON_CHARS_MAX));
};

const readPair = (flag: string, piece: Piece): Read<Pair> => {
  const equals = piece.text.indexOf('=');
  return equals === -1
    ? wrong(`${flag} takes NAME=VALUE: there is no = here.`, piece.start)
    : read([piece.text.slice(0, equals), piece.text.slice(equals + 1)]);
};

export const readEnv = (piece: Piece): Read<Pair> => {
  const pair = readPair('--env', piece);
  if (!pair.ok) return pair;
  const [name] = pair.value;
  if (!ENV_NAME.test(name)) {
    return wrong(`${shown(name)} cannot be set by --env: a name begins with A-Z, then A-Z, 0-9 and _, at most 64.`, piece.start);
  }
  return ENV_REFUSED.test(name)
    ? wrong(`${shown(name)} cannot be set by --env: it would change how the command itself is run.`, piece.start)
    : pair;
};

export const readSet = (piece: Piece): Read<Pair> => {
  const pair = readPair('--set', piece);
  if (!pair.ok) return pair;
  const [name, value] = pair.value;
  if (!SET_NAME.test(name)) {
    return wrong(`${shown(name)} is not a parameter name: it begins with a-z, then a-z, 0-9, _ and -, at most 64.`, piece.start);
  }
  return value.startsWith('-')
    ? wrong('A parameter of a preset never begins with -, so that it cannot become an option.', offsetIn(piece, name.length + 1))
    : pair;
};

const bytesOf = (pairs: readonly Pair[]): number =>
  pairs.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);

/** The sentence when the environment as a whole is too much. */
export const tooMuchEnv = (pairs: readonly Pair[]): string | undefined => {
  if (pairs.length > ENV_COUNT_MAX) return `--env can be given ${ENV_COUNT_MAX} times at most.`;
  return bytesOf(pairs) > ENV_BYTES_MAX ? `The values of --env have more than ${ENV_BYTES_MAX} bytes together.` : undefined;
};
