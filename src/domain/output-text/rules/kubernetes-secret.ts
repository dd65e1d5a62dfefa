import { type Finder, type Found, type Hit, type Rule, isBlankLine, lineEnd, lineStart, matchAt } from '../found.ts';

/** The data of a Secret, as `kubectl get -o yaml` and `-o json` and its last-applied annotation print it. */

const BLOCK_CHARS_MAX = 65_536;
/** In a row, within a value of several lines. */
const BLANK_LINES_MAX = 16;
const LOOK_BACK_CHARS = 1_500;
const YAML_DATA = /(?:data|stringData):[ \t]*\n/y;
const JSON_DATA = /(?:data|stringData)\\{0,7}"[ \t]{0,4}:\s{0,64}\{[^{}]{1,65536}\}/y;
const JSON_KIND_AFTER = /\s{0,64},?\s{0,64}(?:\\{0,7}"(?:stringData|immutable)[^{}]{0,4096}\}?,\s{0,64})?\\{0,7}"kind\\{0,7}"\s{0,4}:\s{0,4}\\{0,7}"Secret/y;
const JSON_KIND = /kind\\{0,7}"\s{0,4}:\s{0,4}\\{0,7}"Secret\\{0,7}"/y;

const indentOf = (text: string, start: number): number => /^(?:- )?[ \t]*(?:- )?/.exec(text.slice(start, start + 64))?.[0].length ?? 0;

const blockEnd = (text: string, first: number, indent: number): number => {
  let end = first;
  let [deeper, blanks] = [first, 0];
  // blank lines belong to the block when the block goes on behind them
  while (end < text.length && end - first < BLOCK_CHARS_MAX && blanks <= BLANK_LINES_MAX) {
    const isBlank = isBlankLine(text, end);
    if (!isBlank && indentOf(text, end) <= indent) break;
    end = lineEnd(text, end) + 1;
    blanks = isBlank ? blanks + 1 : 0;
    if (!isBlank) deeper = end;
  }
  return Math.min(deeper, text.length);
};

const saysSecret = (text: string, start: number, end: number): boolean => {
  const before = text.slice(Math.max(0, start - LOOK_BACK_CHARS), start);
  const document = before.slice(Math.max(before.lastIndexOf('\n---'), before.lastIndexOf('\n- ')) + 1);
  return /^[ \t-]{0,16}kind:[ \t]{1,4}Secret[ \t]*$/m.test(document) || /^[ \t-]{0,16}kind:[ \t]{1,4}Secret[ \t]*$/m.test(text.slice(end, end + 200));
};

const onlySecretsHave = (text: string, at: number): boolean => text.startsWith('stringData', at);

const inYaml = (text: string, at: number, isListed: boolean): Hit | undefined => {
  if (matchAt(YAML_DATA, text, at) === null || text.slice(lineStart(text, at), at).replace(/^- /, '').trim() !== '') return undefined;
  const first = YAML_DATA.lastIndex;
  const end = blockEnd(text, first, indentOf(text, lineStart(text, at)));
  return end > first && (isListed || onlySecretsHave(text, at) || saysSecret(text, lineStart(text, at), end)) ? { start: first, end: text.charAt(end - 1) === '\n' ? end - 1 : end } : undefined;
};

const kindBefore = (text: string, at: number): boolean => {
  const before = text.slice(Math.max(0, at - LOOK_BACK_CHARS), at);
  const kind = before.lastIndexOf('kind');
  return kind !== -1 && matchAt(JSON_KIND, before, kind) !== null;
};

const inJson = (text: string, at: number, isListed: boolean): Hit | number | undefined => {
  const block = /["\\]/.test(text.charAt(at - 1)) ? matchAt(JSON_DATA, text, at) : null;
  if (block === null) return undefined;
  const end = JSON_DATA.lastIndex;
  const isSecret = isListed || onlySecretsHave(text, at) || matchAt(JSON_KIND_AFTER, text, end) !== null || kindBefore(text, at);
  return isSecret ? { start: at + block[0].indexOf('{') + 1, end: end - 1 } : end;
};

const WHAT = 'Kubernetes Secret';

export const SECRET_MANIFEST_RULES: readonly Rule[] = [{
  what: WHAT,
  anchors: ['data:', 'data"', 'data\\"', 'stringData:', 'stringData"', 'stringData\\"'],
  find: (text, at) => inYaml(text, at, false) ?? inJson(text, at, false),
}];

const LIST_KIND = /kind\\{0,7}["']?\s{0,4}:\s{0,4}\\{0,7}["']?$/;

/** Whether the API's own list is in the text, of which no item says its kind. */
const hasSecretList = (text: string): boolean => {
  for (let at = text.indexOf('SecretList'); at !== -1; at = text.indexOf('SecretList', at + 1)) {
    if (LIST_KIND.test(text.slice(Math.max(0, at - 32), at))) return true;
  }
  return false;
};

/** The data of the items of a `SecretList`, as `kubectl get --raw` prints it. */
export const findSecretLists: Finder = (text) => {
  const found: Found[] = [];
  if (!hasSecretList(text)) return found;
  for (let at = text.indexOf('data'); at !== -1; at = text.indexOf('data', at + 1)) {
    const hit = inYaml(text, at, true) ?? inJson(text, at, true);
    if (typeof hit === 'object') found.push({ ...hit, what: WHAT });
    if (hit !== undefined) at = Math.max(at, (typeof hit === 'number' ? hit : hit.end) - 1);
  }
  return found;
};
