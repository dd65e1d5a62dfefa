/** Block Kit as Slack shows it, in HTML. Everything that comes from a block is escaped; nothing here runs. */
import { isObject, objectIn, objectsIn, textIn, typeOf, type Json, type JsonObject } from '../slack/json.ts';
import { channelName, dateText, groupName, personName, type Reader } from '../slack/render/markup.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

const tag = (name: string, classes: string, inner: string): string => `<${name} class="${classes}">${inner}</${name}>`;
const span = (classes: string, text: string): string => tag('span', classes, escapeHtml(text));

const leaf = (reader: Reader, element: JsonObject): string => {
  const id = (key: string): string => textIn(element, key) ?? '';
  switch (typeOf(element)) {
    case 'user': return span('mention', personName(reader, id('user_id')));
    case 'usergroup': return span('mention', groupName(reader, id('usergroup_id')));
    case 'channel': return span('mention', channelName(reader, id('channel_id')));
    case 'date': return escapeHtml(dateText(reader, Number(element['timestamp']), id('format')));
    case 'link': return span('link', textIn(element, 'text') ?? id('url'));
    default: {
      const style = objectIn(element, 'style');
      if (style?.['code'] === true) return span('code', id('text'));
      return style?.['bold'] === true ? tag('b', '', escapeHtml(id('text'))) : escapeHtml(id('text'));
    }
  }
};

const rich = (reader: Reader, element: JsonObject): string => {
  const inner = objectsIn(element, 'elements').map((one) => leaf(reader, one)).join('');
  return typeOf(element) === 'rich_text_preformatted' ? tag('pre', '', inner) : tag('div', 'section', inner.replaceAll('\n', '<br>'));
};

/** The only markup that kdebug writes is its own bold headline. */
const text = (object: JsonObject | undefined): string => {
  const given = textIn(object, 'text') ?? '';
  return object?.['type'] === 'mrkdwn' ? escapeHtml(given).replaceAll(/\*([^*\n]+)\*/g, '<b>$1</b>').replaceAll('&amp;lt;', '&lt;').replaceAll('&amp;gt;', '&gt;').replaceAll('&amp;amp;', '&amp;') : escapeHtml(given);
};

const control = (element: JsonObject): string => {
  const label = text(objectIn(element, 'text')) || text(objectIn(element, 'placeholder'));
  const initial = text(objectIn(objectIn(element, 'initial_option'), 'text'));
  if (typeOf(element) === 'button') return tag('span', `button ${textIn(element, 'style') ?? ''}`, label);
  if (typeOf(element).endsWith('_input')) return tag('span', element['multiline'] === true ? 'field tall' : 'field', escapeHtml(textIn(element, 'initial_value') ?? '') || tag('i', '', label));
  return tag('span', 'menu', `${initial || label || 'Choose'}<i>▾</i>`);
};

const table = (reader: Reader, block: JsonObject): string => {
  const settings = objectsIn(block, 'column_settings');
  const cell = (value: Json, column: number): string => {
    const shown = isObject(value) ? escapeHtml(textIn(value, 'text') ?? '') || objectsIn(value, 'elements').map((one) => rich(reader, one)).join('') : '';
    return `<td class="${settings[column]?.['align'] === 'right' ? 'right' : ''}">${shown}</td>`;
  };
  const rows = Array.isArray(block['rows']) ? block['rows'] : [];
  return tag('div', 'scroll', `<table>${rows.map((row) => `<tr>${(Array.isArray(row) ? row : []).map(cell).join('')}</tr>`).join('')}</table>`);
};

const input = (block: JsonObject): string => tag('div', 'input', [
  tag('label', '', text(objectIn(block, 'label')) + (block['optional'] === true ? ' <i>(optional)</i>' : '')),
  control(objectIn(block, 'element') ?? {}), tag('small', '', text(objectIn(block, 'hint'))),
].join(''));

const blockHtml = (reader: Reader, block: JsonObject): string => {
  switch (typeOf(block)) {
    case 'section': return tag('div', 'section', text(objectIn(block, 'text')) + (objectIn(block, 'accessory') === undefined ? '' : control(objectIn(block, 'accessory') ?? {})));
    case 'rich_text': return objectsIn(block, 'elements').map((one) => rich(reader, one)).join('');
    case 'actions': return tag('div', 'actions', objectsIn(block, 'elements').map(control).join(''));
    case 'table': return table(reader, block);
    case 'input': return input(block);
    case 'header': return tag('h3', '', text(objectIn(block, 'text')));
    case 'context': return tag('div', 'context', objectsIn(block, 'elements').map((one) => text(one)).join(' '));
    case 'divider': return '<hr>';
    default: return tag('div', 'section', escapeHtml(JSON.stringify(block)));
  }
};

export const blocksHtml = (reader: Reader, blocks: readonly JsonObject[]): string => blocks.map((block) => blockHtml(reader, block)).join('\n');
