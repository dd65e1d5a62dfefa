/** docs/kubernetes.md says what is: every right, every flag of kubectl debug, every ending. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCommand } from '../../../src/domain/command/parse.ts';
import { CANCEL_RULES, IDENTITY_RULES, WORKER_RULES } from '../../../src/playground/local/rights.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/kubernetes.md', import.meta.url), 'utf8');
const section = (title: string): readonly string[] => (DOCUMENT.split(`## ${title}\n`)[1] ?? '').split('\n## ')[0]!.split('\n').filter((line) => line.startsWith('|'));

test('every right of the worker has a reason', () => {
  const lines = section('The worker\'s rights');
  expect(lines.length).toBeGreaterThan(5);
  const missing = [...WORKER_RULES, ...CANCEL_RULES, ...IDENTITY_RULES].flatMap(({ resources = [], verbs }) =>
    resources.flatMap((resource) => verbs.filter((verb) => !lines.some((line) => line.split('|')[1]!.includes(`\`${resource}\``) && line.split('|')[1]!.includes(verb))).map((verb) => `${verb} ${resource}`)));
  expect(missing).toStrictEqual([]);
});

test('every flag that is said to be refused is refused, with the line beside it', () => {
  const refused = section('`kubectl debug` and kdebug').filter((line) => line.includes('| refused') && !line.includes('node/'));
  expect(refused).toHaveLength(3);
  for (const line of refused) {
    const [, flags = '', , instead = ''] = line.split('|');
    for (const [, flag = ''] of flags.matchAll(/`(-[^`]+)`/g)) {
      const parsed = parseCommand(`prod api-7f9 ${flag} -- ls`);
      expect(parsed.ok, flag).toBe(false);
      expect(parsed.ok ? '' : parsed.error.hint, flag).toBe(instead.trim().replaceAll('`', '').replace('NAMESPACE', 'prod').replace('POD', 'api-7f9'));
    }
  }
});

test.each(['exited', 'timed_out', 'cancelled', 'not_started', 'interrupted', 'unknown'])('the ending %s is told', (kind) => {
  expect(section('Every ending').some((line) => line.includes(`\`${kind}\``))).toBe(true);
});
