import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

const BYTES_PER_MB = 1_000_000;
const BYTES_PER_KIB = 1_024;

/** Resident memory of a process in MB (10^6 bytes); throws when it is gone. */
export const residentMb = (pid: number): number => (kibibytesFromProc(pid) ?? kibibytesFromPs(pid)) * BYTES_PER_KIB / BYTES_PER_MB;

const kibibytesFromProc = (pid: number): number | undefined => {
  if (process.platform !== 'linux') return undefined;
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return found === undefined ? undefined : Number(found);
};

const kibibytesFromPs = (pid: number): number => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
