/** Validation of a container's securityContext (kubernetes pkg/apis/core/validation, ValidateSecurityContext). */
import type { Json, JsonObject } from '../ports.ts';
import { isObject, objectOf, stringOf, stringsOf } from '../json.ts';
import { forbiddenField, invalidField, requiredField, unsupportedField } from '../field-error.ts';
import type { Cause } from '../status.ts';

const ID_MAX = 2 ** 31 - 1;
const WINDOWS_FORBIDDEN = ['allowPrivilegeEscalation', 'appArmorProfile', 'capabilities', 'privileged', 'procMount', 'readOnlyRootFilesystem', 'runAsGroup', 'runAsUser', 'seLinuxOptions', 'seccompProfile'];
const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

const idCauses = (value: Json | undefined, at: string): readonly Cause[] =>
  typeof value === 'number' && (value < 0 || value > ID_MAX) ? [invalidField(at, value, `must be between 0 and ${String(ID_MAX)}, inclusive`)] : [];

const profileCauses = (value: Json | undefined, at: string): readonly Cause[] => {
  if (!isObject(value)) return [];
  const type = stringOf(value['type']);
  if (type === '') return [requiredField(`${at}.type`, 'type is required when seccompProfile is set')];
  if (!PROFILE_TYPES.includes(type)) return [unsupportedField(`${at}.type`, type, PROFILE_TYPES)];
  return type === 'Localhost' && stringOf(value['localhostProfile']) === '' ? [requiredField(`${at}.localhostProfile`, 'must be set when seccomp type is Localhost')] : [];
};

const escalationCauses = (context: JsonObject, at: string): readonly Cause[] => {
  if (context['allowPrivilegeEscalation'] !== false) return [];
  const added = stringsOf(objectOf(context['capabilities'])['add']);
  return [
    ...(context['privileged'] === true ? [invalidField(at, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true')] : []),
    ...(added.includes('CAP_SYS_ADMIN') ? [invalidField(at, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN')] : []),
  ];
};

const isWindows = (pod: JsonObject): boolean => objectOf(objectOf(pod['spec'])['os'])['name'] === 'windows';

export const securityContextCauses = (context: JsonObject, pod: JsonObject, at: string, options: { readonly allowPrivileged: boolean }): readonly Cause[] => [
  ...(context['privileged'] === true && !options.allowPrivileged ? [forbiddenField(`${at}.privileged`, 'disallowed by cluster policy')] : []),
  ...idCauses(context['runAsUser'], `${at}.runAsUser`),
  ...idCauses(context['runAsGroup'], `${at}.runAsGroup`),
  ...profileCauses(context['seccompProfile'], `${at}.seccompProfile`),
  ...escalationCauses(context, at),
  ...(isWindows(pod) ? WINDOWS_FORBIDDEN.filter((field) => context[field] !== undefined).map((field) => forbiddenField(`${at}.${field}`, 'cannot be set for a windows pod')) : []),
];
