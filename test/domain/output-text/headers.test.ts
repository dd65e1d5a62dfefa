/** Credentials in headers, cookies, sessions, tokens and addresses: from where to where. */
import { describe, it } from 'vitest';
import { expectHidden } from './marked.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('authorization', () => {
  it.each([
    'Authorization: «authorization header|Basic dXNlcjpwYXNz»',
    'Authorization: «bearer token|Bearer abc»',
    'Authorization: «bearer token|bearer   x»',
    'Authorization: «authorization header|abcdefg1»',
    'Authorization: abcdef1',
    'Authorization: abcdefgh',
    'Authorization: <token>',
    'Authorization: Bearer <token>',
    'Authorization: Bearer $TOKEN',
    'authorization',
    'authorization is required',
    'authorizations: abcdefg1',
    '< Authorization: «authorization header|one two3 four»',
    '> Proxy-Authorization: «authorization header|Basic a b»',
    '* X-Authorization: «authorization header|a b c1 d2»',
    'set-authorization: «authorization header|a b c1 d2x y»',
    'curl -H "Authorization: «bearer token|Bearer ab c»" https://x',
    'curl -H \'Authorization: «bearer token|Bearer ab c»\' https://x',
    'sent Authorization: «bearer token|Bearer abc», then more',
    'sent Authorization: «authorization header|abcdefg1» then more',
    'sent Authorization: abcdefgh then more',
    'sent Authorization: Basic, then more',
    'map[Authorization:[«bearer token|Bearer abc»] Host:[x]]',
    '"Authorization": ["«bearer token|Bearer a b»"], "x": 1',
    '{\\"Authorization\\":\\"«bearer token|Bearer a b»\\",\\"n\\":1}',
    'Authorization => "«authorization header|Token a b»"',
    '                              Authorization: «authorization header|abcdefg1» two',
    `${'x'.repeat(30)} Authorization: «authorization header|abcdefg1» two`,
    `Authorization: ${'<'.repeat(300)}authorization: abcdefg1`,
    `Authorization: «authorization header|${'a'.repeat(100)}1»`,
    'Authorization: «authorization header|AWS4-HMAC-SHA256 Credential=AKID/20260101/eu/s3/aws4_request, Signature=abc»',
    'Authorization: «authorization header|xbearer abc1»',
    `a Authorization: «bearer token|Bearer ${'a'.repeat(70)}» b`,
  ])('%j', (text) => { expectHidden(text); });
});

describe('bearer', () => {
  it.each([
    'bearer abcdefgh',
    'bearer «bearer token|abcdefg1»',
    'bearer abcdef1',
    `bearer «bearer token|${'a'.repeat(24)}»`,
    `bearer ${'a'.repeat(23)}`,
    'Bearer    «bearer token|abcdefg1»',
    'Bearer%20«bearer token|abcdefg1»',
    'Bearer+«bearer token|abcdefg1»',
    `Bearer%20«bearer token|${'a'.repeat(24)}»`,
    'forbearer abcdefg1',
    '1bearer «bearer token|abcdefg1»',
    '_bearer «bearer token|abcdefg1»',
  ])('%j', (text) => { expectHidden(text); });
});

describe('basic', () => {
  it.each([
    'basic «authorization header|dXNlcjpwYXNz» x',
    'Basic   «authorization header|dXNlcjpwYXNz» x',
    'basic «authorization header|dXNlcjpwYXN»',
    'basic «authorization header|dXNlcjpwYX»',
    'basic «authorization header|dXNlcjpwY»',
    'basic «authorization header|dXNlcjpwYXM=»',
    'basic «authorization header|dXNlcjpwYQ==»',
    'basic dXNlcm5hbWVvbmx5',
    'basic understanding of it',
    'visualbasic dXNlcjpwYXNz',
    `basic ${base64('us\u0001er:pass')}`,
    `basic ${base64('user:pa\u00e9ss')}`,
    `basic ${base64('\u0001:pass')}`,
    `basic «authorization header|${base64('~~~>:???')}»`,
    'auth=«authorization header|fn5-Pjo_Pz9-»',
    'auth=«authorization header|fn5-Pjo_»',
  ])('%j', (text) => { expectHidden(text); });
});

describe('auth', () => {
  it.each([
    '{"auths":{"r":{"auth":"«authorization header|dXNlcjpwYXNz»"}}}',
    '{\\"auth\\":\\"«authorization header|dXNlcjpwYXNz»\\"}',
    '_auth=«authorization header|dXNlcjpwYXNz»',
    '//r/:_auth=«authorization header|dXNlcjpwYXM=»',
    'auth: «authorization header|dXNlcjpwYXNz»',
    'auth: enabled',
    'auth=abcdef',
    'REDISCLI_AUTH=«authorization header|abcdef»',
    'REDISCLI_AUTH=abcde',
    'redis_auth=abcdef',
    'rediscli_x_auth=abcdef',
    'CLI_AUTH=«authorization header|abcdef» REDISCLI_AUTH=«authorization header|abcdefg»',
  ])('%j', (text) => { expectHidden(text); });
});

