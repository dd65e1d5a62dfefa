/** The baseline Pod Security Standard (k8s.io/pod-security-admission/policy), check by check in the order of their ids. */
import type { JsonObject } from '../ports.ts';
import { isObject, objectOf, objectsOf, stringOf, stringsOf } from '../json.ts';
import { containers, containersOf, contextOf, namesWhere, quoted, setters, sortedUnique, type Check } from './visit.ts';

const CAPABILITIES = new Set(['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT']);
const PROFILES = new Set(['RuntimeDefault', 'Localhost']);
const SELINUX_TYPES = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']);
const SYSCTLS = new Set(['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']);

const forbiddenAdds = (container: JsonObject): readonly string[] =>
  stringsOf(objectOf(contextOf(container)['capabilities'])['add']).filter((name) => !CAPABILITIES.has(name));

const capabilities: Check = (pod) => {
  const names = namesWhere(pod, (container) => forbiddenAdds(container).length > 0);
  const added = sortedUnique(containersOf(pod).flatMap(forbiddenAdds));
  return names.length === 0 ? undefined
    : { reason: 'non-default capabilities', detail: `${containers(names)} must not include ${quoted(added)} in securityContext.capabilities.add` };
};

const hostNamespaces: Check = (pod) => {
  const shared = ['hostIPC', 'hostNetwork', 'hostPID'].filter((field) => objectOf(pod['spec'])[field] === true);
  return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') };
};

const hostPathVolumes: Check = (pod) => {
  const names = objectsOf(objectOf(pod['spec'])['volumes']).filter((volume) => isObject(volume['hostPath'])).map((volume) => stringOf(volume['name']));
  return names.length === 0 ? undefined : { reason: 'hostPath volumes', detail: `${names.length === 1 ? 'volume' : 'volumes'} ${quoted(names)}` };
};

const hostPortsOf = (container: JsonObject): readonly string[] =>
  objectsOf(container['ports']).map((port) => port['hostPort']).filter((port) => typeof port === 'number' && port !== 0).map(String);

const hostPorts: Check = (pod) => {
  const names = namesWhere(pod, (container) => hostPortsOf(container).length > 0);
  const ports = sortedUnique(containersOf(pod).flatMap(hostPortsOf));
  return names.length === 0 ? undefined
    : { reason: 'hostPort', detail: `${containers(names)} ${names.length === 1 ? 'uses' : 'use'} ${ports.length === 1 ? 'hostPort' : 'hostPorts'} ${ports.join(', ')}` };
};

const privileged: Check = (pod) => {
  const names = namesWhere(pod, (container) => contextOf(container)['privileged'] === true);
  return names.length === 0 ? undefined : { reason: 'privileged', detail: `${containers(names)} must not set securityContext.privileged=true` };
};

const procMount: Check = (pod) => {
  const bad = (container: JsonObject): boolean => !['', 'Default'].includes(stringOf(contextOf(container)['procMount']));
  const names = namesWhere(pod, bad);
  const values = sortedUnique(containersOf(pod).filter(bad).map((container) => stringOf(contextOf(container)['procMount'])));
  return names.length === 0 ? undefined : { reason: 'procMount', detail: `${containers(names)} must not set securityContext.procMount to ${quoted(values)}` };
};

const profileType = (holder: JsonObject): string => stringOf(objectOf(contextOf(holder)['seccompProfile'])['type']);

const isBadProfile = (holder: JsonObject): boolean => isObject(contextOf(holder)['seccompProfile']) && !PROFILES.has(profileType(holder));

export const seccompProfile: Check = (pod) => {
  const spec = objectOf(pod['spec']);
  const names = namesWhere(pod, isBadProfile);
  if (names.length === 0 && !isBadProfile(spec)) return undefined;
  const values = sortedUnique([spec, ...containersOf(pod)].filter(isBadProfile).map(profileType));
  return { reason: 'seccompProfile', detail: `${setters(isBadProfile(spec), names)} must not set securityContext.seccompProfile.type to ${quoted(values)}` };
};

const seLinuxType = (holder: JsonObject): string => stringOf(objectOf(contextOf(holder)['seLinuxOptions'])['type']);

const seLinuxOptions: Check = (pod) => {
  const spec = objectOf(pod['spec']);
  const bad = (holder: JsonObject): boolean => !SELINUX_TYPES.has(seLinuxType(holder)) ||
    ['user', 'role'].some((field) => stringOf(objectOf(contextOf(holder)['seLinuxOptions'])[field]) !== '');
  const names = namesWhere(pod, bad);
  if (names.length === 0 && !bad(spec)) return undefined;
  const types = sortedUnique([spec, ...containersOf(pod)].map(seLinuxType).filter((type) => !SELINUX_TYPES.has(type)));
  const wrong = types.length === 0 ? 'user or role may not be set' : `${types.length === 1 ? 'type' : 'types'} ${quoted(types)}`;
  return { reason: 'seLinuxOptions', detail: `${setters(bad(spec), names)} set forbidden securityContext.seLinuxOptions: ${wrong}` };
};

const sysctls: Check = (pod) => {
  const names = objectsOf(contextOf(objectOf(pod['spec']))['sysctls']).map((entry) => stringOf(entry['name'])).filter((name) => !SYSCTLS.has(name));
  return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: sortedUnique(names).join(', ') };
};

const hostProcess: Check = (pod) => {
  const isHost = (holder: JsonObject): boolean => objectOf(contextOf(holder)['windowsOptions'])['hostProcess'] === true;
  const spec = objectOf(pod['spec']);
  const names = namesWhere(pod, isHost);
  return names.length === 0 && !isHost(spec) ? undefined
    : { reason: 'hostProcess', detail: `${setters(isHost(spec), names)} must not set securityContext.windowsOptions.hostProcess=true` };
};

/** `restricted` replaces the ones in OVERRIDDEN by stricter checks of its own. */
export const BASELINE: readonly Check[] = [capabilities, hostNamespaces, hostPathVolumes, hostPorts, privileged, procMount, seLinuxOptions, seccompProfile, sysctls, hostProcess];
export const OVERRIDDEN: readonly Check[] = [capabilities, hostPathVolumes, seccompProfile];
