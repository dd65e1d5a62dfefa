/** Leaks as pods print them, made anew from a seed: what must be hidden, and the text around it. */

export interface Leak {
  readonly kind: string;
  /** No eight characters of it may be shown. */
  readonly secret: string;
  readonly text: string;
}

export type Random = () => number;

/** mulberry32: small, fast, and the same on every machine. */
export const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALNUM = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
const HEX = '0123456789abcdef';

const letters = (random: Random, length: number, alphabet = ALNUM): string =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
export const pick = <T>(random: Random, among: readonly T[]): T => among[Math.floor(random() * among.length)] as T;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** At least one digit, as a password has. */
const password = (random: Random): string => `${letters(random, 9)}${letters(random, 2, DIGITS)}${pick(random, ['', '!', '#x', '_Q', '+z'])}`;
const pemBody = (random: Random, lines: number): string => Array.from({ length: lines }, () => letters(random, 64, `${ALNUM}+/`)).join('\n');
const jwt = (random: Random): string => `${base64url('{"alg":"RS256","kid":"k1"}')}.${base64url(`{"sub":"${letters(random, 12)}","aud":"api"}`)}.${letters(random, 86, `${ALNUM}-_`)}`;

const TOKENS: Readonly<Record<string, readonly [prefix: string, length: number, alphabet?: string]>> = {
  'GitHub token': ['ghp_', 36], 'GitHub fine-grained': ['github_pat_', 82], 'GitLab token': ['glpat-', 20], 'AWS key id': ['AKIA', 16, `${LOWER.toUpperCase()}234567`],
  'Google API key': ['AIza', 35], 'Stripe key': ['sk_live_', 24], 'Anthropic key': ['sk-ant-api03-', 93], 'OpenAI key': ['sk-proj-', 48], 'npm token': ['npm_', 36],
  'PyPI token': ['pypi-AgEI', 80], 'Docker token': ['dckr_pat_', 27], 'Vault token': ['hvs.', 90], 'DigitalOcean token': ['dop_v1_', 64, HEX], 'Hugging Face token': ['hf_', 34],
  'Shopify token': ['shpat_', 32, HEX], 'Linear key': ['lin_api_', 40], 'Grafana token': ['glsa_', 41], 'Databricks token': ['dapi', 32, HEX], 'Sentry token': ['sntrys_', 60], 'age key': ['AGE-SECRET-KEY-1', 58, LOWER.toUpperCase()],
};

const around = (random: Random, token: string): string => pick(random, [
  `value is ${token}\n`, `  "x": "${token}",\n`, `X=${token}\n`, `curl https://api.example.com/?k=${token}&v=1\n`, `[${token}]\n`, `2026-01-02T03:04:05Z stderr F got ${token}, stop\n`, `{"msg":"a\\n${token}\\nb"}\n`,
]);

const slack = (random: Random): string => `xox${pick(random, ['b', 'p'])}-${letters(random, 12, DIGITS)}-${letters(random, 12, DIGITS)}-${letters(random, 24)}`;

const NAMES = ['DB_PASSWORD', 'SECRET_KEY', 'API_TOKEN', 'PGPASSWORD', 'MYSQL_ROOT_PASSWORD', 'AWS_SECRET_ACCESS_KEY', 'CLIENT_SECRET', 'ENCRYPTION_KEY', 'SMTP_PASS', 'REDIS_PASSWORD', 'JWT_SECRET', 'STRIPE_API_KEY'];
const FIELDS = ['password', 'dbPassword', 'client_secret', 'apiKey', 'api-key', 'accessToken', 'secretAccessKey', 'private_key', 'refresh_token', 'passphrase'];

type Make = (random: Random) => Omit<Leak, 'kind'>;
const leak = (secret: string, text: string): Omit<Leak, 'kind'> => ({ secret, text });

