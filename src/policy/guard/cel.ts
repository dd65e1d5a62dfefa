/**
 * Expressions in CEL as Kubernetes 1.30 and newer read them (https://kubernetes.io/docs/reference/using-api/cel/). Every field
 * is asked for by has() first: one that is absent would be an error, and an error refuses.
 */
import type { SecurityContext } from '../../domain/container.ts';
import type { Places } from './places.ts';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\'': '\\\'', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A string literal. */
export const text = (value: string): string => `'${value.replaceAll(/[\\'\n\r\t]/g, (character) => ESCAPES[character] ?? character)}'`;
export const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;
export const matches = (expression: string, pattern: string): string => `${expression}.matches(${text(pattern)})`;

export const all = (parts: readonly string[]): string => (parts.length === 0 ? 'true' : parts.join(' && '));
/** One on each line, for a person to read; CEL takes a line break for a space. */
export const any = (parts: readonly string[]): string => (parts.length === 0 ? 'false' : parts.map((part) => `(${part})`).join('\n|| '));
export const absent = (field: string): string => `!has(${field})`;
export const absentOrFalse = (field: string): string => `(!has(${field}) || ${field} == false)`;

const isName = (pattern: string): boolean => !pattern.includes('*');

/** Whether the request's namespace is one of the places. */
export const inPlaces = (places: Places): string => {
  switch (places.kind) {
    case 'all': return 'true';
    case 'none': return 'false';
    case 'named': return places.patterns.every(isName)
      ? `request.namespace in ${list(places.patterns)}`
      : matches('request.namespace', `^(${places.patterns.map((pattern) => pattern.replaceAll('*', '.*')).join('|')})$`);
    case 'not': return `!(${inPlaces(places.of)})`;
    case 'and': return `(${places.of.map(inPlaces).join(' && ')})`;
    case 'or': return `(${places.of.map(inPlaces).join(' || ')})`;
  }
};

const SCALARS = ['runAsUser', 'runAsGroup', 'runAsNonRoot', 'allowPrivilegeEscalation', 'readOnlyRootFilesystem', 'privileged'] as const;
const SC = 'c.securityContext';

/** What kdebug never sets. `procMount: Default` is what some servers fill in by themselves. */
export const NO_OTHER_CONTEXT = `${absent(SC)} || (${all([
  ...['seLinuxOptions', 'windowsOptions', 'appArmorProfile'].map((field) => absent(`${SC}.${field}`)),
  `(!has(${SC}.procMount) || ${SC}.procMount == 'Default')`,
])})`;

const exactly = (field: string, value: string | number | boolean | undefined): string =>
  value === undefined ? absent(field) : `has(${field}) && ${field} == ${typeof value === 'string' ? text(value) : String(value)}`;

const exactList = (field: string, values: readonly string[] | undefined): string => (values === undefined ? absent(field) : `has(${field}) && ${field} == ${list(values)}`);

const capabilities = (wanted: SecurityContext['capabilities']): readonly string[] => {
  const field = `${SC}.capabilities`;
  return wanted === undefined ? [absent(field)] : [`has(${field})`, exactList(`${field}.add`, wanted.add), exactList(`${field}.drop`, wanted.drop)];
};

const seccomp = (wanted: SecurityContext['seccompProfile']): readonly string[] => {
  const field = `${SC}.seccompProfile`;
  return wanted === undefined ? [absent(field)] : [`has(${field})`, exactly(`${field}.type`, wanted.type)];
};

/** The container `c` has this security context to the letter; of what kdebug never sets, `NO_OTHER_CONTEXT` speaks. */
export const hasContext = (context: SecurityContext | undefined): string =>
  context === undefined ? absent(SC) : all([
    `has(${SC})`,
    ...SCALARS.map((field) => exactly(`${SC}.${field}`, context[field])),
    ...capabilities(context.capabilities),
    ...seccomp(context.seccompProfile),
  ]);
