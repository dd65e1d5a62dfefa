/** What is changed in each part, and which tests must notice: those that hold it and are quick, for each change is tried for itself. */
export interface Part {
  readonly changed: readonly string[];
  readonly tests: readonly string[];
  readonly slow?: readonly string[];
}

const RULES = 'test/{domain,policy,app}/**/*.test.ts';
/** What measures time, what makes texts by the thousand, and what parses commands, kills no mutant that others do not. */
const ELSEWHERE = ['test/domain/{output-text,command}/**', 'test/policy/{program,docs}.test.ts'];

export const PARTS = {
  policy: { changed: ['src/domain/policy/*.ts'], tests: [RULES], slow: ELSEWHERE },
  request: { changed: ['request', 'evolve', 'grant', 'due', 'request-times'].map((name) => `src/domain/${name}.ts`), tests: [RULES], slow: ELSEWHERE },
  redaction: { changed: ['src/domain/output-text/**/*.ts'], tests: ['test/domain/output-text/*.test.ts'], slow: ['test/domain/output-text/{hostile,metamorphic,unchanged,ordinary-cut}.test.ts'] },
  ledger: { changed: ['src/domain/ledger/*.ts', ...['verify', 'evidence', 'own-lists', 'report'].map((name) => `src/app/ledger/${name}.ts`)], tests: ['test/{domain,app}/ledger/*.test.ts'] },
} as const satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof PARTS;
export const isPart = (name: string | undefined): name is PartName => name !== undefined && Object.hasOwn(PARTS, name);
