/** The published fixtures of secretlint's rules, and which of the secrets in them kdebug hides. */
import { readFileSync } from 'node:fs';
import { createFinder } from '../src/domain/output-text/redact.ts';
import { show } from '../src/domain/output-text/show.ts';

export interface Fixture {
  readonly rule: string;
  readonly name: string;
  /** In base64, so that scanners of repositories do not stop at the file. */
  readonly text: string;
  readonly found: readonly { readonly start: number; readonly end: number; readonly id: string }[];
}

const FILE = new URL('../test/adapters/redaction/fixtures/secretlint.json', import.meta.url);
const BYTES_MAX = 1_048_576;
/** A rule of a test, and identifiers that are no secrets: kdebug shows them. */
const NOT_SECRET = /^(?:test)$|AccountID|tenant|client_?id/i;

export const readFixtures = (): readonly Fixture[] => (JSON.parse(readFileSync(FILE, 'utf8')) as { readonly fixtures: readonly Fixture[] }).fixtures;

export const textOf = ({ text }: Fixture): string => Buffer.from(text, 'base64').toString();

const find = createFinder([]);
export const shownOf = (text: string): string => show({ head: Buffer.from(text) }, find, BYTES_MAX).head;

/** Each secret that secretlint finds, by the rule that finds it. */
export const secretsOf = (fixtures: readonly Fixture[]): readonly { readonly rule: string; readonly isHidden: boolean }[] =>
  fixtures.flatMap((fixture) => {
    const text = textOf(fixture);
    return fixture.found.filter(({ start, end, id }) => end > start && !NOT_SECRET.test(fixture.rule) && !NOT_SECRET.test(`${id} ${fixture.name}`))
      .map(({ start, end }) => ({ rule: fixture.rule, isHidden: !shownOf(text).includes(text.slice(start, end)) }));
  });
