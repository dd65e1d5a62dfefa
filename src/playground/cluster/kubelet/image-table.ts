/** The images of the simulated node: which programs each one has. Only those start in its containers. */
import { fullImageName } from './image-name.ts';

export interface Program {
  readonly name: string;
  /** Where the program is on this machine; without it the search directories and PATH are asked by `name`. */
  readonly path?: string;
}

export interface BuiltinAnswer {
  readonly exitCode: number;
  readonly output: string;
  readonly afterMs?: number;
}

export interface Image {
  readonly programs: readonly Program[];
  /** `busybox`: every applet of the machine's busybox as well. */
  readonly shell: 'gnu' | 'busybox' | 'none';
  /** What the image's USER says: 0 (root) unless given; a text is a user name the kubelet cannot verify. */
  readonly user?: number | string;
  /** What runs when a container names no command. */
  readonly entrypoint?: readonly string[];
  /** For benches only: an answer without any process. `undefined` starts the real program. */
  readonly builtin?: (argv: readonly string[], env: Readonly<Record<string, string>>) => BuiltinAnswer | undefined;
}

export type ImageTable = Readonly<Record<string, Image>>;

const named = (names: string): readonly Program[] => names.split(' ').map((name) => ({ name }));

export const COREUTILS = named(
  'sh timeout cat ls date sleep echo env true false head tail grep dd yes seq id hostname printf kill tr wc sort uniq cut tee sed ' +
    'stat uname whoami pwd mkdir touch rm mv cp ln basename dirname test nice xargs md5sum sha256sum base64 readlink df du find',
);

export const DEFAULT_IMAGES: ImageTable = {
  'nicolaka/netshoot:v0.13': { programs: [...COREUTILS, ...named('bash ss ip ps free pgrep')], shell: 'gnu' },
  'busybox:1.36': { programs: [], shell: 'busybox' },
};

/** Finds an image however its reference is spelled: `busybox:1.36` and `docker.io/library/busybox:1.36` are one. */
export const imageLookup = (table: ImageTable): ((reference: string) => Image | undefined) => {
  const images = new Map<string, Image>();
  for (const [reference, image] of Object.entries(table)) {
    const full = fullImageName(reference);
    if (!full.ok) throw new Error(`the image table holds "${reference}", which is no image reference: ${full.message}`);
    images.set(full.name, image);
  }
  return (reference) => {
    const full = fullImageName(reference);
    return full.ok ? images.get(full.name) : undefined;
  };
};
