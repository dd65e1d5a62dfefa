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

describe('what is no table', () => {
  it.each([
    ['prose', 'the quick brown fox\njumps over the dog\n'], ['nothing', ''], ['a header alone', 'PID TTY TIME CMD\n'], ['two columns', 'NAME AGE\nx 1\n'],
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
