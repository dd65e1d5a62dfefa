import { objectIn, objectsIn, textIn, typeOf, type JsonObject } from '../json.ts';
import { channelName, dateText, emoji, groupName, markup, personName, type Reader } from './markup.ts';
import { boxed, columns, padded, wrapped } from './width.ts';

type Lines = readonly string[];

const markupLines = (reader: Reader, text: string, width: number): Lines =>
  markup(reader, text).flatMap((part) => (part.kind === 'code' ? boxed(part.text, width) : wrapped(part.text.replace(/^\n|\n$/g, ''), width)));

const textLines = (reader: Reader, object: JsonObject | undefined, width: number): Lines => {
  const text = textIn(object, 'text');
  if (text === undefined) return [];
  return object?.['type'] === 'mrkdwn' ? markupLines(reader, text, width) : wrapped(text, width);
};

const styled = (element: JsonObject, text: string): string => (objectIn(element, 'style')?.['code'] === true ? `\`${text}\`` : text);

const leafText = (reader: Reader, element: JsonObject): string => {
  const id = (key: string): string => textIn(element, key) ?? '';
  switch (typeOf(element)) {
    case 'user': return personName(reader, id('user_id'));
    case 'usergroup': return groupName(reader, id('usergroup_id'));
    case 'channel': return channelName(reader, id('channel_id'));
    case 'broadcast': return `@${id('range')}`;
    case 'emoji': return emoji(id('name'));
    case 'date': return dateText(reader, Number(element['timestamp']), id('format'));
    case 'link': return textIn(element, 'text') ?? id('url');
    default: return styled(element, id('text'));
  }
};

const leaves = (reader: Reader, element: JsonObject): string => objectsIn(element, 'elements').map((leaf) => leafText(reader, leaf)).join('');

const richLines = (reader: Reader, element: JsonObject, width: number): Lines => {
  switch (typeOf(element)) {
    case 'rich_text_preformatted': return boxed(leaves(reader, element), width);
    case 'rich_text_quote': return wrapped(leaves(reader, element), width - 2).map((line) => `▏ ${line}`);
    case 'rich_text_list': {
      const indent = '  '.repeat(Number(element['indent'] ?? 0));
      return objectsIn(element, 'elements').flatMap((item, index) => {
        const mark = element['style'] === 'ordered' ? `${index + 1}. ` : '• ';
        return wrapped(leaves(reader, item), width - indent.length - mark.length).map((line, row) => `${indent}${row === 0 ? mark : ' '.repeat(mark.length)}${line}`);
      });
    }
    default: return wrapped(leaves(reader, element).replace(/\n$/, ''), width);
  }
};

/** A button or a menu as people see it. */
export const controlText = (element: JsonObject): string => {
  const label = textIn(objectIn(element, 'text'), 'text') ?? textIn(objectIn(element, 'placeholder'), 'text') ?? '';
  if (element['type'] === 'button') return `[ ${label} ]`;
  if (element['type'] === 'overflow') return '[ ⋯ ]';
  return `[ ${label === '' ? 'Choose' : label} ▾ ]`;
};

/** Controls side by side, as many to a line as fit; a control is never broken in two. */
export const controlLines = (controls: readonly string[], width: number): Lines => {
  const lines: string[] = [];
  for (const control of controls) {
    const longer = `${lines.at(-1) ?? ''}  ${control}`;
    if (lines.length > 0 && columns(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(control);
  }
  return lines;
};

/** Two columns when both sides are short, else one below the other. */
const fieldLines = (reader: Reader, fields: readonly JsonObject[], width: number): Lines => {
  const half = Math.floor(width / 2) - 1;
  const shown = fields.map((field) => textLines(reader, field, half));
  const lines: string[] = [];
  for (let index = 0; index < shown.length; index += 2) {
    const left = shown[index] ?? [];
    const right = shown[index + 1] ?? [];
    for (let row = 0; row < Math.max(left.length, right.length); row += 1) lines.push(`${padded(left[row] ?? '', half)}  ${right[row] ?? ''}`.trimEnd());
  }
  return lines;
};

const sectionLines = (reader: Reader, block: JsonObject, width: number): Lines => {
  const accessory = objectIn(block, 'accessory');
  return [
    ...textLines(reader, objectIn(block, 'text'), width),
    ...fieldLines(reader, objectsIn(block, 'fields'), width),
    ...(accessory === undefined || accessory['type'] === 'image' ? [] : controlLines([controlText(accessory)], width)),
  ];
};

const inputLines = (reader: Reader, block: JsonObject, width: number): Lines => {
  const element = objectIn(block, 'element') ?? {};
  const shown = typeOf(element).endsWith('_input')
    ? `[ ${textIn(element, 'initial_value') ?? textIn(objectIn(element, 'placeholder'), 'text') ?? ''} ]`
    : controlText(objectIn(element, 'initial_option') === undefined ? element : { ...element, text: objectIn(objectIn(element, 'initial_option'), 'text') });
  return [...textLines(reader, objectIn(block, 'label'), width), ...wrapped(`  ${shown}`, width), ...textLines(reader, objectIn(block, 'hint'), width - 2).map((line) => `  ${line}`)];
};

const tableLines = (reader: Reader, block: JsonObject, width: number): Lines => {
  const rows = Array.isArray(block['rows']) ? block['rows'] : [];
  const cell = (value: JsonObject): string => textIn(value, 'text') ?? objectsIn(value, 'elements').map((element) => leaves(reader, element)).join(' ');
  return rows.flatMap((row) => wrapped(objectsIn({ row }, 'row').map(cell).join(' │ '), width));
};

/** One block as lines of at most `width` columns. */
export const blockLines = (reader: Reader, block: JsonObject, width: number): Lines => {
  switch (typeOf(block)) {
    case 'section': return sectionLines(reader, block, width);
    case 'divider': return ['─'.repeat(width)];
    case 'header': return wrapped(textIn(objectIn(block, 'text'), 'text') ?? '', width);
    case 'context': return wrapped(objectsIn(block, 'elements').flatMap((element) => (element['type'] === 'image' ? [] : textLines(reader, element, Infinity))).join('  '), width);
    case 'actions': return controlLines(objectsIn(block, 'elements').map(controlText), width);
    case 'rich_text': return objectsIn(block, 'elements').flatMap((element) => richLines(reader, element, width));
    case 'image': return wrapped(`[image: ${textIn(block, 'alt_text') ?? ''}]`, width);
    case 'input': return inputLines(reader, block, width);
    case 'table': return tableLines(reader, block, width);
    default: return markupLines(reader, textIn(block, 'text') ?? '', width);
  }
};

export const textOrBlocks = (reader: Reader, content: { readonly text: string; readonly blocks: readonly JsonObject[] }, width: number): Lines =>
  content.blocks.length === 0 ? markupLines(reader, content.text, width) : content.blocks.flatMap((block) => blockLines(reader, block, width));
