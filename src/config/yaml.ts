import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { CONFIG_BYTES_MAX, CONFIG_DEPTH_MAX } from './limits.ts';
import { quoted } from './problem.ts';
import type { Mistake } from './problem.ts';

type Path = readonly (string | number)[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlFile {
  /** Plain values; mappings have no prototype, so `constructor` is only there when somebody wrote it. */
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  /** Mistakes of the text itself, already placed. */
  readonly errors: readonly (Position & { readonly message: string })[];
  /** Where the path is, or the nearest thing above it that exists. */
  readonly locate: (mistake: Mistake) => Position;
}

const keyText = (pair: Pair): string | undefined => {
  const { key } = pair;
  return isScalar(key) && key.value !== null ? (key.source ?? JSON.stringify(key.value)) : undefined;
};

const indexes = new WeakMap<object, ReadonlyMap<string, Pair>>();

/** First pairs by key, so that a file of many mistakes is still located in linear time. */
const indexOf = (node: YAMLMap): ReadonlyMap<string, Pair> => {
  const known = indexes.get(node) ?? new Map(node.items.toReversed().map((pair) => [keyText(pair) ?? '', pair] as const));
  indexes.set(node, known);
  return known;
};

const child = (node: unknown, step: string | number): { key?: unknown; value: unknown } | undefined => {
  if (isSeq(node)) return typeof step === 'number' && step < node.items.length ? { value: node.items[step] } : undefined;
  if (!isMap(node)) return undefined;
  const pair = indexOf(node).get(String(step));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
};

const offsetOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

const offsetAt = (root: unknown, path: Path, onKey: boolean): number => {
  let node = root;
  let offset = offsetOf(root) ?? 0;
  for (const [index, step] of path.entries()) {
    const found = child(node, step);
    if (found === undefined) return offset;
    const last = index === path.length - 1;
    // A missing or misplaced thing inside a mapping is best shown at the mapping's own key.
    offset = (last && !onKey && !isEmpty(found.value) ? offsetOf(found.value) : undefined) ?? offsetOf(found.key) ?? offsetOf(found.value) ?? offset;
    node = found.value;
  }
  return offset;
};

const isEmpty = (node: unknown): boolean => node === null || (isScalar(node) && node.value === null && node.source === '');

const DECORATION = 'write the value in full: anchors, aliases and tags are not read';

const decoration = (node: unknown): string | undefined => {
  if (isAlias(node)) return `*${node.source} is an alias; ${DECORATION}`;
  const { anchor, tag } = (node ?? {}) as { anchor?: string; tag?: string };
  if (anchor !== undefined) return `&${anchor} is an anchor; ${DECORATION}`;
  return tag === undefined ? undefined : `${quoted(tag)} is a tag; ${DECORATION}`;
};

const keyMistake = (key: string, seen: ReadonlySet<string>, pair: Pair): string | undefined => {
  if (key === '__proto__') return 'is not a key; take it out';
  if (key === '<<') return 'merge keys are not read; write the keys in full';
  if (seen.has(key)) return 'is here twice; keep one';
  return decoration(pair.key);
};

/** The plain value of a node; what cannot be one is noted and left out. */
const plain = (node: unknown, path: Path, mistakes: Mistake[]): unknown => {
  const message = path.length > CONFIG_DEPTH_MAX ? `is nested more than ${CONFIG_DEPTH_MAX} levels deep` : decoration(node);
  if (message !== undefined) mistakes.push({ path, message });
  if (message !== undefined && (isAlias(node) || path.length > CONFIG_DEPTH_MAX)) return undefined;
  if (isMap(node)) return plainMap(node.items, path, mistakes);
  if (isSeq(node)) return node.items.map((item, index) => plain(item, [...path, index], mistakes));
  return isScalar(node) ? node.value : null;
};

const plainMap = (pairs: readonly Pair[], path: Path, mistakes: Mistake[]): unknown => {
  const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const seen = new Set<string>();
  for (const pair of pairs) {
    const key = keyText(pair);
    if (key === undefined) {
      mistakes.push({ path, message: 'has a key that is not a word; write name: value' });
      continue;
    }
    const message = keyMistake(key, seen, pair);
    if (message !== undefined) mistakes.push({ path: [...path, key], message, onKey: true, offset: offsetOf(pair.key) ?? 0 });
    if (message === undefined) value[key] = plain(pair.value, [...path, key], mistakes);
    seen.add(key);
  }
  return value;
};

const sentence = (code: string, message: string): string => {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; keep one document and take out the --- line';
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; indent with spaces';
  return `${message.split('\n')[0] ?? 'cannot be read'}; check indentation and quotes here`;
};

const documentErrors = (document: Document.Parsed, lines: LineCounter): YamlFile['errors'] => {
  const errors = document.errors.map((error) => ({ ...position(lines, error.pos[0]), message: sentence(error.code, error.message) }));
  const { yaml, tags } = document.directives;
  const directives = yaml.explicit === true || Object.keys(tags).length > 1;
  return directives ? [...errors, { line: 1, column: 1, message: 'a % directive is not read; take the line out' }] : errors;
};

const position = (lines: LineCounter, offset: number): Position => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
};

const refused = (message: string): YamlFile => ({
  value: undefined,
  mistakes: [],
  errors: [{ line: 1, column: 1, message }],
  locate: () => ({ line: 1, column: 1 }),
});

/** Reads one YAML 1.2 document (so `off` and `on` are words). Never throws; at most CONFIG_BYTES_MAX. */
export const readYaml = (source: string): YamlFile => {
  const text = source.replace(/^\uFEFF/, '');
  if (Buffer.byteLength(text) > CONFIG_BYTES_MAX) return refused(`the file is larger than ${CONFIG_BYTES_MAX / 1024} KiB; is it the right one?`);
  const lines = new LineCounter();
  // Keys are compared here and not by the parser (uniqueKeys), whose comparison is quadratic and knows no path.
  const document = parsed(text, lines);
  if (document === undefined) return refused('the file is nested too deeply to be read; is it the right one?');
  const mistakes: Mistake[] = [];
  const root = document.contents;
  const value = plain(root, [], mistakes);
  return {
    value,
    mistakes,
    errors: documentErrors(document, lines),
    locate: ({ path, onKey = false, offset }) => position(lines, offset ?? offsetAt(root, path, onKey)),
  };
};

const parsed = (text: string, lineCounter: LineCounter): Document.Parsed | undefined => {
  try {
    return parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false, version: '1.2', schema: 'core', merge: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
