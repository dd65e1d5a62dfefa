/**
 * Just enough of CEL (https://github.com/google/cel-spec) to carry out the guard's own expressions: what it does not know it
 * refuses to read. An absent field is an error; an error is absorbed by && and || as the specification says.
 */
import { RE2JS } from 're2js';

export type Scope = Readonly<Record<string, unknown>>;
type Node = (scope: Scope) => unknown;

class CelError extends Error {
  override readonly name = 'CelError';
}

const OPTIONAL = Symbol('optional');
interface Optional { readonly [OPTIONAL]: true; readonly value: unknown }
const isOptional = (value: unknown): value is Optional => typeof value === 'object' && value !== null && OPTIONAL in value;
const optional = (value: unknown): Optional => ({ [OPTIONAL]: true, value });

const TOKEN = /\s*(?:(\d+)|'((?:\\.|[^'\\])*)'|([A-Za-z_]\w*)|(&&|\|\||==|<=|\.\?|[!().,[\]]))/y;
interface Token { readonly kind: 'number' | 'text' | 'word' | 'sign'; readonly text: string }

const UNESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '\'': '\'' };
const tokensOf = (source: string): readonly Token[] => {
  const tokens: Token[] = [];
  for (TOKEN.lastIndex = 0; source.slice(TOKEN.lastIndex).trim() !== '';) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(source);
    if (found === null) throw new CelError(`unknown at ${at}: ${source.slice(at, at + 20)}`);
    const [, number, text, word, sign] = found;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll(/\\(.)/g, (_, one: string) => UNESCAPED[one] ?? (() => { throw new CelError(`unknown escape \\${one}`); })()) });
    else tokens.push(word === undefined ? { kind: 'sign', text: sign ?? '' } : { kind: 'word', text: word });
  }
  return tokens;
};

const field = (value: unknown, name: string): unknown => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) throw new CelError(`no such field: ${name}`);
  return (value as Record<string, unknown>)[name];
};
const holds = (value: unknown, name: string): boolean => typeof value === 'object' && value !== null && Object.hasOwn(value, name);
const bool = (value: unknown): boolean => { if (typeof value !== 'boolean') throw new CelError(`not a bool: ${String(value)}`); return value; };
const listOf = (value: unknown): readonly unknown[] => { if (!Array.isArray(value)) throw new CelError('not a list'); return value as unknown[]; };
const equal = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** `stop` decides alone, whatever the other side is, an error too. */
const logic = (left: Node, right: Node, stop: boolean): Node => (scope) => {
  const tried = [left, right].map((node) => { try { return { value: bool(node(scope)) }; } catch (error) { return { error }; } });
  if (tried.some((one) => one.value === stop)) return stop;
  const failed = tried.find((one) => 'error' in one);
  if (failed) throw failed.error as Error;
  return !stop;
};

const METHODS: Readonly<Record<string, (target: unknown, args: readonly unknown[]) => unknown>> = {
  matches: (target, [pattern]) => RE2JS.compile(String(pattern)).matcher(String(target)).find(),
  size: (target) => listOf(target).length,
  orValue: (target, [otherwise]) => (isOptional(target) && target.value !== undefined ? target.value : otherwise),
};
const MACROS: Readonly<Record<string, (target: readonly unknown[], body: (item: unknown) => unknown) => unknown>> = {
  all: (target, body) => target.every((item) => bool(body(item))),
  map: (target, body) => target.map(body),
  filter: (target, body) => target.filter((item) => bool(body(item))),
};

/** The expression as a function of what its names stand for. @throws CelError where CEL would have an error */
export const compile = (source: string): Node => {
  const tokens = tokensOf(source);
  let next = 0;
  const peek = (): Token | undefined => tokens[next];
  const takes = (text: string): boolean => { const is = peek()?.text === text && peek()?.kind !== 'text'; if (is) next += 1; return is; };
  const need = (text: string): void => { if (!takes(text)) throw new CelError(`${text} expected, not ${peek()?.text ?? 'the end'}`); };
  const word = (): string => { const token = tokens[next++]; if (token?.kind !== 'word') throw new CelError('a name expected'); return token.text; };

  const or = (): Node => { let left = and(); while (takes('||')) left = logic(left, and(), true); return left; };
  const and = (): Node => { let left = relation(); while (takes('&&')) left = logic(left, relation(), false); return left; };
  const relation = (): Node => {
    const left = unary();
    if (takes('==')) { const right = unary(); return (scope) => equal(left(scope), right(scope)); }
    if (takes('<=')) { const right = unary(); return (scope) => Number(left(scope)) <= Number(right(scope)); }
    if (takes('in')) { const right = unary(); return (scope) => { const item = left(scope); return listOf(right(scope)).some((one) => equal(one, item)); }; }
    return left;
  };
  const unary = (): Node => { if (!takes('!')) return member(); const inner = unary(); return (scope) => !bool(inner(scope)); };
  const list = (end: string): readonly Node[] => { const items: Node[] = []; while (!takes(end)) { if (items.length > 0) need(','); items.push(or()); } return items; };
  const called = (target: Node, name: string): Node => {
    const macro = MACROS[name];
    if (macro) { const item = word(); need(','); const body = or(); need(')'); return (scope) => macro(listOf(target(scope)), (value) => body({ ...scope, [item]: value })); }
    const method = METHODS[name];
    if (!method) throw new CelError(`no such function: ${name}`);
    const args = list(')');
    return (scope) => method(target(scope), args.map((one) => one(scope)));
  };
  const selected = (target: Node, name: string): Node => (scope) => field(target(scope), name);
  const maybe = (target: Node, name: string): Node => (scope) => {
    const value = target(scope);
    const inner = isOptional(value) ? value.value : value;
    return optional(holds(inner, name) ? field(inner, name) : undefined);
  };
  const member = (): Node => {
    let node = primary();
    for (;;) {
      if (takes('.?')) node = maybe(node, word());
      else if (takes('.')) { const name = word(); node = takes('(') ? called(node, name) : selected(node, name); }
      else if (takes('[')) { const [target, index] = [node, or()]; need(']'); node = (scope) => { const found = listOf(target(scope))[Number(index(scope))]; if (found === undefined) throw new CelError('index out of range'); return found; }; }
      else return node;
    }
  };
  const has = (): Node => {
    need('(');
    let target: Node = primary();
    let name = '';
    need('.');
    for (name = word(); takes('.'); name = word()) target = selected(target, name);
    need(')');
    return (scope) => holds(target(scope), name);
  };
  const primary = (): Node => {
    const token = tokens[next++];
    if (token === undefined) throw new CelError('the end, where a value is expected');
    if (token.kind === 'number') return () => Number(token.text);
    if (token.kind === 'text') return () => token.text;
    if (token.text === '(') { const inner = or(); need(')'); return inner; }
    if (token.text === '[') { const items = list(']'); return (scope) => items.map((one) => one(scope)); }
    if (token.kind !== 'word') throw new CelError(`unexpected ${token.text}`);
    if (token.text === 'true' || token.text === 'false') return () => token.text === 'true';
    return token.text === 'has' ? has() : (scope) => field(scope, token.text);
  };
  const whole = or();
  if (next < tokens.length) throw new CelError(`left over: ${peek()?.text ?? ''}`);
  return whole;
};
