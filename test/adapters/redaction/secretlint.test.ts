import { readFileSync } from 'node:fs';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, test } from 'vitest';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

interface Fixture { readonly rule: string; readonly name: string; readonly text: string; readonly found: readonly { readonly start: number; readonly end: number; readonly id: string }[] }

/** A rule of a test, and identifiers that are no secrets: kdebug shows them. */
const NOT_SECRET = /^(?:test)$|AccountID|tenant|client_?id/i;
const { fixtures } = JSON.parse(readFileSync(new URL('./fixtures/secretlint.json', import.meta.url), 'utf8')) as { readonly fixtures: readonly Fixture[] };
const textOf = ({ text }: Fixture): string => Buffer.from(text, 'base64').toString();
const find = createFinder([]);
const shown = (text: string): string => show({ head: Buffer.from(text) }, find, 1_048_576).head;

const secrets = fixtures.flatMap((fixture) => fixture.found.filter(({ start, end, id }) => end > start && !NOT_SECRET.test(fixture.rule) && !NOT_SECRET.test(`${id} ${fixture.name}`))
  .map(({ start, end }) => ({ rule: fixture.rule, isHidden: !shown(textOf(fixture)).includes(textOf(fixture).slice(start, end)) })));
const recall = (rule?: string): number => {
  const those = secrets.filter((secret) => rule === undefined || secret.rule === rule);
  return those.filter(({ isHidden }) => isHidden).length / those.length;
};

const lint = (content: string) => lintSource({
  source: { content, filePath: 'output.txt', ext: '.txt', contentType: 'text' },
  options: { noPhysicFilePath: true, config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] } },
});

describe("recall on secretlint's published fixtures", () => {
  test('there are fixtures', () => expect(secrets.length).toBeGreaterThan(90));
  test.each([...new Set(secrets.map(({ rule }) => rule))])('%s: 80 %%', (rule) => expect(recall(rule)).toBeGreaterThanOrEqual(0.8));
  test('90 % in all', () => expect(recall()).toBeGreaterThanOrEqual(0.9));
});

describe('secretlint finds nothing in what is shown', () => {
  test('it finds something in what is not', async () => {
    const found = await Promise.all(fixtures.map(async (fixture) => (await lint(textOf(fixture))).messages.length));
    expect(found.filter((count) => count > 0).length).toBeGreaterThan(30);
  });
  test.each(fixtures.filter(({ rule }) => rule !== 'test'))('$rule $name', async (fixture) => {
    const { messages } = await lint(shown(textOf(fixture)));
    expect(messages.map(({ message }) => message)).toEqual([]);
  });
});
