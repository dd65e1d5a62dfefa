/** Which names announce a secret, and as what the value is told. */
import { describe, expect, it } from 'vitest';
import { isSecretName, kindOfName } from '../../../src/domain/output-text/rules/secret-names.ts';

const SECRET = {
  password: ['DB_PASSWORD', 'dbPassword', 'db.pass', 'my_passwd', 'userpwd', 'sshpass', 'keypass', 'userpass', 'password_a_b_c', 'PGPASSWORD', 'passphrase', 'rootpass_old', 'Password2', 'PASSWORD_1', 'DB_PASSWORDS'],
  token: ['accessToken', 'token1234', 'token_2', 'token_22', '2_token', 'jwt', 'my_jwt', 'jwt_x', 'tokens_jwt', 'tokenKey', 'apitoken_secret', '_token', 'token-value'],
  key: ['client-key-data', 'X-Api-Key', 'APIKey', 'myAPIKey', 'apiTLSKey', 'api.key', 'api--key', 'apikey2', 'api_key_value', 'tls_key', 'secret_key', 'secret_data', 'session-key', 'ssh_key_1', 'API_KEYS', 'apikeys'],
  secret: ['secret_a', 'secret_value', 'secret_string', 'db_dsn', 'x_sas', 'x_cred', 'cred_cred', 'my_mnemonic', 'secret', 'keysecret', 'clientsecret', 'credentials', 'secret__', 'my-secret-'],
} as const;

const ORDINARY = [
  'SECRET_NAME', 'max_tokens', 'key', 'the_key', 'token12345', '2token', 'passive_x', 'passed', 'passing', 'passes', 'pwdx', 'compass', 'bypass', 'token_a_b', 'token_a_b_c', 'secret_value_x', 'key_value', 'value_key', 'data', 'dsn', 'sas', 'cred',
  'token_count', 'TOKEN_ID', 'x_key', 'x_keys', 'keys', 'keyless', 'passuser', 'tokenapi', 'client_data', 'basekey_data', 'tokenExpirationSeconds', 'passwordFile', 'secretRef', 'API_KEY_ID', 'apiHTTPKey', 'HTTPPassport', '', '_', '1', 'value',
];

describe('a name', () => {
  it.each(Object.entries(SECRET).flatMap(([kind, names]) => names.map((name) => [name, kind] as const)))('%s announces a %s', (name, kind) => {
    expect(isSecretName(name)).toBe(true);
    expect(kindOfName(name)).toBe(kind);
  });

  it.each(ORDINARY)('%j announces nothing', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  it('is judged the same a second time, and after thousands of others', () => {
    for (let round = 0; round < 2; round += 1) {
      expect([isSecretName('db_password'), isSecretName('db_host')]).toEqual([true, false]);
      for (let index = 0; index < 2_500; index += 1) expect(isSecretName(`host${index}_name`)).toBe(false);
    }
  });
});
