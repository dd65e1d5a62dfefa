import { describe, expect, it } from 'vitest';
import { compare, type PodAnswer } from '../../../src/domain/output-text/compare.ts';
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
});
