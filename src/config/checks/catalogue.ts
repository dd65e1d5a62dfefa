import { ARGV_BYTES_MAX, ENV_BYTES_MAX, ENV_COUNT_MAX } from '../../domain/limits.ts';
import { choice } from '../nearest.ts';
import { quoted } from '../problem.ts';
import type { Mistake } from '../problem.ts';
import { at, entriesAt, keysAt, textAt, textsAt } from './draft.ts';

const defaultMistakes = (file: unknown): readonly Mistake[] => {
  const defaults = entriesAt(file, 'images').filter(([, image]) => at(image, 'default') === true).map(([name]) => name);
  return defaults.slice(1).map((name) => ({ path: ['images', name, 'default'], message: `is a second default beside ${defaults[0] ?? ''}; keep one` }));
};

const PLACEHOLDER = /^\{([A-Za-z][A-Za-z0-9_-]*)\}$/;

const placeholderMistake = (index: number, argument: string, parameters: readonly string[]): string | undefined => {
  const name = PLACEHOLDER.exec(argument)?.[1];
  if (name === undefined) {
    const inside = parameters.find((parameter) => argument.includes(`{${parameter}}`));
    return inside && `${quoted(argument)} holds {${inside}} inside other text; write "{${inside}}" as an argument of its own`;
  }
  if (index === 0) return `{${name}} would let people choose the program; write the program here`;
  return parameters.includes(name) ? undefined : `{${name}} has no parameter; write parameters: { ${name}: { pattern: "^…$" } }`;
};

const parameterMistakes = (name: string, preset: unknown): readonly Mistake[] => {
  const parameters = keysAt(preset, 'parameters') ?? [];
  const command = textsAt(preset, 'command');
  const used = new Set(command.map(([, argument]) => PLACEHOLDER.exec(argument)?.[1]));
  const unused = parameters
    .filter((parameter) => !used.has(parameter))
    .map((parameter) => ({ path: ['presets', name, 'parameters', parameter], onKey: true, message: `is not used; write "{${parameter}}" in command:, or take it out` }));
  const wrong = command.flatMap(([index, argument]) => {
    const message = placeholderMistake(index, argument, parameters);
    return message === undefined ? [] : [{ path: ['presets', name, 'command', index], message }];
  });
  return [...unused, ...wrong];
};

const bytes = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);

const sizeMistakes = (name: string, preset: unknown): readonly Mistake[] => {
  const env = entriesAt(preset, 'env');
  const envBytes = bytes(env.map(([key, value]) => `${key}=${typeof value === 'string' ? value : ''}`));
  const found: Mistake[] = [];
  if (bytes(textsAt(preset, 'command').map(([, text]) => text)) > ARGV_BYTES_MAX) {
    found.push({ path: ['presets', name, 'command'], onKey: true, message: `is longer than ${ARGV_BYTES_MAX} bytes; write a shorter command` });
  }
  if (env.length > ENV_COUNT_MAX || envBytes > ENV_BYTES_MAX) {
    found.push({ path: ['presets', name, 'env'], onKey: true, message: `is too large; write at most ${ENV_COUNT_MAX} variables and ${ENV_BYTES_MAX} bytes` });
  }
  return found;
};

const imageMistakes = (name: string, preset: unknown, images: readonly string[] | undefined): readonly Mistake[] => {
  const image = textAt(preset, 'image');
  if (image === undefined || images === undefined || images.includes(image)) return [];
  return [{ path: ['presets', name, 'image'], message: `${quoted(image)} is not in images:; ${choice(image, images)}` }];
};

/** One default image at most, presets of known images, and parameters that are used and declared. */
export const catalogueMistakes = (file: unknown): readonly Mistake[] => {
  const images = keysAt(file, 'images');
  const presets = entriesAt(file, 'presets').flatMap(([name, preset]) => [
    ...imageMistakes(name, preset, images),
    ...parameterMistakes(name, preset),
    ...sizeMistakes(name, preset),
  ]);
  return [...defaultMistakes(file), ...presets];
};
