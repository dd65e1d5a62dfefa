import { describe, expect, test } from 'vitest';
import { ordinaryOutput } from '../../../bench/ordinary-output.ts';
import { isShown, leaksOf } from '../../../bench/leaks.ts';
import { createOwnFinder } from '../../../src/domain/output-text/own.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { show } from '../../../src/domain/output-text/show.ts';

const BYTES_MAX = 8 * 1_024 * 1_024;
/** The same in every run; `npm run bench -- redaction` and `node bench/redaction-soak.ts` take others. */
const SEED = 7;
const find = createFinder([]);
const shown = (text: string): string => show({ head: Buffer.from(text) }, find, BYTES_MAX).head;
// In two halves, so that scanners of repositories do not stop at this file.
const id = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');

describe('what is hidden', () => {
  test.each([
    ['password: hunter2', 'password: [hidden: password]'],
    ['{"password":"a \\"b\\" c","n":1}', '{"password":"[hidden: password]","n":1}'],
    ['{\\"password\\":\\"x1\\",\\"n\\":1}', '{\\"password\\":\\"[hidden: password]\\",\\"n\\":1}'],
    ['DB_PASSWORD=two words, and more', 'DB_PASSWORD=[hidden: password]'],
    ['a=1&access_token=abc123&b=2', 'a=1&access_token=[hidden: token]&b=2'],
    ['Server=db;Password=p4ss;Pooling=true', 'Server=db;Password=[hidden: password];Pooling=true'],
    ['<password>p4ss</password>', '<password>[hidden: password]</password>'],
    ['{User:app Password:hunter Host:db}', '{User:app Password:[hidden: password] Host:db}'],
    ['tls_key: |\n  abc\n  def\nb: 1', 'tls_key: |\n[hidden: key]\nb: 1'],
    ['name: DB_PASSWORD\nvalue: x1', 'name: DB_PASSWORD\nvalue: [hidden: password]'],
    ['> X-Api-Key: abc', '> X-Api-Key: [hidden: key]'],
    ['Authorization: Digest username="a", response="b"', 'Authorization: [hidden: authorization header]'],
    ['bearer abcdefg1', 'bearer [hidden: bearer token]'],
    ['Set-Cookie: a=b; Path=/', 'Set-Cookie: [hidden: cookie]'],
    ['redis://:p4@h', 'redis://:[hidden: URL password]@h'],
    ['postgres://u:p/4@h/db', 'postgres://u:[hidden: URL password]@h/db'],
    ['machine h login me password p4', 'machine h login me password [hidden: password]'],
    ['requirepass foobared', 'requirepass [hidden: password]'],
    [`{"AccessKeyId":"${id}"}`, '{"AccessKeyId":"[hidden: AWS key id]"}'],
    ['PATH=/bin\u0000API_TOKEN=x1\u0000HOME=/root\u0000', 'PATH=/bin\nAPI_TOKEN=[hidden: token]\nHOME=/root\n'],
    // A NUL can also stand within a value, so the next word goes too.
    ['mysql\u0000--password=x1\u0000db\u0000-v', 'mysql --password=[hidden: password]'],
    ['nginx\u0000-g\u0000daemon off;\u0000', 'nginx -g daemon off;\n'],
  ])('%s', (text, expected) => expect(shown(text)).toBe(expected));
});

describe('what stays', () => {
  test.each([
    'password: ', 'Password for root:', 'password=$DB_PASSWORD', 'token: <none>', 'password: ****', 'token=true', 'max_tokens=4096', 'TOKEN_PATH=/var/run/token', 'secretName: db', 'secretKeyRef:', 'tokens: 5',
    'unexpected token: found }', 'the key: value', 'http://host:8080/a@b', 'https://user@host/', 'basic: yes', 'risk-abcdefghijklmnopqrstuvwxyz', 'cookie: none', 'secret="prod/db"', 'Failed password for root', 'if (token == nil)', 'std::token::next',
    'password must be at least 8 characters', '--password string   the password', 'signature=', 'sha256:4bf92f3577b34da6a3ce929d0e0e47364bf92f3577b34da6a3ce929d0e0e4736', '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0B\n-----END CERTIFICATE-----',
  ])('%s', (text) => expect(shown(text)).toBe(text));

  test('at most one false hit per MiB of ordinary diagnostic output', () => {
    const MIB = 2;
    const { redactions } = show({ head: Buffer.from(ordinaryOutput(SEED, MIB * 1_024 * 1_024)) }, find, BYTES_MAX);
    expect(redactions.reduce((sum, { count }) => sum + count, 0), JSON.stringify(redactions)).toBeLessThanOrEqual(MIB);
  });
});

describe('recall on leaks made anew', () => {
  const leaks = leaksOf(SEED, 25);
  const kinds = [...new Set(leaks.map(({ kind }) => kind))];
  const recall = (kind?: string): number => {
    const those = leaks.filter((leak) => kind === undefined || leak.kind === kind);
    return those.filter(({ text, secret }) => !isShown(shown(text), secret)).length / those.length;
  };
  test.each(kinds)('%s: 80 %%', (kind) => expect(recall(kind)).toBeGreaterThanOrEqual(0.8));
  test('90 % in all', () => expect(recall()).toBeGreaterThanOrEqual(0.9));
});

test('own secrets, as they are, in a URL and in base64; short ones are let be', () => {
  const own = createFinder([createOwnFinder(['s3cr+t/value', 'abc'])]);
  const text = `s3cr+t/value ${encodeURIComponent('s3cr+t/value')} ${Buffer.from('s3cr+t/value').toString('base64')} abc`;
  expect(show({ head: Buffer.from(text) }, own, BYTES_MAX)).toMatchObject({ head: expect.stringMatching(/ abc$/), redactions: [{ what: 'kdebug secret', count: 3 }] });
});
