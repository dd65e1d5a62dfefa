/** Text made to be slow: each repeats what some rule begins to read, and never lets it end. */
const REPEATED: Readonly<Record<string, string>> = {
  'BEGIN lines': '-----BEGIN PRIVATE KEY-----\n', 'BEGIN in one line': '-----BEGIN RSA PRIVATE KEY-----', 'END lines': '-----END PRIVATE KEY-----\n', 'begun PEM bodies': '-----BEGIN PRIVATE KEY-----\nQUJDQUJDQUJDQUJDQUJD\n',
  'JWT beginnings': 'eyJ', 'JWT stubs': 'eyJ.', 'secret words': 'token', 'empty assignments': 'token=', 'stand-ins': 'token=$', 'open quotes': 'password="', 'fields in one line': '"password":"x",',
  'the word key': 'key ', 'names of keys': 'key_', schemes: '://', logins: '://a:', 'whole logins': '://a:b@', 'authorization words': 'authorization:', 'open authorization quotes': 'Authorization: "', bearers: 'bearer ',
  'basic words': 'basic AAAA', cookies: 'cookie: a=', 'AWS ids': 'AKIA', 'AWS ids apart': 'AKIA ', 'YAML data': 'data:\n  a: b\n', 'JSON data': '"data":{"a":"b"},', 'open JSON Secrets': '"kind":"Secret","data":{',
  base64: 'QUJD', 'base64 lines': 'QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\n', hex: '70617373776f72643d', 'base64 of an assignment': 'dG9rZW49', 'OSC beginnings': '\u001b]', 'C1 beginnings': '\u009d\n', 'CSI beginnings': '\u001b[',
  backspaces: 'a\b', returns: 'a\r', NULs: '\u0000', 'environ entries': 'A=b\u0000', 'secrets by NUL': 'token=a\u0000', markers: '[hidden', 'curl lines': 'curl -u ', 'mysql lines': 'mysql -p', backslashes: '\\', 'escaped quotes': '\\"',
  'escaped fields': 'password\\\\\\"', hashes: '$2a$', 'zero-width': '\u200b', 'names and values': 'name: token\nvalue: ', netrc: 'login password ', 'query signatures': '&sig=', 'session names': 'sessionid:', 'ends of session names': '_session:', 'quotes in cookies': '"cookie: a=\'b', 'quotes behind clients': 'mysql -p"\'a', 'YAML blocks': 'password: |\n', spaces: ' ', tags: '<password>', flags: '--password ',
  machines: 'machine a password ', 'pgpass fields': 'a:5432:', 'open commands': 'app --password word ', 'open arguments': '"--password", ', 'encoded names': 'token%3D', references: '&quot;token&quot;:&quot;', 'keys of elements': '<entry key="token">', 'names of elements': '<name>token</name>\n<value>',
  'values before names': '"value":"x","name":"token",', 'open values before names': '"value":"', tuples: '{token, <<"', variables: 'variable "token" {\n a = b\n', 'statements of passwords': "alter user a password '", 'said to Redis': 'AUTH a\n', 'monitored Redis': '"auth" "', 'ACL lines': 'user a on >',
  'lines of tokens': 'eyJhbGciabcdefghijklmnop\n', 'JWK members': '"d":"AAAAAAAAAAAAAAAAAAAAAA",', 'listed Secrets': '"kind":"SecretList","data":{', 'bare keys': 'MIIabcIBAAKCA', 'short key lines': '-----BEGIN PRIVATE KEY-----\nABCDEFG\n', 'temporary passwords': 'temporary password ', passwords: 'passwords:\n- a\n', 'lone words': 'password:\n  ab1c\n',
  'paths of names': '"Key":"a/b/c/token",', 'answers of Redis': 'requirepass\n', 'percent quotes': '%22token%22%3A%22', 'tables of values': 'Key  Value\n---  -----\ntoken    abc\n', 'authorized on the wire': 'AUTH\n$4\n',
  'odd beginnings': 'a=://b:"c', 'braces in connections': ';pwd={', 'plans of Terraform': 'token = "a" -> ', 'blanks before separators': `token${' '.repeat(64)}`,
  'entries of data': '  a: QUJD\n', 'open entries': '  "a": "b', 'data of no kind': 'data:\n  a: QUJD\nb:\n', 'values of no name': '  value: |\n   a\n', 'strong lines': ' aZ9-qwe!rt\n', 'one strong line': 'aZ9!', 'logged base64': 'a b c QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\n',
};

const staircase = (chars: number): string => {
  const lines: string[] = [];
  for (let length = 0, depth = 0; length < chars; depth = (depth + 1) % 1_400) {
    lines.push(`${' '.repeat(depth)}data:\n`);
    length += depth + 6;
  }
  return lines.join('').slice(0, chars);
};

/** Each begins a block, and empty lines are in all of them. */
const deepAndEmpty = (chars: number): string =>
  `${Array.from({ length: 64 }, (_, depth) => `${' '.repeat(depth)}data:\n`).join('')}${'\n'.repeat(chars)}`.slice(0, chars);

export const HOSTILE: Readonly<Record<string, (chars: number) => string>> = {
  ...Object.fromEntries(Object.entries(REPEATED).map(([name, unit]) => [name, (chars: number) => unit.repeat(Math.ceil(chars / unit.length)).slice(0, chars)])),
  'ever deeper data': staircase, 'deep data and empty lines': deepAndEmpty,
};