describe('cookies', () => {
  it.each([
    '1,"Cookie: «cookie|theme=""dark""; sess=abcd1234»"',
    'curl -H \'Cookie: «cookie|name=O\'Brien; sess=hunter2»\' -H \'X: y\'',
    'curl -H "Cookie: «cookie|a=\\"b\\"; c=d»" https://x',
    'curl -H \'Cookie: «cookie|a=b»',
    'headers={"authorization":null} status=200 time=12ms',
    '{\'authorization\': None} took 1234 ms',
    '{"authorization":"«bearer token|Bearer abc»"} status=200',
    'sessionid:«session id|sessionid:sessionid:sessionid:a1»',
    'Cookie: «cookie|a=b; c=d»',
    'Set-Cookie: «cookie|a=b; Path=/»',
    'x Cookie: «cookie|a=b; c=d»',
    'Cookie: none',
    'Cookie: a=',
    'Cookie: a=;',
    'cookie2: «cookie|a=b»',
    'curl -H "Cookie: «cookie|a=b; c=d»" https://x',
    '{"Cookie":"«cookie|a=b; c=d»","n":1}',
    'map[Cookie:[«cookie|a=b; c=d] Host:[x]]»',
    'cookies: a=b',
    'Cookie => «cookie|a=b»   ',
    '  "set-cookie": "«cookie|sid=a b»", ',
  ])('%j', (text) => { expectHidden(text); });
});

describe('sessions', () => {
  it.each([
    'PHPSESSID=«session id|abcdefghijklmno1»',
    'phpsessid: «session id|abcdefghijklmno1»',
    'JSESSIONID=«session id|ABCDEF0123456789»',
    'JSESSIONID=ABCDEF012345678',
    'JSESSIONID="«session id|ABCDEF0123456789»"',
    'session_id=1234567890123456',
    'session_id="1234567890123456"',
    'session_id: 1234567890123456',
    'session_id=abcdefghijklmnop',
    'session_id=abcdefghijklmnop-',
    'x_session=«session id|abcdefghijklmno1»',
    'csrftoken=«session id|abcdefghijklmno1»',
    'connect.sid=«session id|s%3Aabcdefghijklm»',
    'ASP.NET_SessionId=«session id|abcdefghijklmno1»',
    'session_id1234567890123456',
    'session_id=«session id|12345678901234567a»',
    'session_id="«session id|a1234567890123456»',
  ])('%j', (text) => { expectHidden(text); });
});

describe('signed URLs', () => {
  it.each([
    'https://x/y?sig=«URL signature|abcdefghijklmnop»',
    'https://x/y?a=b&sig=abcdefghijklmno',
    'https://x/y?a=b&sig=«URL signature|abcdefghijklmnop%2F»&c=d',
    'https://x/y?a=b;sig=«URL signature|abcdefghijklmnop»',
    'https://x/y?X-Amz-Signature=«URL signature|abcdefghijklmnop»&x=1',
    'https://x/y?X-Goog-Signature=«URL signature|abcdefghijklmnop»',
    'X-Amz-Credential=«secret|abcdefghijklmnop»',
    '&X-Amz-Security-Token=«URL signature|abcdefghijklmnop»',
    '?x-amz-credential%3D«URL signature|abcdefghijklmnop»',
    'sig=abcdefghijklmnop',
    'xsig=abcdefghijklmnop',
    'config=sig=abcdefghijklmnop',
    'signature=abcdefghijklmnop',
    '?signature: abcdefghijklmnop',
    'a-signature=«URL signature|abcdefghijklmnop»',
    '?Signature%3d«URL signature|abcdefghijklmnop»',
  ])('%j', (text) => { expectHidden(text); });
});

describe('JWT', () => {
  it.each([
    'eyJhbGciOiJI',
    '«JSON Web Token|eyJhbGciOiJI.abcdefghijk»',
    'eyJhbGciOiJI.abcdefghij',
    'eyJhbGciOiJ.abcdefghijklmnop',
    '«JSON Web Token|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc»',
    '«JSON Web Token|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc.d.e».f',
    '«JSON Web Token|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.»',
    'x eyJhbGciOiJIUzI1NiIsI z',
    'x eyJhbGciOiJIUzI1NiIs z',
    'x eyJhbGciOiJIUzI1Ni z',
    'x eyJzdWIiOiJIUzI1NiIsInR5 z',
    'x «JSON Web Token|eyAiYWxnIjogIkhTMjU2IiwgIn» z',
    'x «JSON Web Token|eyJ0eXAiOiJIUzI1NiIsInR5cCI» z',
    'x«JSON Web Token|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc»',
  ])('%j', (text) => { expectHidden(text); });
});

describe('URLs', () => {
  it.each([
    'redis://:«URL password|p4»@h',
    'https://user:«URL password|pass»@host/x',
    'https://user:$PASS@host/x',
    'https://user:@host/x',
    'https://user@host/x',
    'https://host:8080/a@b',
    'https://user:8080/a@b',
    'https://user:«URL password|80a/a»@b',
    'https://u:«URL password|p@ss»@host/x',
    'https://«key|abcdefghijklmnopqrs1»@sentry.io/1',
    'https://abcdefghijklmnopqr1@sentry.io/1',
    'https://abcdefghijklmnopqrst@sentry.io/1',
    'a://b:c d@e',
    'see https://user:«URL password|pass»@host and https://other:«URL password|word»@host2',
  ])('%j', (text) => { expectHidden(text); });
});
