/** docs/redaction.md says what the rules do. `UPDATE_DOCS=1 npx vitest run test/adapters/redaction/docs.test.ts` writes its table anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { redactCommand } from '../../../src/adapters/redaction/command.ts';
import { OUTPUT_KEPT_BYTES_MAX, OUTPUT_READ_BYTES_MAX, REDACTION_MS_MAX } from '../../../src/domain/limits.ts';
import { RULES } from '../../../src/domain/output-text/redact.ts';
import { isSecretName, kindOfName } from '../../../src/domain/output-text/rules/secret-names.ts';

const FILE = new URL('../../../docs/redaction.md', import.meta.url);
const [BEGIN, END] = ['<!-- rules -->\n', '<!-- /rules -->'] as const;

/** What the names of an assignment are called: a rule with the one name `secret` hides them by four. */
const kindsOf = (what: string): string => (what === 'secret' ? 'password, token, key, secret' : what);
const code = (anchor: string, isName: boolean): string => `\`${isName ? '…' : ''}${anchor.replaceAll('|', '\\|').trim()}\``;

const table = (): string => {
  const anchors = new Map<string, Set<string>>();
  for (const { what, anchors: those } of RULES) {
    const row = anchors.get(kindsOf(what)) ?? new Set();
    for (const anchor of those.filter((one) => !one.includes('\\'))) row.add(code(anchor, what === 'secret'));
    anchors.set(kindsOf(what), row);
  }
  return ['| hidden as | where it is looked for |', '|---|---|', ...[...anchors].map(([what, row]) => `| ${what} | ${[...row].join(' ')} |`)].map((line) => `${line}\n`).join('');
};

const withTable = (page: string): string => `${page.slice(0, page.indexOf(BEGIN) + BEGIN.length)}${table()}${page.slice(page.indexOf(END))}`;
if (process.env['UPDATE_DOCS'] === '1') writeFileSync(FILE, withTable(readFileSync(FILE, 'utf8')));
const page = readFileSync(FILE, 'utf8');

describe('docs/redaction.md', () => {
  test('has the table of the rules as they are', () => expect(page).toBe(withTable(page)));
  test('says what kdebug redact prints', async () => {
    const [, typed = '', printed = ''] = /printf '([^']+)' \| .*\n```\n\n```text\n([^`]+)```/.exec(page) ?? [];
    const written: string[] = [];
    expect(await redactCommand(() => Promise.resolve(Buffer.from(typed.replaceAll('\\n', '\n'))), (text) => written.push(text))).toBe(0);
    expect(written.join('')).toBe(printed);
  });
  test('says the limits as they are', () => {
    expect([OUTPUT_KEPT_BYTES_MAX, OUTPUT_READ_BYTES_MAX, REDACTION_MS_MAX]).toEqual([1_048_576, 16_777_216, 2_000]);
    for (const limit of ['longer than 1 MiB', '16 MiB at most', 'at most 2,000 ms']) expect(page).toContain(limit);
  });
  test('names as secret what is, and as about one what is', () => {
    expect(['DB_PASSWORD', 'clientSecret', 'X-Api-Key', 'SECRET_NAME', 'max_tokens'].map(isSecretName)).toEqual([true, true, true, false, false]);
    expect(['DB_PASSWORD', 'API_TOKEN', 'X-Api-Key', 'clientSecret'].map(kindOfName)).toEqual(['password', 'token', 'key', 'secret']);
  });
});
