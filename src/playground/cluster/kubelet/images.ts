/** The node's images: which are there, how long a pull takes, and their furnished roots (each built once, when first needed). */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fullImageName } from './image-name.ts';
import { imageLookup, type Image, type ImageTable } from './image-table.ts';
import { buildRootfs, type Rootfs } from './rootfs.ts';

export interface PulledImage {
  readonly image: Image;
  readonly name: string;
  readonly id: string;
  readonly rootfs: Rootfs;
}

export type Pull = { readonly ok: true; readonly pulled: PulledImage } | { readonly ok: false; readonly message: string };

export interface ImageStore {
  readonly pull: (reference: string, signal: AbortSignal) => Promise<Pull>;
  readonly has: (reference: string) => boolean;
  /** The root of an image that is in no table: the idle app's. */
  readonly private: (key: string, image: Image) => Promise<PulledImage>;
  readonly hide: (reference: string) => void;
  readonly show: (reference: string) => void;
  readonly slow: (reference: string, ms: number) => void;
  readonly close: () => Promise<void>;
}

export const PULL_MS_MAX = 600_000;

export interface ImageStoreOptions {
  readonly table: ImageTable;
  readonly directory: string;
  readonly isolated: boolean;
  readonly searchDirectories: readonly string[];
}

const fullName = (reference: string): string => {
  const full = fullImageName(reference);
  return full.ok ? full.name : reference;
};
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const notFound = (reference: string): Pull => ({
  ok: false,
  message: `rpc error: code = NotFound desc = failed to pull and unpack image "${reference}": failed to resolve image: ${reference}: not found`,
});

export const createImageStore = (options: ImageStoreOptions): ImageStore => {
  const find = imageLookup(options.table);
  const hidden = new Set<string>();
  const slowMs = new Map<string, number>();
  const roots = new Map<string, Promise<Rootfs>>();
  const rootOf = (key: string, image: Image): Promise<Rootfs> => {
    const known = roots.get(key);
    if (known !== undefined) return known;
    const place = { root: `${options.directory}/${digestOf(key).slice(0, 16)}`, isolated: options.isolated, searchDirectories: options.searchDirectories };
    const built = buildRootfs(image, place);
    roots.set(key, built);
    return built;
  };
  const furnish = async (key: string, image: Image): Promise<PulledImage> => ({
    image,
    name: key,
    id: `${key.replace(/[:@][^/]*$/, '')}@sha256:${digestOf(key)}`,
    rootfs: await rootOf(key, image),
  });
  const has = (reference: string): boolean => find(reference) !== undefined && !hidden.has(fullName(reference));
  const pull = async (reference: string, signal: AbortSignal): Promise<Pull> => {
    const waitMs = Math.min(slowMs.get(fullName(reference)) ?? 0, PULL_MS_MAX);
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    const image = find(reference);
    if (image === undefined || !has(reference)) return notFound(reference);
    const pulled = await furnish(fullName(reference), image);
    const lacks = image.shell === 'busybox' && pulled.rootfs.missing.includes('busybox');
    const why = `image "${reference}" needs busybox, which this machine does not have: install busybox-static or name its directory`;
    return lacks ? { ok: false, message: why } : { ok: true, pulled };
  };
  return {
    pull,
    has,
    private: furnish,
    hide: (reference) => hidden.add(fullName(reference)),
    show: (reference) => hidden.delete(fullName(reference)),
    slow: (reference, ms) => slowMs.set(fullName(reference), ms),
    close: async () => {
      for (const root of roots.values()) (await root.catch(() => undefined))?.release();
    },
  };
};
