/** A simple scanner of TypeScript: what is code, what is only text, what is imported, how long a function is. */

export interface Source {
  /** From the root of the repository: `src/domain/plan.ts`. */
  readonly path: string;
  readonly text: string;
}

const LITERAL = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/y;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const PATTERN = /\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** A slash after one of these begins a regular expression; after a name, a number or a closing bracket it divides. */
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|do|else|void|yield|await))\s*$/;
const BACK_CHARS = 40;

const at = (pattern: RegExp, text: string, index: number): string | undefined => {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
};
const skip = (text: string, index: number, before: string): string | undefined =>
  at(COMMENT, text, index) ?? at(LITERAL, text, index) ?? (BEFORE_PATTERN.test(before.slice(-BACK_CHARS)) ? at(PATTERN, text, index) : undefined);
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
/** The quotes stay, so that one sees where a literal is. */
const hollow = (text: string): string => `${text[0] ?? ''}${blank(text.slice(1, -1))}${text.at(-1) ?? ''}`;

const scanned = new Map<string, string>();

/** The text with its comments and what stands in literals made blank, each character in its place. */
export const codeOf = (text: string): string => {
  const known = scanned.get(text);
  if (known !== undefined) return known;
  const code = scan(text);
  scanned.set(text, code);
  return code;
};

const scan = (text: string): string => {
  let code = '';
  /** Open braces of each `${…}` that is open. */
  const holes: number[] = [];
  const template = (from: number): number => {
    let index = from;
    for (; index < text.length; index += 1) {
      if (text[index] === '\\') { code += '  '; index += 1; continue; }
      if (text[index] === '`') { code += '`'; return index + 1; }
      if (text.startsWith('${', index)) { code += '${'; holes.push(0); return index + 2; }
      code += blank(text[index] ?? '');
    }
    return index;
  };
  for (let index = 0; index < text.length;) {
    const begins = text[index] ?? '';
    const skipped = "/'\"".includes(begins) ? skip(text, index, code) : undefined;
    if (skipped !== undefined) {
      code += text.startsWith('//', index) || text.startsWith('/*', index) ? blank(skipped) : hollow(skipped);
      index += skipped.length;
      continue;
    }
    const character = text[index] ?? '';
    code += character;
    index += 1;
    const open = holes.at(-1);
    if (character === '`') index = template(index);
    else if (open !== undefined && character === '{') holes[holes.length - 1] = open + 1;
    else if (open !== undefined && character === '}') {
      if (open > 0) holes[holes.length - 1] = open - 1;
      else { holes.pop(); index = template(index); }
    }
  }
  return code;
};

const IMPORT = /(?<![.\w$])(?:import|export)\b(?:[^;'"`()=]*?\bfrom)?\s*(['"])|(?<![.\w$])(?:import|require)\s*\(\s*(['"`])/g;

/** What a file imports, re-exports or loads by `import(…)`, as written. */
export const importsOf = ({ text }: Source): readonly string[] => {
  const code = codeOf(text);
  return [...code.matchAll(IMPORT)].map((found) => {
    const from = found.index + found[0].length;
    return text.slice(from, code.indexOf(found[1] ?? found[2] ?? '', from));
  });
};

const lineOf = (code: string, index: number): number => code.slice(0, index).split('\n').length;

/** The index after the statement, argument or block that begins at `from`. */
const endOf = (code: string, from: number): number => {
  let depth = 0;
  for (let index = from; index < code.length; index += 1) {
    const character = code[index] ?? '';
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) {
      depth -= 1;
      if (depth < 0) return index;
      if (depth === 0 && character === '}' && /^\s*$/.test(code.slice(from, code.indexOf('{', from)))) return index + 1;
    }
    if (depth === 0 && (character === ';' || character === ',')) return index;
  }
  return code.length;
};

const METHOD = /^[ \t]+(?:async )?(?!if\b|for\b|while\b|switch\b|catch\b|return\b)[\w$]+\([^\n]*\)(?:: [^\n]+?)? (?=\{$)/gm;

export interface FunctionSpan {
  readonly line: number;
  readonly lines: number;
}

/** Every function by the line of its arrow, keyword or name, and how many lines it takes to its end. */
export const functionsOf = ({ text }: Source): readonly FunctionSpan[] => {
  const code = codeOf(text);
  const bodies = [
    ...[...code.matchAll(/=>\s*/g)].map((found) => [found.index, found.index + found[0].length] as const),
    ...[...code.matchAll(/\bfunction\b[^{]*(?=\{)/g)].map((found) => [found.index, found.index + found[0].length] as const),
    ...[...code.matchAll(METHOD)].map((found) => [found.index, found.index + found[0].length] as const),
  ];
  return bodies.map(([start, body]) => {
    const line = lineOf(code, start);
    return { line, lines: lineOf(code, endOf(code, body)) - line + 1 };
  });
};
