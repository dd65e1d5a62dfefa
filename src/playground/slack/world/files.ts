import { createBoundedMap } from '../bounded.ts';
import { FILES_BYTES_MAX, FILES_MAX } from '../limits.ts';
import type { StoredFile } from './model.ts';

/** Uploaded files; beyond FILES_BYTES_MAX in all, the oldest lose their bytes; beyond FILES_MAX, they are forgotten. */
export interface Files {
  readonly get: (id: string) => StoredFile | undefined;
  readonly list: () => readonly StoredFile[];
  readonly put: (file: StoredFile) => StoredFile;
}

export const createFiles = (bytesMax = FILES_BYTES_MAX): Files => {
  let bytesKept = 0;
  const files = createBoundedMap<string, StoredFile>(FILES_MAX, (old) => {
    bytesKept -= old.bytes.length;
  });

  const emptyOldest = (): void => {
    for (const file of files.values()) {
      if (bytesKept <= bytesMax) return;
      bytesKept -= file.bytes.length;
      if (file.bytes.length > 0) files.set(file.id, { ...file, bytes: Buffer.alloc(0) });
    }
  };

  return {
    get: files.get,
    list: () => [...files.values()],
    put: (file) => {
      bytesKept += file.bytes.length - (files.get(file.id)?.bytes.length ?? 0);
      files.set(file.id, file);
      emptyOldest();
      return file;
    },
  };
};
