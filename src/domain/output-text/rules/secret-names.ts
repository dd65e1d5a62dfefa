/** Whether the name of a setting, variable, field, flag or header announces a secret. */

const WORDS = new Set([
  'password', 'passwords', 'passwd', 'passwort', 'passphrase', 'passcode', 'pass', 'pwd', 'psk', 'secret', 'secrets', 'token', 'credential', 'credentials',
  'creds', 'cred', 'jwt', 'apikey', 'apikeys', 'authkey', 'authtoken', 'secretkey', 'accesskey', 'privatekey', 'accountkey', 'requirepass', 'masterauth', 'sshpass',
  'dbpwd', 'userpwd', 'dbpass', 'pgpass', 'mypass', 'userpass', 'rootpass', 'adminpass', 'keypass', 'storepass', 'connectionstring', 'mnemonic', 'sas', 'dsn', 'pw', 'dbpw', 'rootpw', 'bindpw', 'userpw',
]);
/** `PGPASSWORD`, `clientsecret`: run together with what they belong to. */
const ENDS_IN = /(?:password|passwd|passphrase|secret|apikey|(?:auth|access|identity|registry|refresh|session)token|privatekey)$/;
/** A key is a secret only with one of these before it. */
const KEY_OF = new Set([
  'api', 'access', 'secret', 'private', 'account', 'encryption', 'encrypt', 'signing', 'master', 'auth', 'client', 'shared', 'storage', 'webhook', 'hmac', 'deploy',
  'license', 'licence', 'ssh', 'ssl', 'tls', 'service', 'record', 'aes', 'rsa', 'admin', 'subscription', 'integration', 'function', 'consumer', 'session', 'cookie',
  'jwt', 'app', 'application', 'host', 'root', 'preshared', 'publishable', 'write', 'sas', 'openai', 'anthropic', 'stripe', 'sendgrid', 'datadog', 'dd', 'base', 'fernet', 'maps', 'mapbox', 'algolia', 'mailgun',
]);
/** Last words that make it the description of a secret: `SECRET_NAME`, `tokenExpirationSeconds`, `passwordFile`. */
const ABOUT = new Set([
  'name', 'names', 'id', 'ids', 'path', 'paths', 'file', 'files', 'filename', 'dir', 'url', 'uri', 'type', 'count', 'length', 'len', 'size', 'ttl', 'expiry', 'expires', 'expired', 'in', 'at', 'exp',
  'age', 'policy', 'version', 'ref', 'arn', 'enabled', 'disabled', 'required', 'valid', 'invalid', 'mount', 'namespace', 'endpoint', 'provider', 'prefix', 'format', 'bytes', 'ms', 'seconds', 'minutes', 'limit', 'usage', 'used',
  'min', 'max', 'issuer', 'algorithm', 'alg', 'class', 'selector', 'kind', 'method', 'mode', 'status', 'timeout', 'header', 'field', 'label', 'hint', 'attempts', 'rotation', 'review', 'reviews', 'store', 'manager',
  'source', 'group', 'generator', 'validator', 'factory', 'set', 'audience', 'audiences', 'scope', 'scopes', 'refresh', 'error', 'rate', 'cache', 'index', 'total', 'controller', 'cleaner', 'webhook', 'requests', 'changed', 'created', 'updated', 'reset', 'authentication', 'encryption', 'aging',
  // the links of a service of that name
  'port', 'ports', 'host', 'hosts', 'addr', 'proto', 'tcp', 'udp',
]);

const DATA = new Set(['data', 'value', 'val', 'base64', 'b64', 'hash', 'plain', 'plaintext', 'raw', 'string', 'old', 'new', 'prod', 'dev', 'staging', 'live', 'test', 'primary', 'secondary']);

const wordsOf = (name: string): readonly string[] =>
  name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2').toLowerCase()
    .split(/[^a-z0-9]+/).map((word) => word.replace(/(?<=[a-z])\d{1,4}$/, '')).filter((word) => word !== '' && !/^\d+$/.test(word));

const isSecretWord = (words: readonly string[], index: number): boolean => {
  const word = words[index] ?? '';
  if (WORDS.has(word) || ENDS_IN.test(word)) return true;
  if (word === 'cookie') return words[index - 1] === 'erlang';
  return (word === 'key' || word === 'keys') && KEY_OF.has(words[index - 1] ?? '');
};

/** `DB_PASSWORD`, `client-key-data`, `dbPassword`, `X-Api-Key`; not `SECRET_NAME`, `max_tokens`, `key`. */
export const isSecretName = (name: string): boolean => {
  const known = judged.get(name);
  if (known !== undefined) return known;
  if (judged.size >= JUDGED_COUNT_MAX) judged.clear();
  const isSecret = announcesSecret(name);
  judged.set(name, isSecret);
  return isSecret;
};

/** Output repeats its names; to take one apart costs more than all else that is done with it. */
const JUDGED_COUNT_MAX = 2_000;
const judged = new Map<string, boolean>();

const announcesSecret = (name: string): boolean => {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (ABOUT.has(last)) return last === 'id' && words.at(-2) === 'secret';
  const described = DATA.has(last) ? words.slice(0, -1) : words;
  return described.some((_, index) => isSecretWord(described, index) && (index >= described.length - 2 || isPassword(described[index] ?? '')))
    && !(words.length === 1 && (last === 'dsn' || last === 'sas' || last === 'cred'));
};

const isPassword = (word: string): boolean => /^pass(?!ive|ed|es|ing)|passw|pwd$|^(?:db|root|bind|user)?pw$/.test(word);

export const kindOfName = (name: string): string => {
  const words = wordsOf(name);
  if (words.some((word) => isPassword(word) || word.endsWith('pass'))) return 'password';
  if (words.some((word) => word.endsWith('token') || word === 'jwt')) return 'token';
  return words.some((word) => /keys?$/.test(word) || word === 'data') ? 'key' : 'secret';
};
