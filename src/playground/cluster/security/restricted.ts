/** The restricted Pod Security Standard (k8s.io/pod-security-admission/policy), check by check in the order of their ids. */
import type { JsonObject } from '../ports.ts';
import { isObject, objectOf, objectsOf, stringOf, stringsOf } from '../json.ts';
import { seccompProfile as badSeccompProfile } from './baseline.ts';
import { containers, containersOf, contextOf, namesWhere, quoted, setters, sortedUnique, type Check } from './visit.ts';

const VOLUMES = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];

const isWindows = (pod: JsonObject): boolean => objectOf(objectOf(pod['spec'])['os'])['name'] === 'windows';

const allowPrivilegeEscalation: Check = (pod) => {
  const names = namesWhere(pod, (container) => contextOf(container)['allowPrivilegeEscalation'] !== false);
  return names.length === 0 || isWindows(pod) ? undefined
    : { reason: 'allowPrivilegeEscalation != false', detail: `${containers(names)} must set securityContext.allowPrivilegeEscalation=false` };
};

const capabilityList = (container: JsonObject, field: 'add' | 'drop'): readonly string[] =>
  stringsOf(objectOf(contextOf(container)['capabilities'])[field]);

const forbiddenAdds = (container: JsonObject): readonly string[] => capabilityList(container, 'add').filter((name) => name !== 'NET_BIND_SERVICE');

const capabilities: Check = (pod) => {
  if (isWindows(pod)) return undefined;
  const missing = namesWhere(pod, (container) => !capabilityList(container, 'drop').includes('ALL'));
  const adding = namesWhere(pod, (container) => forbiddenAdds(container).length > 0);
  const added = sortedUnique(containersOf(pod).flatMap(forbiddenAdds));
  const details = [
    ...(missing.length > 0 ? [`${containers(missing)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0 ? [`${containers(adding)} must not include ${quoted(added)} in securityContext.capabilities.add`] : []),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

const volumes: Check = (pod) => {
  const bad = objectsOf(objectOf(pod['spec'])['volumes']).filter((volume) => !VOLUMES.some((type) => volume[type] !== undefined));
  if (bad.length === 0) return undefined;
  const names = bad.map((volume) => stringOf(volume['name']));
  const types = sortedUnique(bad.map((volume) => Object.keys(volume).find((key) => key !== 'name') ?? 'unknown'));
  return {
    reason: 'restricted volume types',
    detail: `${names.length === 1 ? 'volume' : 'volumes'} ${quoted(names)} ${names.length === 1 ? 'uses' : 'use'} restricted volume ${types.length === 1 ? 'type' : 'types'} ${quoted(types)}`,
  };
};

/** Root inside a user namespace is nobody outside (KEP-127): such pods may run as root. */
const hasUserNamespace = (pod: JsonObject): boolean => objectOf(pod['spec'])['hostUsers'] === false;

/** A value a container may leave to its pod: who sets it badly, and who has it from nowhere. */
const runAsNonRoot: Check = (pod) => {
  if (hasUserNamespace(pod)) return undefined;
  const atPod = contextOf(objectOf(pod['spec']))['runAsNonRoot'];
  const explicit = namesWhere(pod, (container) => contextOf(container)['runAsNonRoot'] === false);
  if (explicit.length > 0 || atPod === false) {
    return { reason: 'runAsNonRoot != true', detail: `${setters(atPod === false, explicit)} must not set securityContext.runAsNonRoot=false` };
  }
  const implicit = atPod === true ? [] : namesWhere(pod, (container) => contextOf(container)['runAsNonRoot'] === undefined);
  return implicit.length === 0 ? undefined
    : { reason: 'runAsNonRoot != true', detail: `pod or ${containers(implicit)} must set securityContext.runAsNonRoot=true` };
};

const runAsUser: Check = (pod) => {
  if (hasUserNamespace(pod)) return undefined;
  const atPod = contextOf(objectOf(pod['spec']))['runAsUser'] === 0;
  const names = namesWhere(pod, (container) => contextOf(container)['runAsUser'] === 0);
  return names.length === 0 && !atPod ? undefined : { reason: 'runAsUser=0', detail: `${setters(atPod, names)} must not set runAsUser=0` };
};

const hasProfile = (holder: JsonObject): boolean => isObject(contextOf(holder)['seccompProfile']);

const seccompProfile: Check = (pod) => {
  const bad = badSeccompProfile(pod);
  if (bad !== undefined || hasProfile(objectOf(pod['spec'])) || isWindows(pod)) return bad;
  const implicit = namesWhere(pod, (container) => !hasProfile(container));
  return implicit.length === 0 ? undefined
    : { reason: 'seccompProfile', detail: `pod or ${containers(implicit)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` };
};

export const RESTRICTED: readonly Check[] = [allowPrivilegeEscalation, capabilities, volumes, runAsNonRoot, runAsUser, seccompProfile];
