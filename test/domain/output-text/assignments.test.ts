/** A name that announces a secret, and where its value begins and ends. */
import { describe, it } from 'vitest';
import { expectHidden } from './marked.ts';

describe('names: where they begin and end', () => {
  it.each([
    'password=«password|hunter2»',
    'x\\nPASSWORD=«password|hunter2»',
    'x\\tDB_TOKEN=«token|abc»',
    'C:\\nextpassword=«password|abc»',
    `${'a'.repeat(70)}password=«password|hunter2»`,
    `${'a'.repeat(55)}password=«password|hunter2»`,
    `password${'a'.repeat(70)}=hunter2`,
    `${'a'.repeat(200)}_password=«password|hunter2» token=«token|abc»`,
  ])('%j', (text) => { expectHidden(text); });
});

describe('schemes before the value', () => {
  it.each([
    'token: bearer abcdef',
    'api_token: Token «token|abcdef12»',
    'token: "«token|bearer»" x1',
    'token: bearer, abcdef',
    'token=basic «token|abcdef12»',
    'my-token: tokenless abc1',
  ])('%j', (text) => { expectHidden(text); });
});

describe('blocks of YAML', () => {
  it.each([
    'password: |\n«password|  abc\n  def»\nb: 1',
    'password: |\n«password|  abc\n\n  def»\nb: 1',
    'password: |\n«password|  abc\n \t\n  def»\nb: 1',
    '  token: |\n«token|    abc\n \n    def»\n  b: 1',
    '  password: >-\n«password|    abc»\n  b: 1',
    'password: |',
    'password: |\n',
    'password: |2-\n«password|    abc»',
    '\tpassword: |\n«password|\t\tabc»\n\tb: 1',
    'password: |x\n  abc',
    'x password: |\n  abc',
    'password= |\n  abc',
    `password: |\n«password|${' '.repeat(200)}abc»\nb`,
  ])('%j', (text) => { expectHidden(text); });
});

describe('what is about a secret', () => {
  it.each([
    'secret: prod/db',
    'secrets=prod/db',
    'secretly_secret_thing: «secret|prod/db1»',
    'db-secrets: «secret|Prod/db1»',
    'secret_key: «key|prod/db»',
    'tokens=5',
    'tokens=5a',
    'tokens=a5',
    'tokens: abc12345',
    'credentials=«secret|5»',
    'passes=5',
    'dbpass=«password|5»',
    'tokens=55',
  ])('%j', (text) => { expectHidden(text); });
});

describe('how many there are of it', () => {
  it.each([
    'credentials: «secret|5»', 'db_secrets=57', 'x_credentials_list=«secret|5»', 'secrets=5', 'passwords=«password|5»', 'secrets=«secret|abc5»', 'secrets=«secret|5abc»', 'secret=«secret|5»', 'ssh_keys=12', 'bypass_secrets=«password|57»', 'api_keys=«key|a,b»', 'API_KEYS=«key|a,b»',
  ])('%j', (text) => { expectHidden(text); });
});

describe('within a sentence', () => {
  it.each([
    'the Password:«password|hunter» of it',
    'the Password: hunter of it',
    'the Password:12345 of it',
    'the Password:«password|1a» of it',
    'the Password:«password|a1» of it',
    'the Secret:hunter of it',
    'the password:hunter of it',
    'the password: «password|abcdefg1» of it',
    'the password: abcdefgh of it',
    'the password: "«password|abc»" of it',
    'the secret is token: «token|abcdefg1»',
    'go DbPassword:«password|hunter» x',
  ])('%j', (text) => { expectHidden(text); });
});

describe('a line of its own', () => {
  it.each([
    'password: «password|one,two)three»',
    'password: one two',
    '  password: «password|one,two»',
    '- password: «password|one,two»',
    '+password: «password|one,two»',
    'export DB_PASSWORD=«password|one two»',
    'declare -x DB_PASSWORD="«password|one two»"',
    'DB_PASSWORD="«password|one»" two',
    'run DB_PASSWORD=«password|one» two',
    'run DB_PASSWORD=«password|a»,b c',
    'DB_PASSWORD: a,b c',
    'DB_PASSWORD => «password|a,b»',
    'x\\xPASSWORD=«password|ab1»',
    'x\\rdb_password=«password|ab1»',
    'api_token: «token|Token»\nabcdef12',
    'api_token: Token\tabcdef12',
    'db_password=«password|one two»',
    'db.Password=«password|one two»',
    'password: "«password|one»",two',
    'Password: one, two',
  ])('%j', (text) => { expectHidden(text); });
});

describe('separators', () => {
  it.each([
    'password := «password|abc»',
    'password => «password|abc»',
    'password==abc',
    'password=>«password|abc»',
    'password::abc',
    'password=~abc',
    'password>abc',
    '<password>«password|abc»</password>',
    'x<db_password>«password|a b»</db_password>',
    '"password" : "«password|abc»"',
    '[password]=«password|abc»',
    '["password"]="«password|abc»"',
    '\'password\':\'«password|abc»\'',
    '`password`=`«password|abc»`',
    'password                 = «password|abc»',
    `password${' '.repeat(64)}= «password|abc»`,
    `password${' '.repeat(65)}= abc`,
  ])('%j', (text) => { expectHidden(text); });
});

describe('name and value apart', () => {
  it.each([
    '- name: DB_PASSWORD\n  value: «password|abc»',
    '- name: "DB_PASSWORD"\n  value: "«password|a b»"',
    '{"name":"DB_PASSWORD","value":"«password|abc»"}',
    '{"name": "DB_PASSWORD", "value": "$(X)"}',
    '{"key":"DB_PASSWORD","value":"«password|abc»"}',
    'names: DB_PASSWORD\n  value: abc',
    'rename: DB_PASSWORD\n  value: abc',
    '- name: DB_PASSWORD\n  valueFrom: abc',
    '- name: DB_HOST\n  value: abc',
    'Name=DB_PASSWORD Value=«password|abc»',
  ])('%j', (text) => { expectHidden(text); });
});

describe('flags', () => {
  it.each([
    'The <token> is read from the environment',
    'Usage: login <user> <password> for the admin account',
    '<password>«password|abc»</password>',
    '<password>«password|a b»</password> <x>',
    '<password>«password|a» b\nc</password>',
    'app --db-password "«password|-S3cretPw1»" x',
    'app --token \'«token|-S3cretPw1»\'',
    'app --token -S3cretPw1',
    'app --token  -S3cretPw1',
    'app --db-password «password|s3cret» -v',
    'app --db-password «password|hunter» -v',
    'app --db-password «password|huntER» -v',
    'app --db-password abc -v',
    'app --db-password a1c -v',
    'app --db-password «password|ab1c» -v',
    'app --db-password word. -v',
    'app --db-password «password|w.ord» -v',
    'app --db-password word: -v',
    'app --db-password «password|.word» -v',
    'app --db-password -x1yz -v',
    'app --db-password "«password|two words1»" -v',
    'app --db-password $SECRET1 -v',
    'app --db-password=«password|s3cret» -v',
    'app db-password s3cret -v',
    'app --db-password    «password|s3cret»',
    'app --db-password     s3cret',
    'app -token «token|s3cret9»',
  ])('%j', (text) => { expectHidden(text); });
});

describe('long values are not read again', () => {
  it.each([
    `token=${'$'.repeat(300)}password=abc`,
    'token=$(x_password=«password|abc1234»)',
    `token=$(${'a'.repeat(300)}_password=abc1)`,
  ])('%j', (text) => { expectHidden(text); });
});
