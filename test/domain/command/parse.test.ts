import { describe, expect, test } from 'vitest';

import { parseCommand } from '../../../src/domain/command/parse.ts';

/** Only what a case is about: the argv of a good text. */
const argvOf = (text: string): readonly string[] => {
  const parsed = parseCommand(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return parsed.command.kind === 'run' ? parsed.command.argv : [];
};

const command = (text: unknown): unknown => {
  const parsed = parseCommand(text);
  return parsed.ok ? parsed.command : parsed;
};

const run = (over: object): object => ({
  kind: 'run', cluster: null, namespace: 'prod', target: { kind: 'name', name: 'api' }, options: {}, argv: ['ls'], ...over,
});

test('the two lines of the contract, byte for byte', () => {
  expect(JSON.stringify(parseCommand('prod api-7f9 —image netshoot --timeout 30s --env K=V -- ss -tlnp'))).toBe(
    '{"ok":true,"command":{"kind":"run","cluster":null,"namespace":"prod","target":{"kind":"name","name":"api-7f9"},'
    + '"options":{"image":"netshoot","timeoutMs":30000,"env":[["K","V"]]},"argv":["ss","-tlnp"]},"normalised":[{"offset":13,"from":"—","to":"--"}]}',
  );
  expect(JSON.stringify(parseCommand('prod api-7f9 --imag netshoot -- ss'))).toBe(
    '{"ok":false,"error":{"message":"--imag is not an option; did you mean --image?","offset":13,"hint":"--image"}}',
  );
});

describe('what is understood', () => {
  test.each<[string, object]>([
    ['prod api -- ls', run({})],
    ['  prod\tapi   --  ls  ', run({})],
    ['prod api -- ls\n', run({})],
    ['main/prod api -- ls', run({ cluster: 'main' })],
    ['prod api --cluster main -- ls', run({ cluster: 'main' })],
    ['main/prod api --cluster main -- ls', run({ cluster: 'main' })],
    ['main/status api -- ls', run({ cluster: 'main', namespace: 'status' })],
    ['--cluster main status api -- ls', run({ cluster: 'main', namespace: 'status' })],
    ['prod 123 -- ls', run({ target: { kind: 'name', name: '123' } })],
    ['prod api- -- ls', run({ target: { kind: 'name', name: 'api-' } })],
    ['prod deploy/api -- ls', run({ target: { kind: 'workload', resource: 'deploy', name: 'api' } })],
    ['prod deployment/api -- ls', run({ target: { kind: 'workload', resource: 'deploy', name: 'api' } })],
    ['prod sts/db -- ls', run({ target: { kind: 'workload', resource: 'sts', name: 'db' } })],
    ['prod ds/agent -- ls', run({ target: { kind: 'workload', resource: 'ds', name: 'agent' } })],
    ['prod job/x -- ls', run({ target: { kind: 'workload', resource: 'job', name: 'x' } })],
    ['prod rs/x -- ls', run({ target: { kind: 'workload', resource: 'rs', name: 'x' } })],
    ['prod svc/api -- ls', run({ target: { kind: 'workload', resource: 'svc', name: 'api' } })],
    ['prod -l app=api -- ls', run({ target: { kind: 'selector', selector: 'app=api' } })],
    ['node/prod api -- ls', run({ cluster: 'node' })],
    ['--image netshoot prod --timeout=2m api -- ls', run({ options: { image: 'netshoot', timeoutMs: 120_000 } })],
    ['prod api --image=netshoot -- ls', run({ options: { image: 'netshoot' } })],
    ['prod api --target none -- ls', run({ options: { target: 'none' } })],
    ['prod api --target app --profile general -- ls', run({ options: { target: 'app', profile: 'general' } })],
    ['prod api --env A=1 --env B=x=y -- ls', run({ options: { env: [['A', '1'], ['B', 'x=y']] } })],
    ['prod api --reason "disk is full" -- ls', run({ options: { reason: 'disk is full' } })],
    ['prod api --private --dry-run --break-glass -- ls', run({ options: { private: true, dryRun: true, breakGlass: true } })],
    ['prod api --replicas all -- ls', run({ options: { replicas: 'all' } })],
    ['prod api --replicas 3 -- ls', run({ options: { replicas: 3 } })],
    ['prod api --preset dns --set name=example.org', run({ options: { preset: 'dns', set: [['name', 'example.org']] }, argv: [] })],
    ['help', { kind: 'help' }], ['--help', { kind: 'help' }], ['-h', { kind: 'help' }], ['?', { kind: 'help' }],
    ['—help', { kind: 'help' }], ['help targets', { kind: 'help', topic: 'targets' }],
    ['status', { kind: 'status' }], ['status kd-8fk2m9xq', { kind: 'status', id: 'kd-8fk2m9xq' }],
    ['cancel kd-8fk2m9xq', { kind: 'cancel', id: 'kd-8fk2m9xq' }], ['rerun kd-8fk2m9xq', { kind: 'rerun', id: 'kd-8fk2m9xq' }],
    ['history', { kind: 'history' }], ['pending', { kind: 'pending' }], ['presets', { kind: 'presets' }],
    ['images', { kind: 'images' }], ['whoami', { kind: 'whoami' }], ['timeline', { kind: 'timeline' }],
    ['freeze', { kind: 'freeze' }], ['freeze deploying v3', { kind: 'freeze', reason: 'deploying v3' }],
    ['unfreeze --reason “all good”', { kind: 'unfreeze', reason: 'all good' }],
    ['allow <@U0BOB|bob> main/prod 2h preset:dns image:netshoot', {
      kind: 'allow', person: 'U0BOB', cluster: 'main', namespace: 'prod', durationMs: 7_200_000,
      scopes: [{ kind: 'preset', name: 'dns' }, { kind: 'image', name: 'netshoot' }],
    }],
    ['allow list', { kind: 'allow', about: 'list' }], ['allow revoke kd-8fk2m9xq', { kind: 'allow', about: 'revoke', id: 'kd-8fk2m9xq' }],
    ['allow U0BOB prod 30m preset:dns', {
      kind: 'allow', person: 'U0BOB', cluster: null, namespace: 'prod', durationMs: 1_800_000, scopes: [{ kind: 'preset', name: 'dns' }],
    }],
    ['', { kind: 'form' }], [' \t\n ', { kind: 'form' }], ['\u00a0', { kind: 'form' }], ['``', { kind: 'form' }],
  ])('%j', (text, expected) => {
    expect(command(text)).toStrictEqual(expected);
  });

  test('options stand in the same order whatever was typed first', () => {
    const text = 'prod api --break-glass --env A=1 --reason why --timeout 5s --profile auto --target app --image busybox -- ls';
    expect(JSON.stringify(command(text))).toContain(
      '"options":{"image":"busybox","target":"app","profile":"auto","timeoutMs":5000,"reason":"why","env":[["A","1"]],"breakGlass":true}',
    );
  });
});

describe('argv is verbatim', () => {
  test.each<[string, readonly string[]]>([
    ['-- ls', ['--', 'ls']],
    ["sh -c 'ls | wc -l'", ['sh', '-c', 'ls | wc -l']],
    ["echo '|' \\; \"&&\"", ['echo', '|', ';', '&&']],
    ['echo $HOME $(id) `id` * # $(PATH) ~ a;b a|b a&&b a>f a<f a&', ['echo', '$HOME', '$(id)', '`id`', '*', '#', '$(PATH)', '~', 'a;b', 'a|b', 'a&&b', 'a>f', 'a<f', 'a&']],
    ["echo ''b''c \"\" ''", ['echo', 'bc', '', '']],
    ['echo a\\ b "c\\"d" \'e\\f\' "g\\h" "\\$x"', ['echo', 'a b', 'c"d', 'e\\f', 'g\\h', '$x']],
    ['echo "a\nb" \'c\td\'', ['echo', 'a\nb', 'c\td']],
    ['echo a\\\nb', ['echo', 'ab']],
    ['echo :rm: 🦊 … ü', ['echo', ':rm:', '🦊', '…', 'ü']],
    ['echo "—x" \'“y”\' "&amp;" \'<http://a.b|a.b>\' a—b \'<@U0BOB>\' "\u00a0"', ['echo', '—x', '“y”', '&amp;', '<http://a.b|a.b>', 'a—b', '<@U0BOB>', '\u00a0']],
    ['ls --image a --image b --imag', ['ls', '--image', 'a', '--image', 'b', '--imag']],
    ['echo __proto__ constructor', ['echo', '__proto__', 'constructor']],
    ['sha256sum e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', ['sha256sum', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']],
  ])('prod api -- %s', (text, argv) => {
    expect(argvOf(`prod api -- ${text}`)).toStrictEqual(argv);
  });
});

describe('what Slack did is undone once and listed', () => {
  test.each<[string, readonly string[], readonly [number, string, string][]]>([
    ['prod api — ss', ['ss'], [[9, '—', '--']]],
    ['prod api – ss –a', ['ss', '--a'], [[9, '–', '--'], [14, '–', '--']]],
    ['prod api -- echo “a b”', ['echo', 'a b'], [[17, '“', '"'], [21, '”', '"']]],
    ['prod api -- echo ‘it is’', ['echo', 'it is'], [[17, '‘', "'"], [23, '’', "'"]]],
    ['prod api -- echo “don’t”', ['echo', 'don’t'], [[17, '“', '"'], [23, '”', '"']]],
    ['prod api -- echo a&amp;b &amp;amp; &lt;x&gt;', ['echo', 'a&b', '&amp;', '<x>'], [[18, '&amp;', '&'], [25, '&amp;', '&'], [35, '&lt;', '<'], [40, '&gt;', '>']]],
    ['prod api -- curl <http://a.b|a.b>', ['curl', 'a.b'], [[17, '<http://a.b|a.b>', 'a.b']]],
    ['prod api -- curl <https://x/?a=1&amp;b=2>', ['curl', 'https://x/?a=1&b=2'], [[17, '<https://x/?a=1&amp;b=2>', 'https://x/?a=1&b=2']]],
    ['prod api -- mail <mailto:x@y|x@y>', ['mail', 'x@y'], [[17, '<mailto:x@y|x@y>', 'x@y']]],
    ['prod api -- curl Host:<http://a.b|a.b>:80', ['curl', 'Host:a.b:80'], [[22, '<http://a.b|a.b>', 'a.b']]],
    ['prod\u00a0api -- ls', ['ls'], [[4, '\u00a0', ' ']]],
    ['prod\u2007api\u202f-- ls', ['ls'], [[4, '\u2007', ' '], [8, '\u202f', ' ']]],
    ['`prod api -- ls`', ['ls'], [[0, '`', ''], [15, '`', '']]],
    ['```\nprod api — ls\n```', ['ls'], [[0, '```', ''], [13, '—', '--'], [18, '```', '']]],
    ['prod api -- echo &amp;lt;', ['echo', '&lt;'], [[17, '&amp;', '&']]],
  ])('%s', (text, argv, changes) => {
    const parsed = parseCommand(text);
    expect(parsed).toMatchObject({ ok: true, command: { argv } });
    expect(parsed.ok && parsed.normalised).toStrictEqual(changes.map(([offset, from, to]) => ({ offset, from, to })));
  });

  test('in a message, which Slack escapes as a whole, quotes do not keep escapes and links', () => {
    const text = "prod api -- sh -c 'curl <http://a.b|a.b> &amp;&amp; id'";
    expect(parseCommand(text, { escaped: true })).toMatchObject({ ok: true, command: { argv: ['sh', '-c', 'curl a.b && id'] } });
    expect(argvOf(text)).toStrictEqual(['sh', '-c', 'curl <http://a.b|a.b> &amp;&amp; id']);
  });
});

describe('what is refused, where, and with which repair', () => {
  test.each<[string, number, string, string?]>([
    // structure
    ['prod', 4, 'The target is missing'],
    ['histroy', 7, 'did you mean history', 'history'],
    ['prod api', 8, 'add -- COMMAND', '-- COMMAND'],
    ['prod api --', 11, 'Nothing follows --', 'COMMAND'],
    ['-- ls', 0, 'The namespace is missing'],
    ['prod -- ls', 5, 'The target is missing'],
    ['prod api ls -l', 9, 'put -- before the command', '-- ls -l'],
    ['prod api extra -- ls', 9, 'one word too many before --'],
    ['prod -l app=api api -- ls', 16, 'one word too many before --'],
    ['prod api -l app=api -- ls', 9, 'use one of them'],
    ["'prod' api '--' ls", 11, '-- is not an option'],
    // options
    ['prod api --image', 9, '--image has no value', '--image NAME'],
    ['prod api --image -- ss', 9, '--image has no value', '--image NAME'],
    ['prod api --image= -- ls', 9, '--image has no value', '--image NAME'],
    ['prod api --image --timeout 3s -- ls', 9, '--image has no value', '--image NAME'],
    ['prod api --image a --image b -- ls', 19, '--image is given twice'],
    ['prod api --dry-run --dry-run -- ls', 19, '--dry-run is given twice'],
    ['prod api --env A=1 --env A=2 -- ls', 19, '--env A is given twice'],
    ['prod api --imag netshoot -- ls', 9, 'did you mean --image?', '--image'],
    ['prod api --IMAGE x -- ls', 9, 'did you mean --image?', '--image'],
    ['prod api --dry -- ls', 9, 'did you mean --dry-run?', '--dry-run'],
    ['prod api --privileged -- ls', 9, '--privileged is not an option', 'help options'],
    ['prod -l=app=api -- ls', 5, 'did you mean -l?', '-l'],
    ['`prod api` -- `ls`', 0, '` cannot be in a namespace'], ['`prod api -- ls', 0, '` cannot be in a namespace'],
    ['prod api -tlnp', 9, '-- stands before the command', 'help options'],
    ['prod api --__proto__ x -- ls', 9, '--__proto__ is not an option'],
    ['prod api --dry-run=yes -- ls', 9, '--dry-run takes no value', '--dry-run'],
    ['prod api --profile root -- ls', 19, 'root is not a profile'],
    ['prod api --profile genral -- ls', 19, 'not a profile', 'general'],
    ['prod api --timeout 30 -- ls', 19, 'takes a time such as 30s', '30s'],
    ['prod api --timeout 1ms -- ls', 19, 'too short', '1s'],
    ['prod api --timeout 16m -- ls', 19, 'too long', '15m'],
    ['prod api --timeout=1h -- ls', 19, 'too long', '15m'],
    ['prod api --replicas 0 -- ls', 20, 'from 1 to 10', 'all'],
    ['prod api --replicas 11 -- ls', 20, 'from 1 to 10', 'all'],
    ['prod api --reason " " -- ls', 18, 'reason is empty'],
    ['prod api --reason "a\nb" -- ls', 20, 'line break'],
    [`prod api --reason ${'x'.repeat(501)} -- ls`, 518, '500 is the most'],
    ['prod api --env a=1 -- ls', 15, 'a cannot be set by --env'],
    ['prod api --env A -- ls', 15, 'there is no ='],
    ...['PATH', 'LD_PRELOAD', 'KDEBUG_X', 'ENV', 'BASH_ENV', 'IFS', 'SHELLOPTS', 'PS4'].map(
      (name): [string, number, string] => [`prod api --env ${name}=x -- ls`, 15, `${name} cannot be set`]),
    ['prod api --preset dns --set Name=x', 28, 'not a parameter name'],
    ['prod api --preset dns --set name=-x', 33, 'never begins with -'],
    ['prod api --set name=x -- ls', 9, 'add --preset NAME', '--preset NAME'],
    ['prod api --preset dns -- ls', 22, 'A preset fixes the command'],
    ['prod api --preset dns --image a', 22, 'A preset fixes what --image says'],
    ['prod api --profile auto --preset dns', 9, 'A preset fixes what --profile says'],
    ['prod api --preset dns --target app', 22, 'A preset fixes what --target says'],
    ['prod api --preset dns --env A=1', 22, 'A preset fixes what --env says'],
    ['main/prod api --cluster other -- ls', 14, 'name one cluster'],
    ['--cluster Main prod api -- ls', 10, 'M cannot be in a cluster name', 'main'],
    // not built
    ['prod api -it -- sh', 9, 'opens a session', 'kubectl debug -n prod api -it --image=IMAGE --target=CONTAINER'],
    ['prod api -i -- sh', 9, 'opens a session', 'kubectl debug -n prod api -it --image=IMAGE --target=CONTAINER'],
    ['-t prod api -- sh', 0, 'opens a session', 'kubectl debug -n NAMESPACE POD -it --image=IMAGE --target=CONTAINER'],
    ['prod api --copy-to=x -- sh', 9, 'a second time', 'kubectl debug -n prod api --copy-to=NAME --image=IMAGE -- COMMAND'],
    ['prod node/eu-3 -- ls', 5, 'is a node', 'kubectl debug node/eu-3 -it --image=IMAGE'],
    ['node/eu-3 -- ls', 0, 'is a node', 'kubectl debug node/eu-3 -it --image=IMAGE'],
    ['prod api --image-pull-secret x -- ls', 9, 'pull secrets', `kubectl run debug -n prod --rm -it --image=IMAGE --overrides='{"spec":{"imagePullSecrets":[{"name":"SECRET"}]}}'`],
    ['-n kube-system api -- ls', 0, 'the namespace is the first word', 'kube-system POD'],
    // names
    ['prod .. -- ls', 5, 'is not a pod name'], ['prod . -- ls', 5, 'is not a pod name'],
    ['prod api%2e%2e -- ls', 8, '% cannot be in a pod name'], ['prod api/log -- ls', 5, 'api/ is not a kind of target'],
    ['prod api#x -- ls', 8, '# cannot be'], ['prod api;id -- ls', 8, '; cannot be'], ['prod api_7f9 -- ls', 8, '_ cannot be'],
    ['prod -rf -- ls', 5, '-rf is not an option'], ['prod api..7f9 -- ls', 5, 'is not a pod name'],
    ['prod pod/api -- ls', 5, 'pod/ is not a kind of target', 'api'], ['prod deploy/ -- ls', 12, 'A workload name is missing'],
    ['prod deploy/a/b -- ls', 13, '/ cannot be'], ['prod __proto__ -- ls', 5, '_ cannot be in a pod name'],
    ['__proto__ api -- ls', 0, '_ cannot be in a namespace'], ['prod toString -- ls', 7, 'S cannot be', 'tostring'],
    ['prod \u0430pi -- ls', 5, 'U+0430 Cyrillic'], ['pr\u043ed api -- ls', 2, 'U+043E Cyrillic'],
    ['Prod api -- ls', 0, 'P cannot be in a namespace', 'prod'], ['a/b/c api -- ls', 3, '/ cannot be in a namespace'],
    [`${'n'.repeat(64)} api -- ls`, 0, 'is not a namespace'], ['/prod api -- ls', 0, 'A cluster name is missing'],
    ['main/ api -- ls', 5, 'A namespace is missing'], ['-api- api -- ls', 0, 'is not an option'],
    // images
    ...['netshoot:latest', 'evil.io/x', '../netshoot', 'netshoot@sha256:aa'].map(
      (image): [string, number, string] => [`prod api --image ${image} -- ls`, 17 + image.search(/[^a-z0-9._-]/), 'cannot be in an image name']),
    ['prod api --image NETSHOOT -- ls', 17, 'N cannot be', 'netshoot'],
    ['prod api --image <https://evil.io|netshoot> -- ls', 17, 'not a link'],
    ['prod api --image=<https://evil.io|netshoot> -- ls', 17, 'not a link'],
    // quotes and operators
    ["prod api -- echo 'unterminated", 17, 'is not closed', "'"], ['prod api -- echo “x', 17, 'is not closed', '"'],
    ['prod api -- echo "a”', 17, 'is not closed', '"'], ['prod api -- echo a\\', 18, 'Nothing follows this backslash'],
    ...['|', '||', '&&', ';', '&', '>', '>>', '<', '2>&1'].map(
      (word): [string, number, string, string] => [`prod api -- ls ${word} x`, 15, `${word} means nothing without a shell`, "-- sh -c '…'"]),
    ['prod api -- ls &gt; f', 15, '> means nothing without a shell', "-- sh -c '…'"],
    // characters
    ['prod api -- ls\nid', 14, 'A line break can only stand in quotes'], ['prod api\r\n-- ls', 8, 'A line break'],
    ['prod api -- "a\rb"', 14, 'U+000D carriage return'],
    ['prod\u2003api -- ls', 4, 'U+2003 em space'], ['prod\u3000api -- ls', 4, 'U+3000 ideographic space'],
    ['prod api -- "a\u202eb"', 14, 'U+202E right-to-left override'], ['prod a\u200bpi -- ls', 6, 'U+200B zero width space'],
    ['\ufeffprod api -- ls', 0, 'U+FEFF'], ['prod api -- a\u2066b', 13, 'U+2066'], ['prod api -- a\0', 13, 'U+0000 null character'],
    ['prod api -- a\u001b[31m', 13, 'U+001B escape'], ['prod api -- a\u007f', 13, 'U+007F delete'], ['prod api -- a\u0085', 13, 'U+0085'],
    ['prod api -- a\ud800', 13, 'U+D800 unpaired surrogate'], ['prod api -- \udc00a', 12, 'U+DC00 unpaired surrogate'],
    ['prod api -- a\u{e0041}', 13, 'U+E0041 tag character'], ['prod api -- a\u00adb', 13, 'U+00AD soft hyphen'],
    // mentions
    ['prod api -- echo <@U0BOB>', 17, 'A mention of Slack'], ['prod api -- echo x<#C0OPS|ops>', 18, 'A mention of Slack'],
    ['prod api -- <!channel>', 12, 'A mention of Slack'], ['prod <@U0BOB|api> -- ls', 5, 'A mention of Slack'],
    // the other commands
    ['help me', 5, 'There is no help on me'], ['help target', 5, 'There is no help', 'targets'], ['cancel', 6, "needs the request's id", 'cancel ID'],
    ['cancel kd-1', 7, "is not a request's id"], ['status api -- ls', 11, 'CLUSTER/status'], ['history x', 8, 'history stands alone'],
    ['--dry-run status api -- ls', 10, 'CLUSTER/status'], ['allow @alice prod 2h preset:dns', 6, 'is not a person'],
    ['allow U0BOB prod 2h', 19, 'allow is incomplete', 'allow @PERSON NAMESPACE TIME SCOPE'], ['allow U0BOB prod 8d preset:dns', 17, 'too long', '7d'],
    ['allow list all', 11, 'stands alone'], ['allow revoke', 12, 'needs the request', 'allow revoke ID'], ['allow revoke U0BOB', 13, 'is not a request'],
    ['allow U0BOB prod 2h dns', 20, 'is not a scope', 'preset:NAME'], ['allow U0BOB prod 2h image:<http://a.b|netshoot>', 26, 'not a link'],
    ['allow U0BOB prod 2h preset:a preset:a', 29, 'given twice'], ['freeze --force', 7, '--force is not an option'],
    ['prod api --help', 9, 'stands alone', 'help options'],
  ])('%j', (text, offset, words, hint) => {
    const parsed = parseCommand(text);
    expect(parsed).toMatchObject({ ok: false, error: { offset, message: expect.stringContaining(words), ...(hint !== undefined && { hint }) } });
    expect(!parsed.ok && Object.keys(parsed.error).join()).toMatch(/^message,offset(?:,hint)?$/);
  });

  test.each([undefined, null, 7, true, [], ['prod api -- ls'], { text: 'x' }, () => 'x', Symbol('x')])('what is not a string: %s', (text) => {
    expect(parseCommand(text)).toMatchObject({ ok: false, error: { offset: 0 } });
  });
});

describe('limits', () => {
  test.each<[string, string, string]>([
    ['8,000 characters', `prod api -- ${"''".repeat(3_994)}`, 'accepted'],
    ['8,001 characters', 'x'.repeat(8_001), '8000 is the most'],
    ['100 arguments', `prod api -- ${'a '.repeat(100)}`, 'accepted'],
    ['101 arguments', `prod api -- ${'a '.repeat(101)}`, '100 words at most'],
    ['200 words before --', `freeze ${'a '.repeat(199)}`, 'accepted'],
    ['201 words before --', `freeze ${'a '.repeat(200)}`, 'More than 200 words'],
    ['8 KiB of argv in fewer characters', `prod api -- ${'€'.repeat(2_730)}aa`, 'accepted'],
    ['a byte more', `prod api -- ${'€'.repeat(2_730)}aaa`, '8192 bytes at most'],
    ['20 variables', `prod api ${Array.from({ length: 20 }, (_, n) => `--env A${n}=x`).join(' ')} -- ls`, 'accepted'],
    ['21 variables', `prod api ${Array.from({ length: 21 }, (_, n) => `--env A${n}=x`).join(' ')} -- ls`, '20 times at most'],
    ['variables of 8 KiB and more', `prod api --env A=${'€'.repeat(2_731)} -- ls`, '8192 bytes together'],
  ])('%s', (_name, text, refused) => {
    const parsed = parseCommand(text);
    expect(parsed.ok ? 'accepted' : parsed.error.message).toContain(refused);
  });
});

test('a fence may hold single ticks', () => {
  expect(argvOf('```prod api -- echo `id` ```')).toStrictEqual(['echo', '`id`']);
});
