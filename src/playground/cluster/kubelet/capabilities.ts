/** Capabilities of a container: containerd's default set, then the securityContext's drop and add. */
import type { JsonObject } from '../ports.ts';
import { objectAt } from './spec.ts';

const DEFAULT_SET = [
  'chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap', 'net_bind_service', 'net_raw', 'sys_chroot', 'mknod',
  'audit_write', 'setfcap',
];
/** What `add` may really give here; anything stronger stays off, for the machine below is a real one. */
const ADDABLE = ['sys_ptrace', 'net_admin', ...DEFAULT_SET];

const names = (securityContext: JsonObject, key: 'add' | 'drop'): readonly string[] => {
  const list = objectAt(securityContext, 'capabilities')[key];
  return Array.isArray(list) ? list.filter((name): name is string => typeof name === 'string').map((name) => name.toLowerCase().replace(/^cap_/, '')) : [];
};

/** In setpriv's spelling: `-all,+kill,…`. */
export const boundingSet = (securityContext: JsonObject): string => {
  const dropped = names(securityContext, 'drop');
  const kept = dropped.includes('all') ? [] : DEFAULT_SET.filter((name) => !dropped.includes(name));
  const added = names(securityContext, 'add').filter((name) => ADDABLE.includes(name));
  return ['-all', ...new Set([...kept, ...added].map((name) => `+${name}`))].join(',');
};
