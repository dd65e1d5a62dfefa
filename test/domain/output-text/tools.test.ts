/** Secrets that only the tool around them explains. */
import { describe, it } from 'vitest';
import { expectHidden } from './marked.ts';

// In two halves, so that scanners of repositories do not stop at this file.
const [ID, AWS] = [['AKIA', 'IOSFODNN7EXAMPLE'].join(''), ['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYEXAMPLEKEY'].join('')];

describe('tools', () => {
  it.each([
    'mysql -uroot -p«password|S3cr\'et!pass» -h db',
    'sshpass -p «password|Sup3r\'Secret99» ssh x',
    'curl -u admin:«password|Pa"ssw0rd99» https://x',
    'sh -c \'mysql -p«password|hunter2»\'',
    'sh -c \'mysql -p«password|hunter2»\' x',
    '["sh","-c","mysql -p«password|hunter2»"]',
    '(mysql -p"«password|hunter2»")',
    'mysql -u root -p«password|hunter2» db',
    'mysql -u root -p hunter2',
    'mysql -p«password|hunter2»',
    'mysql -ph2',
    'mysql -p$PASS',
    'mysql -u a -p"«password|hun ter2»"',
    'mysqldump -u a -p«password|hunter2;x»',
    'mongo -u a -p «password|hunter2» x',
    'sshpass -p «password|hunter2» ssh x',
    'redis-cli -a «password|hunter2» ping',
    'redis-cli -h x -a«password|hunter2» ping',
    'ldapsearch -w «password|hunter2» -x',
    'sqlcmd -S x -P «password|hunter2»',
    'curl -u user:«password|hunter2» https://x',
    'curl --user=user:«password|hunter2» https://x',
    'curl -U "user:«password|hunter2»" https://x',
    'curl --proxy-user user:«password|hunter2»',
    'curl -u user:«password|h2»',
    'curl -u user: x',
    'smbclient -U user%«password|hunter2» //x',
    'etcdctl --user root:«password|hunter2» get',
    `mysql ${'-x '.repeat(120)}-p«password|hunter2»`,
    `mysql ${'-x '.repeat(132)}-phunter2`,
    'mysql -p«password|hun,ter2» x',
  ])('%j', (text) => { expectHidden(text); });
});

describe('AWS pairs', () => {
  it.each([
    `«AWS key id|${ID}» «AWS secret key|${AWS}» x`,
    `«AWS key id|${ID}»\n«AWS secret key|${AWS}»`,
    `«AWS key id|${ID}» ${'x '.repeat(49)}«AWS secret key|${AWS}»`,
    `«AWS key id|${ID}» ${'x '.repeat(50)}${AWS}`,
    `${AWS} «AWS key id|${ID}»`,
    'AKIAIOSFODNN7EXAMPL wJalrXUtnFEMI',
    `x${ID}`,
    `\\n«AWS key id|${ID}»`,
    `%3D«AWS key id|${ID}»`,
    `xx%3D«AWS key id|${ID}»`,
    `«AWS key id|${ID}X»`,
    `${ID}XY`,
  ])('%j', (text) => { expectHidden(text); });
});

describe('hashes, netrc, hex', () => {
  it.each([
    '«password hash|$6$abcdefghijklmnop»',
    '$6$abcdefghijklmno',
    'root:«password hash|$y$j9T$abcdefghijklmnop»:19000',
    '«password hash|$2b$12$abcdefghijklmnopq»',
    'machine h login me password «password|p4» x',
    'password p4 login x',
    `login me\n${'x'.repeat(180)}\npassword «password|p4»`,
    `login me\n${'x'.repeat(200)}\npassword p4`,
    'login me password <hidden>',
    'login me password',
    'mylogin me password p4',
    'xlogins me password p4',
    'requirepass «password|foobared»',
    'requirepass "«password|foo bared»" x',
    'masterauth     «password|foobared»',
    'CREATE USER a IDENTIFIED BY \'«password|p4 ss»\';',
    'identified by $X',
    `login a password <${'a'.repeat(80)}`,
    `«private key|0x${'0123456789abcdef'.repeat(4)}»`,
    `0x${'0123456789abcdef'.repeat(4)}a`,
    `0x${'0123456'.padStart(64, '0')}`,
    `«private key|0x${'01234567'.padStart(64, '0')}»`,
    `«private key|0x${'01234567A'.padStart(64, '0')}» y`,
    `0x${'aAbBcCdD'.padStart(64, '0')}`,
    `x 0x${'0'.repeat(64)} 0123456789abcdef`,
  ])('%j', (text) => { expectHidden(text); });
});
