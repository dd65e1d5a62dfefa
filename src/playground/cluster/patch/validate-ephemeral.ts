/** Validation of ephemeral containers (kubernetes pkg/apis/core/validation, validateEphemeralContainers). */
import type { JsonObject } from '../ports.ts';
import { isObject, objectOf, objectsOf, stringOf } from '../json.ts';
import { duplicateField, forbiddenField, invalidField, notFoundField, requiredField, unsupportedField } from '../field-error.ts';
import type { Cause } from '../status.ts';
import { securityContextCauses } from './validate-security.ts';

const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_WORDS = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_CHARS_MAX = 63;
const CANNOT = 'cannot be set for an Ephemeral Container';

/** Fields a container has and an ephemeral one may not set. */
const FORBIDDEN_FIELDS = ['ports', 'resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'restartPolicy', 'restartPolicyRules', 'resizePolicy'];

const isSet = (value: JsonObject[string]): boolean => {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : true;
};

const nameCauses = (name: string, at: string): readonly Cause[] => {
  if (name === '') return [requiredField(at)];
  if (name.length > LABEL_CHARS_MAX) return [invalidField(at, name, `must be no more than ${String(LABEL_CHARS_MAX)} characters`)];
  return LABEL.test(name) ? [] : [invalidField(at, name, LABEL_WORDS)];
};

const imageCauses = (image: string, at: string): readonly Cause[] => {
  if (image === '') return [requiredField(at)];
  return image.trim() === image ? [] : [invalidField(at, image, 'must not have leading or trailing whitespace')];
};

const oneOf = (value: string, at: string, supported: readonly string[]): readonly Cause[] =>
  value === '' || supported.includes(value) ? [] : [unsupportedField(at, value, supported)];

/** A relaxed environment variable name: printable ASCII but `=` (on since 1.34). */
const ENV_NAME = /^[\x20-\x3c\x3e-\x7e]+$/;

const envCauses = (container: JsonObject, at: string): readonly Cause[] =>
  objectsOf(container['env']).flatMap((entry, index) => {
    const path = `${at}.env[${String(index)}]`;
    const name = stringOf(entry['name']);
    if (name === '') return [requiredField(`${path}.name`)];
    if (!ENV_NAME.test(name)) return [invalidField(`${path}.name`, name, 'a valid environment variable name must consist only of printable ASCII characters other than \'=\'')];
    const both = isSet(entry['value']) && isObject(entry['valueFrom']);
    return both ? [invalidField(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty')] : [];
  });

const mountCauses = (container: JsonObject, pod: JsonObject, at: string): readonly Cause[] => {
  const volumes = new Set(objectsOf(objectOf(pod['spec'])['volumes']).map((volume) => stringOf(volume['name'])));
  const paths = new Set<string>();
  return objectsOf(container['volumeMounts']).flatMap((mount, index) => {
    const path = `${at}.volumeMounts[${String(index)}]`;
    const name = stringOf(mount['name']);
    const mountPath = stringOf(mount['mountPath']);
    const twice = paths.has(mountPath);
    paths.add(mountPath);
    return [
      ...(name === '' ? [requiredField(`${path}.name`)] : []),
      ...(name !== '' && !volumes.has(name) ? [notFoundField(`${path}.name`, name)] : []),
      ...(mountPath === '' ? [requiredField(`${path}.mountPath`)] : []),
      ...(twice ? [invalidField(`${path}.mountPath`, mountPath, 'must be unique')] : []),
      ...['subPath', 'subPathExpr'].filter((field) => isSet(mount[field])).map((field) => forbiddenField(`${path}.${field}`, CANNOT)),
    ];
  });
};

const namesOf = (spec: JsonObject, field: string): readonly string[] => objectsOf(spec[field]).map((container) => stringOf(container['name']));

export interface ValidationOptions {
  /** `--allow-privileged` of the API server. */
  readonly allowPrivileged: boolean;
}

const containerCauses = (container: JsonObject, pod: JsonObject, at: string, options: ValidationOptions): readonly Cause[] => [
  ...nameCauses(stringOf(container['name']), `${at}.name`),
  ...imageCauses(stringOf(container['image']), `${at}.image`),
  ...oneOf(stringOf(container['imagePullPolicy']), `${at}.imagePullPolicy`, ['Always', 'IfNotPresent', 'Never']),
  ...oneOf(stringOf(container['terminationMessagePolicy']), `${at}.terminationMessagePolicy`, ['FallbackToLogsOnError', 'File']),
  ...envCauses(container, at),
  ...mountCauses(container, pod, at),
  ...securityContextCauses(objectOf(container['securityContext']), pod, `${at}.securityContext`, options),
  ...FORBIDDEN_FIELDS.filter((field) => isSet(container[field])).map((field) => forbiddenField(`${at}.${field}`, CANNOT)),
];

/** Every mistake of every ephemeral container of the pod as it would be stored. */
export const ephemeralContainerCauses = (pod: JsonObject, options: ValidationOptions): readonly Cause[] => {
  const spec = objectOf(pod['spec']);
  const targets = [...namesOf(spec, 'containers'), ...namesOf(spec, 'initContainers')];
  const taken = new Set(targets);
  return objectsOf(spec['ephemeralContainers']).flatMap((container, index) => {
    const at = `spec.ephemeralContainers[${String(index)}]`;
    const name = stringOf(container['name']);
    const target = stringOf(container['targetContainerName']);
    const duplicate = taken.has(name) && name !== '';
    taken.add(name);
    return [
      ...containerCauses(container, pod, at, options),
      ...(duplicate ? [duplicateField(`${at}.name`, name)] : []),
      ...(target !== '' && !targets.includes(target) ? [notFoundField(`${at}.targetContainerName`, target)] : []),
    ];
  });
};
