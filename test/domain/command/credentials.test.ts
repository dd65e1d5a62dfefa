import { describe, expect, test } from 'vitest';

import { findCredential, holdsCredential } from '../../../src/domain/command/credentials.ts';
import { parseCommand } from '../../../src/domain/command/parse.ts';

const ADVICE = 'What is typed here is kept and shown: use a preset, or a file in the image. Nothing was saved.';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl';
// Built from parts, so that no scanner of this repository takes an example for a leak.
const of = (...parts: string[]): string => parts.join('');

describe('argv that looks like a credential is refused, and never repeated', () => {
  test.each<[string, number, string, string]>([
    ['curl -H "Authorization: Bearer s3cr3tvalue"', 3, 'a bearer token', 's3cr3tvalue'],
    ['curl -H “authorization: bearer s3cr3tvalue”', 3, 'a bearer token', 's3cr3tvalue'],
    ['curl -H Authorization: Bearer s3cr3tvalue', 5, 'a bearer token', 's3cr3tvalue'],
    ['curl -H "Authorization: Basic dXNlcjpwYXNz"', 3, 'an authorization header', 'dXNlcjpwYXNz'],
    [`echo ${JWT}`, 2, 'a JSON Web Token', JWT],
    [of('echo xox', 'b-123456789012-abcdef'), 2, 'a Slack token', '123456789012'],
    [of('echo gh', 'p_abcdefghijklmnopqrstuvwxyz0123456789'), 2, 'a GitHub token', 'abcdefghij'],
    [of('echo github', '_pat_11ABCDEFG0abcdefghij'), 2, 'a GitHub token', '11ABCDEFG'],
    [of('echo AK', 'IAIOSFODNN7EXAMPLE'), 2, 'an AWS access key', 'IOSFODNN7'],
    [of('echo sk', '_live_4eC39HqLyjWDarjtT1zdp7dc'), 2, 'a Stripe key', '4eC39HqLy'],
    [of('echo sk', '-ant-api03-abcdefgh'), 2, 'an API key', 'abcdefgh'],
    [of('echo AI', 'zaSyA1234567890abcdefghijklmnopqrstuv'), 2, 'an API key', '1234567890'],
    [of('echo gl', 'pat-abcdefghij0123456789'), 2, 'a GitLab token', 'abcdefghij'],
    [of('echo npm', '_abcdefghijklmnopqrstuvwxyz0123456789'), 2, 'an access token', 'abcdefghij'],
    [of('echo "-----BEGIN RSA PRI', 'VATE KEY-----\nMIIE"'), 2, 'a private key', 'MIIE'],
    ['psql postgres://app:hunter2@db/app', 2, 'a URL with a password', 'hunter2'],
    ['psql password=hunter2', 2, 'a password or token', 'hunter2'],
    ['env PGPASSWORD=hunter2 psql', 2, 'a password or token', 'hunter2'],
    ['curl https://x/?access_token=hunter2', 2, 'a password or token', 'hunter2'],
    ['curl -d \'{"password": "hunter2"}\'', 3, 'a password or token', 'hunter2'],
    ['curl -H "X-Api-Key: abcdef123456"', 3, 'a password or token', 'abcdef123456'],
    ['app --password hunter2', 3, 'a password or token', 'hunter2'],
    ['app --db-password hunter2', 3, 'a password or token', 'hunter2'],
    ['app --api-key=hunter2', 2, 'a password or token', 'hunter2'],
    ['mysql -uroot -phunter2', 3, 'a password or token', 'hunter2'],
    ['/usr/bin/mysqldump -phunter2 app', 2, 'a password or token', 'hunter2'],
    ['timeout 5 redis-cli -a hunter2', 5, 'a password or token', 'hunter2'],
    ['mongosh -p hunter2', 3, 'a password or token', 'hunter2'],
    ['sshpass -phunter2 ssh x', 2, 'a password or token', 'hunter2'],
    ['curl -u admin:hunter2 http://x', 3, 'a password or token', 'hunter2'],
    ['curl -uadmin:hunter2 http://x', 2, 'a password or token', 'hunter2'],
    ['ldapsearch -x -w hunter2', 4, 'a password or token', 'hunter2'],
    ["sh -c 'mysql -uroot -phunter2 -e x'", 3, 'a password or token', 'hunter2'],
    ["sh -c 'A=b;redis-cli -a hunter2'", 3, 'a password or token', 'hunter2'],
    ['echo wJalrXUtnFEMI9K7MDENGb3PxRfiCY8XAMPLE1KEYz', 2, 'a key or token', 'wJalrX'],
  ])('prod api -- %s', (argv, argument, kind, secret) => {
    const parsed = parseCommand(`prod api -- ${argv}`);
    expect(parsed).toMatchObject({ ok: false, error: { message: `Argument ${argument} looks like ${kind}. ${ADVICE}` } });
    expect(JSON.stringify(parsed)).not.toContain(secret);
    expect(!parsed.ok && parsed.error.offset).toBeGreaterThanOrEqual(12);
  });

  test('the offset is where the argument begins', () => {
    expect(parseCommand('prod api -- curl -H “Authorization: Bearer abc123xyz”')).toMatchObject({ ok: false, error: { offset: 20 } });
  });
});

