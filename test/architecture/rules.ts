/** The plan of the house as rules over sources: each answers what is wrong, in sentences, or nothing. */
import { posix } from 'node:path';
import { codeOf, functionsOf, importsOf, type Source } from './source.ts';

export type Check = (source: Source) => readonly string[];

/** Which part of the house a path is in. `demo` composes the playground, so it may start processes and fetch programs. */
export const partOf = (path: string): string => {
  const adapter = /^src\/adapters\/([^/]+)\//.exec(path)?.[1];
  if (adapter !== undefined) return `adapters/${adapter}`;
  if (path === 'src/main.ts' || path.startsWith('src/processes/') || path.startsWith('src/policy/')) return 'main';
  if (/^src\/playground\/(?:demo|gallery|world|local\/)/.test(path)) return 'demo';
  if (path.startsWith('scripts/')) return 'scripts';
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? 'outside';
};

const mayImport = (from: string, to: string): boolean => {
  if (from === to || from === 'demo') return to !== 'outside';
  if (from === 'main') return to !== 'outside' && to !== 'scripts';
  if (from === 'domain') return false;
  if (from === 'app' || from === 'config') return to === 'domain';
  if (from === 'playground') return ['app', 'domain', 'demo'].includes(to);
  return (from === 'ops' || from.startsWith('adapters/')) && ['app', 'domain'].includes(to) ;
};

const isRelative = (specifier: string): boolean => specifier.startsWith('.');

export const arrows: Check = (source) => importsOf(source).filter(isRelative).flatMap((specifier) => {
  const to = posix.join(posix.dirname(source.path), specifier);
  return mayImport(partOf(source.path), partOf(to)) ? [] : [`${source.path} imports ${to}: ${partOf(source.path)} may not import ${partOf(to)}`];
});

/** Which parts may use which package. One that is not here has no home yet: give it one. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  '@slack/bolt': ['adapters/slack'], '@slack/web-api': ['adapters/slack'], '@slack/types': ['adapters/slack'], '@slack/socket-mode': ['adapters/slack'],
  '@kubernetes/client-node': ['adapters/kubernetes'],
  bullmq: ['adapters/redis'], ioredis: ['adapters/redis'],
  'openid-client': ['adapters/oidc'],
  re2js: ['adapters/redaction', 'config'],
  zod: ['config', 'adapters/slack'],
  yaml: ['config', 'adapters/kubernetes'], // kdebug.yaml, and the kubeconfig
  pino: ['ops'], 'prom-client': ['ops'],
  commander: ['main'], 'close-with-grace': ['main'],
  undici: ['adapters/kubernetes', 'adapters/slack'], picomatch: ['config', 'adapters/slack'],
  ws: ['playground', 'demo'], selfsigned: ['playground', 'demo'],
};
/** The playground doubles Slack and the cluster; of everything else it may use what is installed. */
const DOUBLED = ['@slack/', '@kubernetes/'];

const packageOf = (specifier: string): string | undefined =>
  (isRelative(specifier) || specifier.startsWith('node:') ? undefined : specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/'));

const homesOf = (name: string): readonly string[] => (Object.hasOwn(HOMES, name) ? HOMES[name] ?? [] : []);

const isAtHome = (part: string, name: string): boolean => {
  if ((part === 'playground' || part === 'demo') && !DOUBLED.some((prefix) => name.startsWith(prefix))) return true;
  return homesOf(name).includes(part);
};

export const vendors: Check = (source) => importsOf(source).flatMap((specifier) => {
  const name = packageOf(specifier);
  return name === undefined || isAtHome(partOf(source.path), name) ? [] : [`${source.path} imports ${name}, whose home is ${homesOf(name).join(' or ') || 'nowhere yet'}`];
});

/** Words that the code of a file must not hold; literals and comments are no code. */
const without = (words: readonly RegExp[], where: (path: string) => boolean): Check => (source) =>
  (where(source.path) ? words.flatMap((word) => {
    const found = word.exec(codeOf(source.text));
    return found ? [`${source.path}:${codeOf(source.text).slice(0, found.index).split('\n').length} has ${found[0].trim()}`] : [];
  }) : []);

const isIn = (part: string) => (path: string): boolean => partOf(path) === part;

const domainImports: Check = (source) => (isIn('domain')(source.path) ? importsOf(source).flatMap((specifier) => {
  if (isRelative(specifier)) return [];
  const isDigest = specifier === 'node:crypto' && /import \{ createHash \} from 'node:crypto'/.test(source.text);
  return isDigest ? [] : [`${source.path} imports ${specifier}: the domain uses createHash of node:crypto and nothing else`];
}) : []);

export const pureDomain: Check = (source) => [
  ...domainImports(source),
  ...without([/\bDate\.now\b/, /\bnew Date\(/, /\bMath\.random\b/, /\bprocess\./, /\basync\b/, /\bawait\b/, /\bPromise\b/, /\bperformance\./, /\bset(?:Timeout|Interval|Immediate)\b/, /\bfetch\(/], isIn('domain'))(source),
];

/** What a use case may have of Node: nothing that reads or writes the world. */
export const quietApp: Check = (source) => (isIn('app')(source.path) ? [
  ...importsOf(source).filter((specifier) => !isRelative(specifier)).map((specifier) => `${source.path} imports ${specifier}: the world comes in through ports.ts`),
  ...without([/\bDate\.now\b/, /\bnew Date\(\)/, /\bMath\.random\b/, /\bprocess\./, /\bfetch\(/], isIn('app'))(source),
] : []);

export const language: Check = without([
  /(?:(?<!\s):\s*|\bas\s+|<|\|\s*)any\b(?=\s*(?:[[\]>,;)=|&{}]|$))/m,
  /<[^<>()\n]*,\s*any\s*>/,
  /[\w)\]](?:!(?=[.[(,;)\]}])|! as\b)/,
  /\benum\s+\w+\s*\{/,
  /\bclass\b(?!\s+\w+\s+extends\s+Error\b)/,
  /\bconsole\s*\./,
], (path) => path.startsWith('src/'));

export const FILE_LINES_MAX = 200;
export const FUNCTION_LINES_MAX = 40;

export const fileLength: Check = ({ path, text }) => {
  const lines = text.replace(/\n$/, '').split('\n').length;
  return lines > FILE_LINES_MAX ? [`${path} has ${lines} lines`] : [];
};

export const functionLength: Check = (source) =>
  functionsOf(source).filter(({ lines }) => lines > FUNCTION_LINES_MAX).map(({ line, lines }) => `${source.path}:${line} is a function of ${lines} lines`);

/** Words of one machine or of one way of working, which a stranger who clones the repository cannot follow. */
const ELSEWHERE = [/\.\.\/shared/, /\/work\//, /facts\/[\w./-]*\.md/];
export const ownWords: Check = ({ path, text }) => ELSEWHERE.flatMap((word) => {
  const found = word.exec(text);
  return found ? [`${path} mentions ${found[0]}`] : [];
});
