import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TABLE_CHARS_MAX, TABLE_COLUMNS_MAX, TABLE_ROWS_MAX, tableOf } from '../../../src/domain/output-text/table.ts';

const SS = `State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      128          0.0.0.0:8080      0.0.0.0:*    users:(("api",pid=1,fd=3))
ESTAB  0      0          10.0.0.12:8080    10.0.0.99:51234
`;
const PS = `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root           1  0.0  0.1  11960  3072 ?        Ss   Nov24   0:00 /bin/sh -c sleep 1
www-data   20117 12.5 10.1 1119600 30720 ?       Sl   09:12   1:00 node server.js --port 80
`;
const DF = `Filesystem      Size  Used Avail Use% Mounted on
overlay          58G   21G   35G  38% /
/dev/nvme0n1p1   58G   21G   35G  38% /etc/hosts
`;
const NETSTAT = `Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    
tcp        0      0 0.0.0.0:8080            0.0.0.0:*               LISTEN      1/node              
udp        0      0 0.0.0.0:68              0.0.0.0:*                           -                   
`;

describe('what programs print, taken apart', () => {
  it('ss: headings of two words, one that runs into the next, a process that is not there', () => {
    expect(tableOf(SS)).toEqual({
      header: ['State', 'Recv-Q', 'Send-Q', 'Local Address:Port', 'Peer Address:Port', 'Process'],
      rows: [['LISTEN', '0', '128', '0.0.0.0:8080', '0.0.0.0:*', 'users:(("api",pid=1,fd=3))'], ['ESTAB', '0', '0', '10.0.0.12:8080', '10.0.0.99:51234', '']],
    });
  });
  it('ps: numbers to the right, a command with blanks', () => {
    expect(tableOf(PS)?.rows).toEqual([
      ['root', '1', '0.0', '0.1', '11960', '3072', '?', 'Ss', 'Nov24', '0:00', '/bin/sh -c sleep 1'],
      ['www-data', '20117', '12.5', '10.1', '1119600', '30720', '?', 'Sl', '09:12', '1:00', 'node server.js --port 80'],
    ]);
  });
  it('df', () => expect(tableOf(DF)?.rows[1]).toEqual(['/dev/nvme0n1p1', '58G', '21G', '35G', '38%', '/etc/hosts']));
  it('netstat: a title, and a state that is left empty stays empty', () => {
    expect(tableOf(NETSTAT)?.rows).toEqual([['tcp', '0', '0', '0.0.0.0:8080', '0.0.0.0:*', 'LISTEN', '1/node'], ['udp', '0', '0', '0.0.0.0:68', '0.0.0.0:*', '', '-']]);
  });
});

