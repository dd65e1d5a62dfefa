import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A holder ends its work within a minute; a lock of another machine or of a reused pid that is older is nobody's. */
const LOCK_AGE_MS_MAX = 120_000;

export interface Lock {
  /** False when somebody took the lock for dead, as after a long stop of this process. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const holderOf = async (file: string): Promise<Holder | undefined> =>
  readFile(file, 'utf8').then((text) => JSON.parse(text) as Holder, () => undefined);

const isDead = async (file: string, holder: Holder): Promise<boolean> => {
  const ageMs = await stat(file).then((found) => Date.now() - found.mtimeMs, () => 0);
  return ageMs > LOCK_AGE_MS_MAX || (holder.host === hostname() && !isAlive(holder.pid));
};

/**
 * Takes a dead holder's lock away. Between two processes that both saw it dead, the second would remove the first one's
 * fresh lock; so the right to remove this one holder's lock is itself taken once only, by a file named after it.
 */
const removeDead = async (file: string): Promise<void> => {
  const holder = await holderOf(file);
  if (holder === undefined || !(await isDead(file, holder))) return;
  const right = `${file}.${holder.id}.dead`;
  const handle = await open(right, 'wx').catch(() => undefined);
  if (handle === undefined) return;
  await handle.close();
  if ((await holderOf(file))?.id === holder.id) await rm(file, { force: true });
  await rm(right, { force: true });
};

/** The lock, or undefined while another process holds it. A holder that died by kill -9 leaves it to the next. */
export const tryLock = async (folder: string): Promise<Lock | undefined> => {
  const file = join(folder, 'lock');
  const holder: Holder = { id: randomUUID(), pid: process.pid, host: hostname() };
  const own = `${file}.${holder.id}`;
  await removeDead(file);
  // written aside and linked, so that nobody ever reads a lock that is half written
  await writeFile(own, JSON.stringify(holder), { flag: 'wx' });
  const taken = await link(own, file).then(() => true, () => false);
  await unlink(own);
  if (!taken) return undefined;
  const isHeld = async (): Promise<boolean> => (await holderOf(file))?.id === holder.id;
  const release = async (): Promise<void> => ((await isHeld()) ? rm(file, { force: true }) : undefined);
  return { isHeld, release };
};
