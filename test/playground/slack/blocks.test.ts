import { describe, expect, it } from 'vitest';
import { blockProblems } from '../../../src/playground/slack/blocks/blocks.ts';
import { countedCharacters } from '../../../src/playground/slack/blocks/count.ts';
import { viewProblems } from '../../../src/playground/slack/blocks/views.ts';
import type { JsonObject } from '../../../src/playground/slack/json.ts';
import { actions, button, output, plain, section } from './caller.ts';

const x = (length: number): string => 'x'.repeat(length);
const option = (text: string, value = text): JsonObject => ({ text: plain(text), value });
const select = (options: readonly JsonObject[]): JsonObject => ({ type: 'static_select', placeholder: plain('Pick'), options });
const confirm = { title: plain('Sure?'), text: plain('Run it?'), confirm: plain('Yes'), deny: plain('No') };
const rich = (...elements: readonly JsonObject[]): JsonObject => ({ type: 'rich_text', elements });

const BAD: readonly (readonly [string, readonly JsonObject[], string])[] = [
  ['a type nobody has', [{ type: 'sektion' }], 'unsupported type: "sektion" [json-pointer:/blocks/0/type]'],
  ['a property nobody has', [{ ...section('a'), colour: 'red' }], 'invalid additional property: colour [json-pointer:/blocks/0]'],
  ['a section with nothing', [{ type: 'section' }], 'missing required field: text or fields [json-pointer:/blocks/0]'],
  ['an empty section', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a section of 3,001 characters', [section(x(3_001))], 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
  ['a field of 2,001 characters', [{ type: 'section', fields: [plain(x(2_001))] }], 'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]'],
  ['11 fields', [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('a')) }], 'no more than 10 items allowed [json-pointer:/blocks/0/fields]'],
  ['a header of 151 characters', [{ type: 'header', text: plain(x(151)) }], 'must be less than 151 characters'],
  ['a header in mrkdwn', [{ type: 'header', text: { type: 'mrkdwn', text: 'a' } }], 'unsupported type: "mrkdwn" [json-pointer:/blocks/0/text/type]'],
  ['26 buttons', [actions(...Array.from({ length: 26 }, () => button('a')))], 'no more than 25 items allowed [json-pointer:/blocks/0/elements]'],
  ['no buttons', [actions()], 'no less than 1 items allowed'],
  ['11 elements of context', [{ type: 'context', elements: Array.from({ length: 11 }, () => plain('a')) }], 'no more than 10 items allowed'],
  ['a button in a context', [{ type: 'context', elements: [button('a')] }], 'unsupported type: "button"'],
  ['a button text of 76 characters', [actions(button(x(76)))], 'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]'],
  ['a button value of 2,001 characters', [actions(button('a', { value: x(2_001) }))], 'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]'],
  ['a button in another colour', [actions(button('a', { style: 'warning' }))], 'must be one of: primary, danger'],
  ['a confirmation title of 101 characters', [actions(button('a', { confirm: { ...confirm, title: plain(x(101)) } }))], 'must be less than 101 characters'],
  ['a confirmation text of 301 characters', [actions(button('a', { confirm: { ...confirm, text: plain(x(301)) } }))], 'must be less than 301 characters'],
  ['a confirmation button of 31 characters', [actions(button('a', { confirm: { ...confirm, confirm: plain(x(31)) } }))], 'must be less than 31 characters'],
  ['a confirmation without a no', [actions(button('a', { confirm: { title: plain('a'), text: plain('a'), confirm: plain('a') } }))], 'missing required field: deny'],
  ['an action_id of 256 characters', [actions(button('a', { action_id: x(256) }))], 'must be less than 256 characters'],
  ['an action_id twice in a block', [actions(button('a', { action_id: 'go' }), button('b', { action_id: 'go' }))], 'action_id already used: go [json-pointer:/blocks/0/elements/1/action_id]'],
  ['a block_id twice in a message', [{ ...section('a'), block_id: 'b' }, { ...section('b'), block_id: 'b' }], 'block_id already used: b [json-pointer:/blocks/1/block_id]'],
  ['a menu without options', [actions({ type: 'static_select', placeholder: plain('a') })], 'missing required field: options or option_groups'],
  ['101 options', [actions(select(Array.from({ length: 101 }, (_, index) => option(String(index)))))], 'no more than 100 items allowed'],
  ['an option text of 76 characters', [actions(select([option(x(76), 'v')]))], 'must be less than 76 characters'],
  ['an option value of 151 characters', [actions(select([option('a', x(151))]))], 'must be less than 151 characters'],
  ['6 overflow options', [actions({ type: 'overflow', options: Array.from({ length: 6 }, (_, index) => option(String(index))) })], 'no more than 5 items allowed'],
  ['a mention in preformatted text', [rich({ type: 'rich_text_preformatted', elements: [{ type: 'broadcast', range: 'channel' }] })], 'unsupported type: "broadcast"'],
  ['an empty rich text', [rich({ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] })], 'must be more than 0 characters'],
  ['a list of something else', [rich({ type: 'rich_text_list', style: 'bullet', elements: [{ type: 'text', text: 'a' }] })], 'unsupported type: "text"'],
  ['a rich text without elements', [{ type: 'rich_text' }], 'missing required field: elements'],
  ['an input without a label', [{ type: 'input', element: { type: 'plain_text_input' } }], 'missing required field: label'],
  ['a button as an input', [{ type: 'input', label: plain('a'), element: button('a') }], 'unsupported type: "button"'],
];

