import type { Catalogue, Image, Preset } from './catalogue.ts';
import type { RunCommand } from './command/command.ts';
import type { Profile } from './container.ts';
import type { ContainerName, PresetName } from './names.ts';
import type { Failure } from './outcome.ts';

/** What will be run, as far as command and catalogue say; where is for the cluster to answer. */
export interface Resolved {
  readonly image: Image;
  readonly preset: PresetName | null;
  /** In the order to try: one, or for `auto` the image's own and what is lower. */
  readonly profiles: readonly Profile[];
  /** The container asked for; undefined: the pod's default. */
  readonly target: ContainerName | 'none' | undefined;
  readonly argv: readonly string[];
  readonly env: readonly (readonly [string, string])[];
}

/** Where `auto` goes when Pod Security refuses: never up, and never through the privileged ones. */
const LADDER: readonly Profile[] = ['general', 'baseline', 'restricted'];

export const resolve = (command: RunCommand, catalogue: Catalogue): { readonly ok: true; readonly resolved: Resolved } | { readonly ok: false; readonly failure: Failure } => {
  if (command.options.preset !== undefined) return resolvePreset(command, command.options.preset, catalogue);
  const image = imageNamed(command.options.image, catalogue);
  if (!image) return { ok: false, failure: { code: 'image_unknown', image: command.options.image ?? '', images: catalogue.images.map((one) => one.name) } };
  const { profile = 'auto', target, env = [] } = command.options;
  const profiles = profile === 'auto' ? ladderFrom(image.profile ?? 'restricted') : [profile];
  return { ok: true, resolved: { image, preset: null, profiles, target, argv: command.argv, env } };
};

/** Without `--image` the one marked as default, else the only one. */
const imageNamed = (name: string | undefined, { images }: Catalogue): Image | undefined =>
  name === undefined ? images.find((image) => image.isDefault) ?? (images.length === 1 ? images[0] : undefined) : images.find((image) => image.name === name);

const ladderFrom = (own: Profile): readonly Profile[] => (LADDER.includes(own) ? LADDER.slice(LADDER.indexOf(own)) : [own, ...LADDER]);

const resolvePreset = (command: RunCommand, name: string, catalogue: Catalogue): ReturnType<typeof resolve> => {
  const preset = catalogue.presets.find((one) => one.name === name);
  if (!preset) return { ok: false, failure: { code: 'preset_unknown', preset: name, presets: catalogue.presets.map((one) => one.name) } };
  const image = imageNamed(preset.image, catalogue);
  if (!image) return { ok: false, failure: { code: 'image_unknown', image: preset.image, images: catalogue.images.map((one) => one.name) } };
  const filled = fill(preset, new Map(command.options.set ?? []));
  if (!filled.ok) return { ok: false, failure: { code: 'parameter', preset: name, detail: filled.detail } };
  const profiles = preset.profile ? [preset.profile] : ladderFrom(image.profile ?? 'restricted');
  return { ok: true, resolved: { image, preset: preset.name, profiles, target: preset.target, argv: filled.argv, env: preset.env } };
};

const PARAMETER = /^\{([a-z][a-z0-9_-]{0,63})\}$/;
const VALUE_CHARS_MAX = 253;

/** `{name}` alone is one argv element; a value matches its pattern from end to end and never begins with `-`. */
const fill = (preset: Preset, values: ReadonlyMap<string, string>): { readonly ok: true; readonly argv: readonly string[] } | { readonly ok: false; readonly detail: string } => {
  const unknown = [...values.keys()].find((name) => !preset.parameters.some((parameter) => parameter.name === name));
  if (unknown !== undefined) return { ok: false, detail: `it has no parameter ${unknown}` };
  for (const { name, pattern } of preset.parameters) {
    const value = values.get(name);
    if (value === undefined) return { ok: false, detail: `it needs --set ${name}=…` };
    if (value.length > VALUE_CHARS_MAX || value.startsWith('-') || !new RegExp(`^(?:${pattern})$`, 'u').test(value)) {
      return { ok: false, detail: `the value of ${name} must match ${pattern}` };
    }
  }
  return { ok: true, argv: preset.command.map((part) => values.get(PARAMETER.exec(part)?.[1] ?? '') ?? part) };
};
