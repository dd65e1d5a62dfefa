import { SECRET_FILE_CHARS_MAX } from './limits.ts';
import { hasFileForm } from './variables.ts';
import type { VariableName } from './variables.ts';

/** A mistake in the environment. The message never holds the value: it may be a secret. */
export interface VariableProblem {
  readonly variable: string;
  readonly message: string;
}

export const printVariableProblem = ({ variable, message }: VariableProblem): string => `${variable}: ${message}`;

export type Variables = Readonly<Record<string, string | undefined>>;

export interface VariableReader {
  /** The value, from the variable or its file; an empty one counts as unset. */
  readonly text: (name: VariableName) => string | undefined;
  /** The value read into another one. A bad value is noted and is `undefined` here, as an unset one is. */
  readonly read: <Value>(name: VariableName, parse: (text: string) => Value | undefined, message: string) => Value | undefined;
  readonly refuse: (variable: string, message: string) => void;
  readonly problems: readonly VariableProblem[];
}

const filled = (text: string | undefined): string | undefined => (text === undefined || text.trim() === '' ? undefined : text);

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  return code === 'EACCES' ? 'this process may not read it' : typeof code === 'string' ? code : 'it cannot be read';
};

/** `readFile` reads a whole small text file and throws when it cannot. Each value is looked up once. */
export const variableReader = (env: Variables, readFile: (path: string) => string): VariableReader => {
  const problems: VariableProblem[] = [];
  const known = new Map<VariableName, string | undefined>();
  const refuse = (variable: string, message: string): void => void problems.push({ variable, message });

  const fromFile = (variable: string, path: string): string | undefined => {
    try {
      const text = readFile(path).replace(/\r?\n$/, '');
      if (text.length > SECRET_FILE_CHARS_MAX) refuse(variable, `the file is longer than ${SECRET_FILE_CHARS_MAX} characters; name the file that holds only the value`);
      else if (filled(text) === undefined) refuse(variable, 'the file is empty; write the value into it');
      else return text;
    } catch (error) {
      refuse(variable, `${reasonOf(error)}; name a file that holds the value`);
    }
    return undefined;
  };

  const look = (name: VariableName): string | undefined => {
    const direct = filled(env[name]);
    const path = hasFileForm(name) ? filled(env[`${name}_FILE`]) : undefined;
    if (path === undefined) return direct?.trim();
    if (direct !== undefined) refuse(name, `is set, and so is ${name}_FILE; set one of them`);
    return direct ?? fromFile(`${name}_FILE`, path);
  };

  const text = (name: VariableName): string | undefined => {
    if (!known.has(name)) known.set(name, look(name));
    return known.get(name);
  };

  const read: VariableReader['read'] = (name, parse, message) => {
    const value = text(name);
    const parsed = value === undefined ? undefined : parse(value);
    if (value !== undefined && parsed === undefined) refuse(name, message);
    return parsed;
  };

  return { text, read, refuse, problems };
};