const SHAPES: Readonly<Record<string, Make>> = {
  'Slack token': (random) => { const token = slack(random); return leak(token, around(random, token)); },
  'JSON Web Token': (random) => { const token = jwt(random); return leak(token, around(random, token)); },
  'bearer token': (random) => { const token = letters(random, 32); return leak(token, pick(random, [`> Authorization: Bearer ${token}\n`, `"Authorization":"Bearer ${token}"\n`, `curl -H 'Authorization: Bearer ${token}' x\n`, `map[Authorization:[Bearer ${token}]]\n`])); },
  'basic authorization': (random) => { const login = base64(`user:${password(random)}`); return leak(login, pick(random, [`Authorization: Basic ${login}\n`, `"auth": "${login}"\n`, `proxy-authorization: Basic ${login}\n`])); },
  cookie: (random) => { const id = letters(random, 32); return leak(id, pick(random, [`Cookie: sid=${id}; theme=dark\n`, `< Set-Cookie: session=${id}; Path=/; HttpOnly\n`, `"cookie":"a=b; sid=${id}"\n`])); },
  'URL password': (random) => { const value = password(random).replace(/[#+]/g, ''); return leak(value, pick(random, [`postgres://app:${value}@db:5432/app\n`, `REDIS=redis://:${value}@redis:6379/0\n`, `dial amqp://u:${value}@mq/ failed\n`, `"url":"https://bot:${value}@git.example.com/x.git"\n`])); },
  'environment line': (random) => { const value = password(random); return leak(value, `PATH=/usr/bin\n${pick(random, ['', 'export '])}${pick(random, NAMES)}=${value}\nHOME=/root\n`); },
  'environ by NUL': (random) => { const value = password(random); return leak(value, `PATH=/usr/bin\u0000${pick(random, NAMES)}=${value}\u0000HOME=/root\u0000`); },
  'YAML field': (random) => { const value = password(random); return leak(value, `a: 1\n  ${pick(random, FIELDS)}: ${pick(random, [value, `"${value}"`, `'${value}'`])}\nb: 2\n`); },
  'JSON field': (random) => { const value = password(random); const text = JSON.stringify({ a: 1, [pick(random, FIELDS)]: value, b: 2 }); return leak(value, `${pick(random, [text, JSON.stringify({ log: text })])}\n`); },
  'log field': (random) => { const value = password(random); return leak(value, `level=info msg=login ${pick(random, FIELDS)}=${value} ok=true\n`); },
  'env of a pod': (random) => { const value = password(random); const name = pick(random, NAMES); return leak(value, pick(random, [`    - name: ${name}\n      value: ${value}\n`, `{"name":"${name}","value":"${value}"}\n`, `      ${name}:    ${value}\n`])); },
  'private key': (random) => { const body = pemBody(random, 12); const kind = pick(random, ['RSA ', 'EC ', 'OPENSSH ', '']); return leak(body, `x\n-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n-----END ${kind}PRIVATE KEY-----\ny\n`); },
  'private key cut below': (random) => { const body = pemBody(random, 6); return leak(body, `x\n-----BEGIN PRIVATE KEY-----\n${body}\n`); },
  'private key cut above': (random) => { const body = pemBody(random, 6); return leak(body, `${body}\n-----END RSA PRIVATE KEY-----\ny\n`); },
  'private key in JSON': (random) => { const body = pemBody(random, 4).replaceAll('\n', '\\n'); return leak(body, `{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\n${body}\\n-----END PRIVATE KEY-----\\n","client_email":"a@b"}\n`); },
  kubeconfig: (random) => { const key = base64(`-----BEGIN EC PRIVATE KEY-----\n${letters(random, 80)}`); return leak(key, `users:\n- name: admin\n  user:\n    client-key-data: ${key}\n`); },
  'Kubernetes Secret': (random) => { const value = base64(password(random)); return leak(value, pick(random, [`apiVersion: v1\ndata:\n  username: ${value}\nkind: Secret\nmetadata:\n  name: x\n`, `{"apiVersion":"v1","data":{"username":"${value}"},"kind":"Secret"}\n`])); },
  'AWS pair': (random) => { const secret = `a1${letters(random, 38)}`; return leak(secret, pick(random, [`AKIA${letters(random, 16, LOWER.toUpperCase())},${secret}\n`, `aws_access_key_id = x\naws_secret_access_key = ${secret}\n`])); },
  'base64 of a secret': (random) => { const text = base64(`user=app\npassword=${password(random)}\n`); return leak(text, `got ${text} here\n`); },
  'base64 of a key': (random) => { const lines = base64(`-----BEGIN PRIVATE KEY-----\n${pemBody(random, 5)}\n-----END PRIVATE KEY-----\n`).match(/.{1,76}/g) ?? []; return leak(lines.join('\n'), `${lines.join('\n')}\n`); },
  'hex of a secret': (random) => { const text = Buffer.from(`password=${password(random)}`).toString('hex'); return leak(text, `${text}\n`); },
  'password hash': (random) => { const hash = `$6$${letters(random, 8)}$${letters(random, 86, `${ALNUM}./`)}`; return leak(hash, `root:${hash}:19000:0:99999:7:::\n`); },
  'command line': (random) => { const value = letters(random, 8) + letters(random, 3, DIGITS); return leak(value, pick(random, [`app 12 mysql -uroot -p${value} -h db\n`, `12 ? redis-cli -a ${value} ping\n`, `x --db-password ${value} --v\n`, `curl -u bot:${value} https://x\n`, `sshpass -p ${value} ssh h\n`])); },
  'signed URL': (random) => { const value = letters(random, 64, HEX); return leak(value, `GET https://b.s3.amazonaws.com/o?X-Amz-Date=1&X-Amz-Signature=${value} 200\n`); },
};

/** Values that only another line tells to be secret: what a cut must not bring to light. */
const ACROSS_LINES: Readonly<Record<string, Make>> = {
  'Secret of several keys': (random) => { const values = Array.from({ length: 4 }, () => base64(password(random))); const entries = ['ca', 'login', 'tls.x', 'user'].map((key, index) => `  ${key}: ${values[index]}\n`).join(''); return leak(pick(random, values), `apiVersion: v1\ndata:\n${entries}kind: Secret\nmetadata:\n  name: x\ntype: Opaque\n`); },
  'Secret in a list': (random) => { const value = base64(password(random)); const key = letters(random, 6, LOWER); return leak(value, `apiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    a: ${base64(letters(random, 9))}\n    ${key}: ${value}\n  kind: Secret\n  metadata:\n    name: x\nkind: List\n`); },
  'Secret by hand': (random) => { const value = `q7${password(random)}R`; return leak(value, `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\n  labels:\n    app: api\ntype: Opaque\nstringData:\n  url: db.example.com\n  login: ${pick(random, [value, `"${value}"`])}\n`); },
  'Secret in JSON lines': (random) => { const value = base64(password(random)); return leak(value, `${JSON.stringify({ apiVersion: 'v1', data: { login: base64(letters(random, 9)), user: value }, kind: 'Secret', metadata: { name: 'x' } }, null, pick(random, [2, 4]))}\n`); },
  'env in JSON lines': (random) => { const value = password(random); return leak(value, `${JSON.stringify({ env: [{ name: 'A', value: 'b' }, { name: pick(random, NAMES), value }] }, null, 2)}\n`); },
  'key in a block': (random) => { const lines = pemBody(random, 3).split('\n'); return leak(pick(random, lines), `a: 1\ntls_key: |\n${lines.map((line) => `  ${line}\n`).join('')}b: 2\n`); },
  'private key in a log': (random) => { const lines = pemBody(random, 4).split('\n'); return leak(pick(random, lines), ['-----BEGIN RSA PRIVATE KEY-----', ...lines, '-----END RSA PRIVATE KEY-----'].map((line) => `2026-01-02T03:04:05Z stdout F ${line}\n`).join('')); },
  netrc: (random) => { const value = password(random); return leak(value, `machine h.example.com\n  login bot\n  password ${value}\n`); },
  'AWS pair in two lines': (random) => { const secret = `a1Z${letters(random, 37)}`; return leak(secret, `AKIA${letters(random, 16, LOWER.toUpperCase())}\n${secret}\n`); },
};

const tokenMake = ([prefix, length, alphabet]: readonly [string, number, string?]): Make => (random) => {
  // A digit and letters of both cases, where the alphabet has them, as good as every issued token has.
  const mixed = alphabet === undefined ? `aZ7${letters(random, length - 3)}` : letters(random, length, alphabet);
  return leak(`${prefix}${mixed}`, around(random, `${prefix}${mixed}`));
};

export const LEAKS: Readonly<Record<string, Make>> = { ...Object.fromEntries(Object.entries(TOKENS).map(([kind, token]) => [kind, tokenMake(token)])), ...SHAPES, ...ACROSS_LINES };

export const leaksOf = (seed: number, ofEach: number): readonly Leak[] => {
  const random = randomOf(seed);
  return Object.entries(LEAKS).flatMap(([kind, make]) => Array.from({ length: ofEach }, () => ({ kind, ...make(random) })));
};

export const PIECE_CHARS = 8;

/** Whether eight characters in a row of the secret, beyond what its form gives away, can be read. */
export const isShown = (shown: string, secret: string): boolean => {
  for (let at = 0; at + PIECE_CHARS <= secret.length; at += 1) {
    if (shown.includes(secret.slice(at, at + PIECE_CHARS))) return true;
  }
  return false;
};
