import { FILES_BYTES_MAX } from '../limits.ts';
import type { StoredFile } from './model.ts';

/** Uploaded files; beyond FILES_BYTES_MAX in all, the oldest lose their bytes and keep their names. */
export interface Files {
  readonly get: (id: string) => StoredFile | undefined;
  readonly list: () => readonly StoredFile[];
  readonly put: (file: StoredFile) => StoredFile;
}

export const createFiles = (): Files => {
  const files = new Map<string, StoredFile>();
  let bytesKept = 0;

  const forgetOldest = (): void => {
    for (const [id, file] of files) {
      if (bytesKept <= FILES_BYTES_MAX) return;
      bytesKept -= file.bytes.length;
      if (file.bytes.length > 0) files.set(id, { ...file, bytes: Buffer.alloc(0) });
    }
  };

  return {
    get: (id) => files.get(id),
    list: () => [...files.values()],
    put: (file) => {
      bytesKept += file.bytes.length - (files.get(file.id)?.bytes.length ?? 0);
      files.set(file.id, file);
      forgetOldest();
      return file;
    },
  };
};
