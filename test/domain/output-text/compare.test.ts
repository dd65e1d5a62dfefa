import { describe, expect, it } from 'vitest';
import { compare, type Difference, type PodAnswer } from '../../../src/domain/output-text/compare.ts';
import type { PodName } from '../../../src/domain/names.ts';

const answer = (pod: string, text?: string, ending = 'exit 0'): PodAnswer => ({ pod: pod as PodName, ending, ...(text !== undefined && { text }) });
const sockets = (waiting: number): string => `State Peer\nLISTEN *\n${Array.from({ length: waiting }, (_, index) => `CLOSE-WAIT 10.0.0.${index}\n`).join('')}`;

describe('several answers', () => {
  it('that are the same differ in nothing', () => {
    expect(compare([answer('a', 'x\n'), answer('b', 'x\n'), answer('c', 'x')])).toEqual({ same: ['a', 'b', 'c'], differences: [], notCompared: [] });
  });
  it('the one that has thousands of a state is named with the count', () => {
    const { same, differences } = compare([answer('a', sockets(0)), answer('b', sockets(0)), answer('c', sockets(4_112))]);
    expect(same).toEqual(['a', 'b']);
    expect(differences[0]).toEqual({ kind: 'count', pod: 'c', word: 'CLOSE-WAIT', count: 4_112, elsewhere: 0 });
    expect(differences[1]).toMatchObject({ kind: 'lines', pod: 'c', more: 4_112, fewer: 0 });
  });
  it('a count that is only somewhat higher is no news', () => {
    expect(compare([answer('a', sockets(5)), answer('b', sockets(10))]).differences.filter(({ kind }) => kind === 'count')).toEqual([]);
  });
  it('lines that one has more and less than most', () => {
    expect(compare([answer('a', 'x\ny\n'), answer('b', 'x\ny\n'), answer('c', 'x\nz\n')]).differences).toEqual([{ kind: 'lines', pod: 'c', more: 1, fewer: 1, example: 'z' }]);
  });
  it('an exit code that differs is named, with what most have', () => {
    expect(compare([answer('a', 'x'), answer('b', 'x', 'exit 1'), answer('c', 'x')]).differences).toEqual([{ kind: 'ending', pod: 'b', ending: 'exit 1', usual: 'exit 0' }]);
  });
  it('of two endings neither is the usual one', () => {
    expect(compare([answer('a', 'x'), answer('b', 'x', 'exit 1')]).differences).toEqual([{ kind: 'ending', pod: 'a', ending: 'exit 0', usual: '' }, { kind: 'ending', pod: 'b', ending: 'exit 1', usual: '' }]);
  });
  it('without an output there is nothing to compare but how it ended', () => {
    expect(compare([answer('a', 'x'), answer('b', undefined, 'did not start (pod_gone)'), answer('c', 'x')])).toEqual({
      same: ['a', 'c'], differences: [{ kind: 'ending', pod: 'b', ending: 'did not start (pod_gone)', usual: 'exit 0' }], notCompared: ['b'],
    });
  });
  it('a number or a host name is no word to count', () => {
    expect(compare([answer('a', 'API-7F9.EXAMPLE.ORG 1\n'.repeat(9)), answer('b', '')]).differences.filter(({ kind }) => kind === 'count')).toEqual([]);
  });

  const counts = (differences: readonly Difference[]) => differences.flatMap((one) => (one.kind === 'count' ? [[one.pod, one.word, one.count, one.elsewhere]] : []));
  const words = (word: string, count: number): string => `${word} x\n`.repeat(count);

  it.each<readonly [string, string, string, readonly (readonly (string | number)[])[]]>([
    ['from five on', words('ERROR', 5), '', [['a', 'ERROR', 5, 0]]],
    ['four are too few', words('ERROR', 4), '', []],
    ['three times as many as elsewhere', words('ERROR', 15), words('ERROR', 5), [['a', 'ERROR', 15, 5]]],
    ['less than three times is too few', words('ERROR', 14), words('ERROR', 5), []],
    ['the two highest, the higher first', words('WARN', 6) + words('ERROR', 9) + words('INFO', 7), '', [['a', 'ERROR', 9, 0], ['a', 'INFO', 7, 0]]],
    ['once a line', 'ERROR ERROR ERROR\n'.repeat(4), '', []],
  ])('a word is told %s', (_what, one, other, told) => {
    expect(counts(compare([answer('a', one), answer('b', other)]).differences)).toEqual(told);
  });

  it('an ordinary line is one that the middle pod has so often', () => {
    const lines = (counted: number) => `x\n${'y\n'.repeat(counted)}`;
    const { differences } = compare([answer('a', lines(10)), answer('b', lines(2)), answer('c', lines(0)), answer('d', lines(2)), answer('e', lines(3))]);
    expect(differences).toEqual([
      { kind: 'lines', pod: 'a', more: 8, fewer: 0, example: 'y' }, { kind: 'lines', pod: 'c', more: 0, fewer: 2, example: null }, { kind: 'lines', pod: 'e', more: 1, fewer: 0, example: 'y' },
    ]);
  });

  it('of two pods the smaller number is the ordinary one', () => {
    expect(compare([answer('a', 'x\ny\n'), answer('b', 'x\n')]).differences).toEqual([{ kind: 'lines', pod: 'a', more: 1, fewer: 0, example: 'y' }]);
  });

  it('blanks at the end of lines and of the text make no difference, nor does what is beyond 20,000 lines', () => {
    expect(compare([answer('a', 'x  \ny\n\n\n'), answer('b', 'x\ny')])).toMatchObject({ same: ['a', 'b'], differences: [] });
    expect(compare([answer('a', ' x'), answer('b', 'x')]).same).toEqual([]);
    const long = 'x\n'.repeat(20_000);
    expect(compare([answer('a', `${long}a\n`), answer('b', `${long}b\n`)])).toMatchObject({ same: ['a', 'b'], differences: [] });
    expect(compare([answer('a', 'x\ny'), answer('b', 'xy')]).same).toEqual([]);
  });

  it('the largest set that agrees is named, whoever answered first', () => {
    expect(compare([answer('a', 'x'), answer('b', 'y'), answer('c', 'y'), answer('d', 'y'), answer('e', 'x')]).same).toEqual(['b', 'c', 'd']);
    expect(compare([answer('a', 'x'), answer('b', 'y')]).same).toEqual([]);
    expect(compare([answer('a', 'x'), answer('b', 'x', 'exit 1')]).same).toEqual([]);
  });

  it('the ending that most have is the usual one, whoever answered first', () => {
    expect(compare([answer('a', 'x', 'exit 2'), answer('b', 'x', 'exit 1'), answer('c', 'x', 'exit 1')]).differences).toEqual([{ kind: 'ending', pod: 'a', ending: 'exit 2', usual: 'exit 1' }]);
  });

  it('of no or one answer with an output nothing differs', () => {
    expect(compare([])).toEqual({ same: [], differences: [], notCompared: [] });
    expect(compare([answer('a', undefined), answer('b', undefined)])).toEqual({ same: [], differences: [], notCompared: ['a', 'b'] });
    expect(compare([answer('a', words('ERROR', 9)), answer('b', undefined)])).toEqual({ same: [], differences: [], notCompared: ['b'] });
  });
});
