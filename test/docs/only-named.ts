/** A pattern of names holds for all files alike; this lets each file run what the table names of it. */
import { beforeEach, type TestContext } from 'vitest';
import { patternOf, readThreats } from './threats.ts';

const named = readThreats().flatMap(({ tests }) => tests);

const nameOf = ({ task }: TestContext): string => {
  const titles = [task.name];
  for (let { suite } = task; suite !== undefined; { suite } = suite) titles.unshift(suite.name);
  return titles.join(' ');
};

beforeEach((context) => {
  const titles = named.filter(({ file }) => file === context.task.file.name).map(({ title }) => title);
  if (!patternOf(titles).test(nameOf(context))) context.skip('docs/security.md does not name it');
});
