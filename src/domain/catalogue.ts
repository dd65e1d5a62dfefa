import type { Overlay, Profile } from './container.ts';
import type { ContainerName, ImageName, ImageRef, PresetName } from './names.ts';

/** What people may name after `--image`; nothing else runs. */
export interface Image {
  readonly name: ImageName;
  /** Sent verbatim; kdebug asks no registry. */
  readonly ref: ImageRef;
  readonly isDefault: boolean;
  readonly description?: string;
  /** It has `sh` and `timeout`: deadline and timeout are enforced inside the container. */
  readonly shell: boolean;
  /** What `--profile auto` means for this image. */
  readonly profile?: Profile;
  readonly overlay?: Overlay;
}

export interface PresetParameter {
  readonly name: string;
  /** Anchored by the author; evaluated by a linear-time engine on a value of at most 253 characters. */
  readonly pattern: string;
  readonly description?: string;
}

/** A preset fixes everything but where: image, profile, target container, env and command. */
export interface Preset {
  readonly name: PresetName;
  readonly description?: string;
  readonly image: ImageName;
  readonly profile?: Profile;
  readonly target?: ContainerName | 'none';
  readonly env: readonly (readonly [string, string])[];
  /** `{name}` alone is one argv element, never split. */
  readonly command: readonly string[];
  readonly parameters: readonly PresetParameter[];
}

export interface Catalogue {
  readonly images: readonly Image[];
  readonly presets: readonly Preset[];
}
