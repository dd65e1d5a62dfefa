/** What a red team got past the rules: tokens, keys without their lines, sentences that tell a password, lists of Secrets. */
import { describe, it } from 'vitest';
import { expectHidden } from './marked.ts';

// In two halves, so that scanners of repositories do not stop at this file.
const joined = (...parts: readonly string[]): string => parts.join('');
const BEGIN = joined('-----BEGIN', ' RSA PRIVATE KEY-----');
const [HEADER, CLAIMS, SIGNED] = [joined('eyJhbGciOiJIUzI1NiIs', 'InR5cCI6IkpXVCJ9'), joined('eyJzdWIiOiIxMjM0', 'NTY3ODkwIn0'), 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'];
const hex32 = '0123456789abcdef'.repeat(2);

describe('tokens', () => {
  it.each([
    joined('«chat token|123456789:AAHdqTcvCH1', 'vGWJxfSeofSAs0K5PALDsaw1»'),
    joined('https://api.telegram.org/bot«chat token|123456789:AAHdqTcvCH1', 'vGWJxfSeofSAs0K5PALDsaw1»/getMe'),
    '12:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1',
    joined('«chat token|MTAxMjM0NTY3ODkwMTIzNDU2', '.Gh4k2P.abcdefghijklmnopqrstuvwxyz0123456789AB»'),
    'NTAxMjM0.Gh4k2P.abcdefghijklmnopqrstuvwxyz0123456789AB',
    joined('«cloud token|CCIPAT_abcdefghijklmnopqrstuv', '_0123456789abcdef0123456789abcdef01234567»'),
    joined('«cloud token|eu01xx0123456789', 'abcdef0123456789abcFNRAL»'),
    'GENERAL NRAL ENRAL',
    joined('«cloud token|LTAI', '5tAbcdefghijklmnopqr»'),
    'LTAIabc',
    joined('«cloud token|eyJrIjoi', 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoiLCJuIjoieCIsImlkIjoxfQ==»'),
    'https://x/y?hmac=«URL signature|Qx7vbn2kQx7vbn2k»',
    `https://sentry.example.com/api/1/store/?sentry_key=«URL signature|${hex32}»`,
    'https://d1.cloudfront.net/x?Expires=1&Signature=«URL signature|abcdEFGH12345678abcdEFGH~xx-yy»&Key-Pair-Id=K2',
    'hmac=sha256-of-the-whole-body',
  ])('%j', (text) => { expectHidden(text); });
});

describe('tokens over lines', () => {
  it.each([
    `«JSON Web Token|${HEADER}.\n${CLAIMS}.\n${SIGNED}»\nnext`,
    `«JSON Web Token|${HEADER.slice(0, 28)}\n${HEADER.slice(28)}.${CLAIMS}.${SIGNED}»\nnext`,
    `«JSON Web Token|${HEADER}.${CLAIMS.slice(0, 20)}\n${CLAIMS.slice(20)}.${SIGNED}»\nnext`,
    `«JSON Web Token|${HEADER}.${CLAIMS}.${SIGNED.slice(0, 20)}\n${SIGNED.slice(20)}»\nnext`,
    `«JSON Web Token|${HEADER}.${CLAIMS}.${SIGNED}»\nnextline`,
    `«JSON Web Token|${HEADER}»\nnextline\nand more`,
  ])('%j', (text) => { expectHidden(text); });
});

describe('keys', () => {
  const d = 'X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH';
  it.each([
    `{"kty":"RSA","n":"${d}","d":"«private key|${d}»","dp":"«private key|${d}»","e":"AQAB"}`,
    `{\\"k\\":\\"«private key|${d}»\\",\\"kty\\":\\"oct\\"}`,
    `{"k":"${d}"}`,
    joined('«private key|MIIEvQIBADANBgkqhkiG9w0', 'BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj»'),
    joined('key: «private key|MIIEowIBAAKCAQEA', '1234567abcdefghijklmnop\n1234567abcdefghijklmnop\nabcd==»\nnext'),
    'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo',
    joined('«private key|b3BlbnNzaC1rZXktdjE', 'AAAAABG5vbmUAAAAEbm9uZQ»'),
    joined('  private key: «private key|yAnz5TF+lXXJte14tji3', 'zlMNq+hd2rYUIgJBgB3fBmk=»'),
    joined('  preshared key: «private key|yAnz5TF+lXXJte14tji3', 'zlMNq+hd2rYUIgJBgB3fBmk=»'),
    '  private key: (hidden)',
    `«private key|${BEGIN}\nMIIEowIB\nAAKCAQEA\n12345678»\nnot a line\nabcdefgh1`,
    `«private key|${BEGIN}\nMIIEowIBAAKCAQEA1234567\nabcdefghijklm\nnopqrstuvwxyz01234»`,
    `«private key|${BEGIN}»\ndone\nMIIEowIB`,
    joined('«private key|----BEGIN', ' PRIVATE KEY----\nMIIEvQIBADAN\n----END PRIVATE KEY----»\nx'),
  ])('%j', (text) => { expectHidden(text); });
});

describe('sentences', () => {
  it.each([
    'Unseal Key 1: «key|4jYbl2CBIv6SpkKj6Hos9iD32k5RfGkLzlosrrq/JgOm»',
    'Recovery Key 12 (hex): «key|4jYbl2CBIv6SpkKj6Hos»',
    'Initial Root Token: «Vault token|s.short12»',
    'A temporary password is generated for root@localhost: «password|aB3$dfgHij»',
    'Your temporary password: «password|Xy7kQ2»',
    'The password is «password|simplepw1»!',
    'Password is: «password|simplepw1».',
    'the password is wrong',
    'the password is 8 characters long',
    'the default password: required',
    'Please use the following password to proceed to installation:\n\n«password|0123456789abcdef0123456789abcdef»\n',
  ])('%j', (text) => { expectHidden(text); });
});

describe('lists', () => {
  it.each([
    'passwords:\n«password|  - Qx7vbn2k\n  - Zz8kk2kk»\nnext: 1',
    'password:\n  «password|simplepw»\nuser: bob',
    'password:\nsimplepw',
    'password:\n  user: bob',
    '  password:\n  simplepw',
    'secrets:\n  - db_password\n  - api_token',
    'kind: SecretList\nitems:\n- metadata:\n    name: x\n  data:\n«Kubernetes Secret|    foo: c2ltcGxlcHc=»\n',
    'items:\n- data:\n«Kubernetes Secret|    foo: c2ltcGxlcHc=»\n  metadata:\n    name: x\nkind: SecretList\n',
    '{"kind": "SecretList","items":[{"metadata":{"name":"x"},"data":{«Kubernetes Secret|"foo":"c2ltcGxlcHc="»}},{"data":{«Kubernetes Secret|"a":"Yg=="»}}]}',
    '{"kind":"ConfigMapList","items":[{"data":{"foo":"c2ltcGxlcHc="}}]}',
    'a SecretList in words\n{"data":{"foo":"c2ltcGxlcHc="}}',
  ])('%j', (text) => { expectHidden(text); });
});
