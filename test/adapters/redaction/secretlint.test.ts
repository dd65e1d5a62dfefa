import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, test } from 'vitest';
import { readFixtures, secretsOf, shownOf, textOf } from '../../../bench/secretlint-fixtures.ts';

const fixtures = readFixtures();
const secrets = secretsOf(fixtures);
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
    const { messages } = await lint(shownOf(textOf(fixture)));
    expect(messages.map(({ message }) => message)).toEqual([]);
  });
});
