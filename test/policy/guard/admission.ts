/** The guard's YAML carried out: each validation of each policy as a predicate over what the API server would show it. */
import { parseAllDocuments } from 'yaml';
import { compile, type Scope } from './cel.ts';

interface Named { readonly name: string; readonly expression: string }
export interface PolicyObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly matchConstraints: { readonly resourceRules: readonly { readonly operations: readonly string[]; readonly resources: readonly string[] }[] };
    readonly matchConditions: readonly Named[];
    readonly variables?: readonly Named[];
    readonly validations: readonly { readonly expression: string; readonly message: string }[];
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
  };
}

export const objectsIn = (text: string): readonly PolicyObject[] => {
  const documents = parseAllDocuments(text, { version: '1.1' });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw problem;
    return document.toJS() as PolicyObject;
  });
};

export const policyFor = (text: string, resource: string): PolicyObject => {
  const found = objectsIn(text).find(({ kind, spec }) => kind === 'ValidatingAdmissionPolicy' && spec.matchConstraints.resourceRules[0]?.resources.includes(resource));
  if (!found) throw new Error(`no policy for ${resource}`);
  return found;
};

export interface Guard {
  readonly matches: (scope: Scope) => boolean;
  readonly validations: readonly { readonly message: string; readonly passes: (scope: Scope) => boolean }[];
  /** The message of the first clause that refuses, `undefined` when the guard lets it pass or is not concerned. */
  readonly refusal: (scope: Scope) => string | undefined;
}

/** `failurePolicy: Fail`: an error refuses. */
export const guardOf = ({ spec }: PolicyObject): Guard => {
  const conditions = spec.matchConditions.map(({ expression }) => compile(expression));
  const variables = (spec.variables ?? []).map(({ name, expression }) => [name, compile(expression)] as const);
  const validations = spec.validations.map(({ message, expression }) => ({ message, compiled: compile(expression) }));
  const withVariables = (scope: Scope): Scope => variables.reduce<Scope>((before, [name, value]) =>
    ({ ...before, variables: { ...before['variables'] as Scope, [name]: value(before) } }), { ...scope, variables: {} });
  const passes = (compiled: (scope: Scope) => unknown, scope: Scope): boolean => {
    try { return compiled(withVariables(scope)) === true; } catch { return false; }
  };
  const guard = {
    matches: (scope: Scope) => conditions.every((condition) => condition(scope) === true),
    validations: validations.map(({ message, compiled }) => ({ message, passes: (scope: Scope) => passes(compiled, scope) })),
  };
  return { ...guard, refusal: (scope) => (guard.matches(scope) ? guard.validations.find((one) => !one.passes(scope))?.message : undefined) };
};
