/** What a red team got past the rules: arguments of programs, statements, protocols, hashes. */
import { describe, expect, it, test } from 'vitest';
import { findBesideNuls } from '../../../src/domain/output-text/nul.ts';
import { createFinder } from '../../../src/domain/output-text/redact.ts';
import { expectHidden, marked } from './marked.ts';

describe('arguments', () => {
  it.each([
    '["--password","«password|simplepw»"]',
    '- --token\n- «token|simplepw1»',
    '- --token\n- --verbose\n',
    'app\n--password\n«password|hunter»\n--verbose\n',
    '   --password\n       Sets the password\n',
    'app --password «password|hunter» --x',
    'app --password "«password|hunter»"',
    'app --api-key «key|letmein»',
    '$ app --api-key «key|letmein»',
    'root  12  0.0  0.1 1234 567 ?  Ssl  10:00  0:01 /usr/bin/app --password «password|hunter» --x',
    'mongosh --username a --password «password|simple» mongodb://h',
    'wget --password «password|simplepw» x',
    'redis-cli --pass «password|simplepw» ping',
    'clickhouse-client --password «password|simplepw»',
    'keytool -storepass «password|simplepw» -list -keypass «password|otherword»',
    'use --password hunter',
    'error: flag --password hunter is not defined',
    'error: unknown flag: --token foobar',
    'set --api-key properly',
    'Usage: app --password word --user name',
    '      --password string   the password',
    'app --password password --user user',
    'the flag --token needs a value',
  ])('%j', (text) => { expectHidden(text); });
  test('separated by NUL', () => {
    const { text, found } = findBesideNuls('app\u0000--password\u0000simplepw\u0000--user\u0000bob\u0000', createFinder([]));
    expect(marked(text, found)).toMatch(/^app --password «password\|simplepw»/);
    expect(marked(text, found)).not.toMatch(/«[^»]*bob/);
  });
});

describe('programs', () => {
  it.each([
    'docker login -u u -p «password|simplepw» r.io',
    'helm registry login r.io -u u -p «password|simplepw»',
    'az login --service-principal -u x -p «password|simplepw» --tenant t',
    'login -p simplepw',
    'vault login «password|Qx7vbn2kQx7»',
    'vault login -method=userpass user1=bob',
    'vault login failed',
    'rabbitmqctl add_user bob «password|simplepw»',
    'rabbitmqctl list_users bob simplepw',
    'snmpget -v2c -c «password|Qx7vbn2k» host',
    'snmpwalk -v3 -A «password|authpass12» -X «password|privpass12» host',
    'curl -b «cookie|session=abc» http://x',
    'curl -b "«cookie|a=b; c=d»" http://x',
    'curl -b jar.txt http://x',
    'aws configure set aws_secret_access_key «key|wJalrXUtnFEMI/K7MDENG»',
    'sqlplus scott/«password|t1ger99»@orcl',
    'sqlplus -s scott/«password|t1ger99»',
    'url: jdbc:oracle:thin:scott/«password|t1ger99»@//db:1521/orcl',
    'jdbc:oracle:thin:@//db:1521/orcl',
    'openssl rsa -passin pass:«password|simplepw» -in x',
    'openssl pkcs12 -passout pass:«password|simplepw»',
    'openssl rsa -passin file:/x',
    'openssl enc -k «password|simplepw» -in x',
    'htpasswd -b f u «password|simplepw»',
    'htpasswd -nb u «password|simplepw»',
    'htpasswd f u extra',
    'zip -r -P «password|simplepw» x',
    'mc alias set minio http://h:9000 ACCESSKEYX «password|SECRETKEYX99»',
    '["sshpass","-p","«password|simplepw»"]',
    '["mysql","-p«password|simplepw»"]',
    'redis-cli -h r -a\nmysql -h db -P 3306 -u root -p app',
    'mongod -port 27017 -p 27017',
    'mongodump -port 27017',
    '/usr/sbin/mysqld --defaults-file=/etc/my.cnf -pidfile=/x',
    'mysql-pod-0 1/1 Running -p8080',
  ])('%j', (text) => { expectHidden(text); });
});

describe('statements and protocols', () => {
  it.each([
    'ALTER USER app WITH PASSWORD \'«password|s3 cret»\';',
    'CREATE ROLE app LOGIN ENCRYPTED PASSWORD \'«password|simplepw»\';',
    'SELECT \'password \' || name',
    'CREATE USER a IDENTIFIED WITH mysql_native_password BY \'«password|simplepw»\'',
    'SET PASSWORD FOR a = PASSWORD(\'«password|simplepw»\')',
    'AUTH «password|simplepw1»\n',
    'AUTH default «password|simplepw1»\n',
    '10.0.0.5:6379> AUTH «password|simplepw»\n',
    'AUTH failed\n',
    'AUTH error while reading\n',
    '1339518083.1 [0 127.0.0.1:60866] "AUTH" "«password|simplepw»"',
    '1339518083.1 [0 127.0.0.1:60866] "auth" "bob" "«password|simplepw»"',
    'user default on >«password|simplepw» ~* +@all',
    `user default on #«password|${'5e884898'.repeat(8)}» ~* +@all`,
    'turned on > simple',
    'AUTH PLAIN «authorization header|AGFwcABzaW1wbGVwdw==»',
    'PASS «password|hunter2»\n',
    '*2\n$4\nAUTH\n$10\n«password|hunter2val»\n',
    'AUTH LOGIN\n334 VXNlcm5hbWU6\nYXBw\n334 UGFzc3dvcmQ6\n«password|aHVudGVyMnZhbA==»',
    '---> PASS «password|hunter»',
    'PASS: TestFoo',
    'PASS TestFoo2',
    'PASS src/app.test.ts',
    'PASS app.spec.js',
    '--- PASS: TestToken (0.00s)',
    'a1 LOGIN app «password|simplepw»',
    'user LOGIN app done',
  ])('%j', (text) => { expectHidden(text); });
});

describe('hashes', () => {
  const hex = '2470C0C06DEE42FD1618BBB99005ADCA2EC9D1E1';
  it.each([
    'u:«password hash|$apr1$abc$defghijklmnopqrstuv»',
    'u:«password hash|{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=»',
    'u «password hash|{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=»',
    'postgres | «password hash|SCRAM-SHA-256$4096:abcdefghijk==$lmnopqrst=:uvwxyz0123=»',
    'postgres | «password hash|md53175bce1d3201d16594cebf9d7eb3f9d»',
    'amd53175bce1d3201d16594cebf9d7eb3f9d',
    'md5 3175bce1d3201d16594cebf9d7eb3f9d',
    `| root | localhost | «password hash|*${hex}» |`,
    `| root | *${hex}A |`,
    `| root | *${hex.toLowerCase()} |`,
    '| root | «password hash|$A$005$abcdefghijklmnopqrstuvwxyz0123456789» |',
  ])('%j', (text) => { expectHidden(text); });
});