describe('fields and headings', () => {
  const HEAD = 'NAME   READY   STATUS   AGE';
  //            0      7       15       24
  it.each<readonly [string, string, readonly string[] | undefined]>([
    ['aligned to the left', 'api    1/1     Running  5d', ['api', '1/1', 'Running', '5d']],
    ['aligned to the right', ' api     1/1   Running   5d', ['api', '1/1', 'Running', '5d']],
    ['aligned with a later heading, past one that is empty', 'api            Running  5d', ['api', '', 'Running', '5d']],
    ['under a heading, aligned with neither end', 'api      1      Up      5', ['api', '1', 'Up', '5']],
    ['reaching under its heading from the left', 'api  12345678  x        5d', ['api', '12345678', 'x', '5d']],
    ['that touches its heading only from the left, between two: the next is its own', 'api  11  2     x        5d', undefined],
    ['between two headings, where the next is free', 'a  b   c       d        e', undefined],
    ['between the second and the third', 'api    1/1   x          5d', ['api', '1/1', 'x', '5d']],
    ['between the first and the second', 'api  x         Running  5d', ['api', 'x', 'Running', '5d']],
    ['behind the last heading', 'api    1/1     Running       5d', ['api', '1/1', 'Running', '5d']],
    ['behind the last heading, with one left out before', 'api    1/1                   5d', undefined],
    ['the last takes what is left, blanks and all', 'api    1/1     Running  5d (1h ago)  ', ['api', '1/1', 'Running', '5d (1h ago)']],
    ['two under one heading', 'api    1 1     Running  5d', undefined],
    ['nothing but the first', 'api', ['api', '', '', '']],
    ['nothing but the last', '                        5d ago', ['', '', '', '5d ago']],
  ])('%s', (_what, line, row) => {
    expect(tableOf(`${HEAD}\n${line}\n`)?.rows[0]).toEqual(row);
  });

  it('of three columns is the smallest table, of twenty the widest, of 99 rows the longest', () => {
    expect(tableOf('NAME READY AGE\nab   cd    ef\n')?.rows).toEqual([['ab', 'cd', 'ef']]);
    const header = Array.from({ length: TABLE_COLUMNS_MAX }, (_, index) => `C${String(index).padStart(2, '0')}`).join(' ');
    expect(tableOf(`${header}\nxxx\n`)?.header).toHaveLength(TABLE_COLUMNS_MAX);
    expect(tableOf(`NAME READY AGE\n${'ab   cd    ef\n'.repeat(TABLE_ROWS_MAX - 1)}`)?.rows).toHaveLength(TABLE_ROWS_MAX - 1);
  });

  it('holds as many characters as Slack takes, the header with them', () => {
    const long = (length: number): string => `NAME READY AGE\nab   cd    ${'x'.repeat(length)}\n`;
    const others = 'NAMEREADYAGEabcd'.length;
    expect(tableOf(long(TABLE_CHARS_MAX - others))).toBeDefined();
    expect(tableOf(long(TABLE_CHARS_MAX - others + 1))).toBeUndefined();
    expect(tableOf(`NAME READY AGE${' '.repeat(2 * TABLE_CHARS_MAX)}\nab   cd    ef\n`)).toBeUndefined();
  });

  it('lines of blanks are none, before the header and between', () => {
    expect(tableOf('  \nNAME READY AGE\n   \nab   cd    ef\n \n')?.rows).toEqual([['ab', 'cd', 'ef']]);
  });
});

describe('what is no table', () => {
  it.each([
    ['prose', 'the quick brown fox\njumps over the dog\n'], ['nothing', ''], ['blanks', '  \n \n'], ['a title alone', 'Active Internet connections\n'], ['a title and nothing like a header', 'Active Internet connections\nnone of them\nx\n'], ['a header alone', 'PID TTY TIME CMD\n'], ['two columns', 'NAME AGE\nx 1\n'],
    ['a line that begins left of nothing it could belong to', 'NAME      READY     STATUS\na b c d e f g\n'],
    ['a tab, which stands where only a terminal knows', 'NAME\tREADY\tSTATUS\na\tb\tc\n'],
    ['too many rows', `NAME READY STATUS\n${'aaaa bbbbb cccccc\n'.repeat(TABLE_ROWS_MAX)}`],
    ['too many columns', `${Array.from({ length: TABLE_COLUMNS_MAX + 1 }, (_, index) => `C${index}`).join(' ')}\nx\n`],
    ['too much text', `NAME READY STATUS\naaaa bbbbb ${'c'.repeat(TABLE_CHARS_MAX)}\n`],
  ])('%s', (_what, text) => expect(tableOf(text)).toBeUndefined());

  it('whatever is printed below a header, every row has each column once and keeps its words in order', () => {
    const line = fc.array(fc.constantFrom('a', 'bb', 'LISTEN', '0', '12345678', ' ', '   '), { maxLength: 12 }).map((parts) => parts.join(' '));
    fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
      const table = tableOf(`${SS.split('\n')[0]}\n${lines.join('\n')}`);
      if (table === undefined) return;
      const printed = lines.filter((one) => one.trim() !== '');
      table.rows.forEach((row, index) => {
        expect(row).toHaveLength(6);
        expect(row.join(' ').split(/\s+/).filter(Boolean)).toEqual(printed[index]!.split(/\s+/).filter(Boolean));
      });
    }));
  });
});