describe('credentials in every other place', () => {
  test.each<[string, string, number]>([
    ['prod api --env API_TOKEN=hunter2 -- ls', 'The value of --env', 15],
    ['prod api --env=DB_PASSWORD=hunter2 -- ls', 'The value of --env', 9],
    ['prod api --reason "the password=hunter2" -- ls', 'The value of --reason', 18],
    ['prod api --set token=hunter2 --preset x', 'The value of --set', 15],
    [of('prod api --image gh', 'p_abcdefghij0123456789 -- ls'), 'The value of --image', 17],
    ['prod api --nonsense password=hunter2 -- ls', 'Word 4', 20],
    ['prod password=hunter2 -- ls', 'Word 2', 5],
    ['prod api mysql -phunter2', 'Word 4', 15],
    ['freeze because token=hunter2', 'Word 3', 15],
  ])('%s', (text, place, offset) => {
    const parsed = parseCommand(text);
    expect(parsed).toMatchObject({ ok: false, error: { offset, message: expect.stringContaining(`${place} looks like`) } });
    expect(JSON.stringify(parsed)).not.toMatch(/hunter2|abcdefghij/);
  });

  test('a text that cannot even be split does not hand its secret on', () => {
    const text = "prod api -- sh -c 'mysql -phunter2";
    expect(parseCommand(text)).toMatchObject({ ok: false, error: { offset: 18, message: expect.stringContaining('held a credential') } });
    expect(holdsCredential(text)).toBe(true);
    expect(holdsCredential('prod api -- ss -tlnp')).toBe(false);
  });
});

describe('ordinary diagnostics pass', () => {
  test.each([
    'ss -tlnp', 'dig +short api.prod.svc.cluster.local', 'curl -sS -o /dev/null -w %{http_code} https://api.example.org/health',
    'echo sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'echo 6b6f5b3e-2f0f-4c0e-9b3f-0d9a3a1c7c55',
    'echo 0xffff8880deadbeef', 'ls -l /var/run/secrets/kubernetes.io/serviceaccount/token', 'grep -c password= /etc/app.conf',
    'curl --cacert /ca.crt -H "Authorization: Bearer $TOKEN" https://x', 'app --token-file /var/run/secrets/token',
    'app --token=/var/run/secrets/token', "sh -c 'mysql -p$PASSWORD'", 'mysql -uroot -P 3306', 'redis-cli -h cache INFO', 'mkdir -p /tmp/x',
    'ssh -p 2222 host', 'curl -u admin http://x', 'psql postgres://app@db:5432/app', 'curl http://user@host:8080/a:b@c',
    "grep -E 'token=[a-z]+' /var/log/app", "grep 'token: expired' /var/log/app", "awk '$1==\"token\"' /x", 'echo bearer authentication failed',
    'echo automountServiceAccountToken=false', 'echo max_tokens=5', 'jcmd 1 org.springframework.ThreadPoolExecutorServiceFactoryBean2Impl',
    'ls /usr/lib/x86_64-linux-gnu/libQt5WebEngineCore.so.5', 'nc -zv api-7f9c4d8b6-x2k9p.api.prod.svc 8080', 'printenv npm_config_registry',
    'openssl s_client -connect api:443 -servername api.example.org', "sh -c 'kubectl get secret app -o name'", 'tcpdump -i any -nn port 53 -c 20',
    'cat /proc/1/environ', 'ls AKIA', 'echo eyJ', 'wget -qO- http://10.0.0.1:9090/metrics', 'git log ghp_', "printf 'password=%s' x",
  ])('prod api -- %s', (argv) => {
    expect(parseCommand(`prod api -- ${argv}`)).toMatchObject({ ok: true });
  });
});

test('the answer names the word and the kind only', () => {
  expect(findCredential(['a', 'password=x'])).toStrictEqual({ index: 1, kind: 'a password or token' });
  expect(findCredential(['constructor', '__proto__'])).toBeUndefined();
});
