/** What a red team got past the rules: values of odd beginnings, and files in which neither `=` nor `:` stands before the value. */
import { describe, expect, it, test } from 'vitest';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { expectHidden } from './marked.ts';

/** The same in every run. */
const randomOf = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

describe('passwords of any printable characters', () => {
  const [PASSWORDS, CHARS, FIRST, COUNT] = [2_000, 16, 33, 94];
  const find = createFinder([]);
  test.each([
    ['DB_PASSWORD=', (it: string) => `DB_PASSWORD=${it}`],
    ['db.password=', (it: string) => `db.password=${it}`],
    ['password: ', (it: string) => `password: ${it}`],
    ['JSON', (it: string) => JSON.stringify({ password: it })],
    ['db_password = "…"', (it: string) => `db_password = "${it.replace(/["\\]/g, 'a')}"`],
  ])('%s: fewer than 2 %% are shown, and of fewer than 3 %% the end', (_name, form) => {
    const random = randomOf(7);
    const texts = Array.from({ length: PASSWORDS }, () => form(Array.from({ length: CHARS }, () => String.fromCharCode(FIRST + random(COUNT))).join('')));
    const ends = texts.map((text) => find(text).reduce((last, { end }) => Math.max(last, end), 0));
    expect(ends.filter((end) => end === 0).length / PASSWORDS).toBeLessThan(0.02);
    expect(ends.filter((end, index) => end > 0 && end < (texts[index] ?? '').replace(/["}]+$/, '').length).length / PASSWORDS).toBeLessThan(0.03);
  });
});

describe('values of odd beginnings', () => {
  it.each([
    'password = «password|r00t pw»\n',
    'db_password=«password|My "quoted" pw1»',
    'db_password=«password|one» user=bob',
    'token = «token|abc def»',
    'spring.redis.password: «password|p@ss word»',
    'password: enter it',
    'PASSWORD=«password|=tr0ng!9»',
    'PASSWORD=«password|:tr0ng!9»',
    'PASSWORD=«password|~tr0ng!9»',
    'token=="abc12"',
    'token==null',
    'token = null;',
    'token: ~',
    'token=--',
    '    DB_PASSWORD:   «password|(Qx7!vbn2»',
    'password: «password|{Qx7!vbn2»',
    'password: {',
    'password: [a,',
    '{"password":"«password|<Qx7vbn2»"}',
    '{"password":"<Qx7vbn2>"}',
    '{"password":"«password|%sekr3t»"}',
    '{"password":"%s"}',
    '{"password":"${DB_PASSWORD}"}',
    '{"url":"${HOST}:${PORT}","password":"${A}-${B}"}',
    'password: "{{ vault_password }}"',
    'password = var.db_password',
    'secret = data.aws_secretsmanager_secret.x.arn',
    'password: vault:secret/data/db#password',
    'password: @@DB_PASSWORD@@',
    'password: *default',
    'password: «password|*Qx7vbn2»',
    'DB_PASSWORD:  <set to the key \'password\' in secret \'db\'>  Optional: false',
  ])('%j', (text) => { expectHidden(text); });
});

describe('passwords in addresses', () => {
  it.each([
    'postgres://app:«URL password|Qx7\'vbn2»@db/app',
    'postgres://app:«URL password|Qx7"vbn2»@db/app',
    'postgres://app:«URL password|Qx7<vbn2»@db/app',
    'postgres://u:«URL password|<abc123»@h/d',
    'postgres://u:«URL password|{Qx7vbn2»@h/d',
    'postgres://u:«URL password|*Qx7vbn2»@h/d',
    'postgres://app:«URL password|12345/67»@db/app',
    'mysql://root:«URL password|true»@db/x',
    'redis://default:«URL password|none»@r:6379',
    'postgres://u:$DB_PASSWORD@h/d',
    'postgres://u:${DB_PASSWORD}@h/d',
    'postgres://u:<password>@h/d',
    'postgres://u:***@h/d',
    'postgres://u:@h/d',
    '{"url":"http://a:80","mail":"x@y"}',
    '{\\"url\\":\\"http://a:80\\",\\"mail\\":\\"x@y\\"}',
    '<a href="http://h:80">x@y</a>',
    'http://host:8080/a@b',
    'redis://redis:6379/0',
  ])('%j', (text) => { expectHidden(text); });
});
