import { describe, expect, it } from 'vitest';
import { compile, type Scope } from './cel.ts';

const scope: Scope = { object: { spec: { list: ['a', 'b'], empty: [], flag: false }, name: 'kdebug-0' }, request: { namespace: 'prod' } };
const answer = (source: string): unknown => {
  try { return compile(source)(scope); } catch (error) { return (error as Error).name; }
};

describe('the expressions mean what CEL says they mean', () => {
  const cases: readonly [string, unknown][] = [
    ['object.spec.list == [\'a\', \'b\']', true], ['object.spec.list == [\'b\', \'a\']', false], ['request.namespace in [\'dev\', \'prod\']', true],
    ['object.spec.list.size() <= 2', true], ['object.spec.list.size() <= 1', false], ['object.spec.list[1] == \'b\'', true], ['object.spec.list[2] == \'b\'', 'CelError'],
    ['has(object.spec.flag)', true], ['has(object.spec.none)', false], ['has(object.none.none)', 'CelError'], ['object.spec.none == false', 'CelError'],
    ['object.spec.?none.orValue([]).size() <= 0', true], ['object.spec.?list.orValue([]).map(c, c) == [\'a\', \'b\']', true], ['object.?none.?deeper.orValue(true)', true],
    ['object.spec.list.all(c, c in [\'a\', \'b\', \'c\'])', true], ['object.spec.list.all(c, c == \'a\')', false], ['object.spec.empty.all(c, c == \'a\')', true],
    ['object.spec.list.filter(c, !(c in [\'a\'])) == [\'b\']', true],
    ['object.name.matches(\'^kdebug-[0-9]$\')', true], ['object.name.matches(\'debug\')', true], ['object.name.matches(\'^debug\')', false],
    ['false && object.none', false], ['object.none && false', false], ['object.none && true', 'CelError'], ['true || object.none', true], ['object.none || false', 'CelError'],
    ['true || false && false', true], ['!(true) || true', true], ['\'it\\\'s\' == \'it\\\'s\'', true], ['1', 1],
    ['object.spec.list.exists(c, true)', 'CelError'], ['true true', 'CelError'], ['object.name + \'x\'', 'CelError'],
  ];
  it.each(cases)('%s is %j', (source, expected) => { expect(answer(source)).toEqual(expected); });
});
