/** Admission policies and their bindings as YAML. Strings are in double quotes as in JSON, which is YAML; long ones are blocks. */
import type { AdmissionPolicy } from './policies.ts';

const LINE_CHARS_MAX = 140;

/** A scalar at this indentation; several lines, or many characters, become a literal block. */
const scalar = (value: string, indent: string): string =>
  value.includes('\n') || value.length > LINE_CHARS_MAX
    ? `|-\n${value.split('\n').map((line) => `${indent}${line}`).join('\n')}`
    : JSON.stringify(value);

const policyYaml = ({ name, resource, operation, matchCondition, variables, validations }: AdmissionPolicy): string => [
  'apiVersion: admissionregistration.k8s.io/v1',
  'kind: ValidatingAdmissionPolicy',
  'metadata:',
  `  name: ${name}`,
  'spec:',
  '  failurePolicy: Fail',
  '  matchConstraints:',
  '    resourceRules:',
  '      - apiGroups: [""]',
  '        apiVersions: [v1]',
  `        operations: [${operation}]`,
  `        resources: [${resource}]`,
  '  matchConditions:',
  `    - name: ${matchCondition.name}`,
  `      expression: ${scalar(matchCondition.expression, '        ')}`,
  ...(variables.length === 0 ? [] : ['  variables:']),
  ...variables.flatMap((variable) => [`    - name: ${variable.name}`, `      expression: ${scalar(variable.expression, '        ')}`]),
  '  validations:',
  ...validations.flatMap(({ expression, message }) => [`    - message: ${JSON.stringify(message)}`, `      expression: ${scalar(expression, '        ')}`]),
].join('\n');

const bindingYaml = ({ name }: AdmissionPolicy): string => [
  'apiVersion: admissionregistration.k8s.io/v1',
  'kind: ValidatingAdmissionPolicyBinding',
  'metadata:',
  `  name: ${name}`,
  'spec:',
  `  policyName: ${name}`,
  '  validationActions: [Deny]',
].join('\n');

/** One file for `kubectl apply -f`; `heading` is a comment, line by line. */
export const manifestOf = (policies: readonly AdmissionPolicy[], heading: readonly string[]): string =>
  `${heading.map((line) => `# ${line}\n`).join('')}${policies.flatMap((policy) => [policyYaml(policy), bindingYaml(policy)]).join('\n---\n')}\n`;