describe('blocks that Slack refuses', () => {
  it.each(BAD)('%s', (_name, blocks, problem) => {
    const problems = blockProblems(blocks);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    expect(problems[0]).toMatch(/^\[ERROR\] /);
  });

  it('names every mistake at once', () => {
    expect(blockProblems([section(''), { type: 'nothing' }])).toHaveLength(2);
  });
});

describe('blocks that Slack takes', () => {
  it.each<readonly [string, readonly JsonObject[]]>([
    ['a section of 3,000 characters', [section(x(3_000))]],
    ['3,000 emoji, which are 6,000 UTF-16 units', [section('😀'.repeat(3_000))]],
    ['a button with all it can have', [actions(button('Approve', { action_id: 'approve', value: 'kd-1', style: 'primary', confirm, accessibility_label: 'Approve it' }))]],
    ['the same action_id in two blocks', [actions(button('a', { action_id: 'go' })), actions(button('b', { action_id: 'go' }))]],
    ['output in a box', [output('<!channel> ```')]],
    ['a list, a quote, a date', [rich(
      { type: 'rich_text_list', style: 'ordered', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a' }] }] },
      { type: 'rich_text_quote', elements: [{ type: 'date', timestamp: 1_700_000_000, format: '{time}', fallback: 'then' }] },
    )]],
    ['a type-ahead as accessory', [{ ...section('a'), accessory: { type: 'external_select', action_id: 'pod', placeholder: plain('Pod'), min_query_length: 0 } }]],
    ['a context with an image', [{ type: 'context', elements: [{ type: 'image', image_url: 'https://example.org/a.png', alt_text: 'a' }, plain('b')] }]],
  ])('%s', (_name, blocks) => {
    expect(blockProblems(blocks)).toEqual([]);
  });
});

describe('views that Slack refuses', () => {
  const view = { type: 'modal', title: plain('Debug a pod'), blocks: [section('a')] };
  const input = { type: 'input', label: plain('Command'), element: { type: 'plain_text_input' } };
  it.each<readonly [string, JsonObject, string]>([
    ['a title of 25 characters', { ...view, title: plain(x(25)) }, 'must be less than 25 characters [json-pointer:/view/title/text]'],
    ['101 blocks', { ...view, blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) }, 'no more than 100 items allowed [json-pointer:/view/blocks]'],
    ['private_metadata of 3,001 characters', { ...view, private_metadata: x(3_001) }, 'must be less than 3001 characters'],
    ['a question without a way to answer', { ...view, blocks: [input] }, 'missing required field: submit [json-pointer:/view]'],
    ['a home where a modal is asked for', { type: 'home', blocks: [] }, 'unsupported type: "home"'],
    ['an initial value of 3,001 characters', { ...view, submit: plain('Run'), blocks: [{ ...input, element: { type: 'plain_text_input', initial_value: x(3_001) } }] }, 'must be less than 3001 characters'],
  ])('%s', (_name, bad, problem) => {
    expect(viewProblems(bad, 'modal').join('\n')).toContain(problem);
  });

  it('and one it takes', () => {
    expect(viewProblems({ ...view, submit: plain('Run'), blocks: [input], private_metadata: '' }, 'modal')).toEqual([]);
  });
});

describe('the characters Slack counts', () => {
  it.each<readonly [string, readonly JsonObject[], number]>([
    ['plain text as it is', [section('abc')], 3],
    ['rich text escaped', [output('<&>')], 13],
    ['mrkdwn that comes escaped, once', [section('&lt;&amp;')], 9],
    ['a header with its overhead', [{ type: 'header', text: plain('abc') }], 103],
    ['buttons too', [actions(button('ab'))], 2],
  ])('%s', (_name, blocks, count) => {
    expect(countedCharacters(blocks)).toBe(count);
  });
});

describe('a table', () => {
  const table = (rows: number, columns: number, text = 'x') => ({ type: 'table', rows: Array.from({ length: rows }, () => Array.from({ length: columns }, () => ({ type: 'raw_text', text }))) });
  it.each([
    ['as large as one may be', [table(100, 20)], 0], ['of 101 rows', [table(101, 2)], 1], ['of 21 columns', [table(1, 21)], 1], ['with an empty cell', [table(1, 1, '')], 1],
    ['of 10,000 characters', [table(10, 1, 'x'.repeat(1_000))], 0], ['of more', [table(11, 1, 'x'.repeat(1_000))], 1], ['beside another', [table(1, 1), table(1, 1)], 1],
  ])('%s', (_what, blocks, problems) => expect(blockProblems(blocks)).toHaveLength(problems));
});
