/** The gallery as one page, in Slack's look: no script, nothing loaded from anywhere. */
import { objectIn, objectsIn, textIn, type JsonObject } from '../slack/json.ts';
import { personName, type Reader } from '../slack/render/markup.ts';
import { blocksHtml, escapeHtml } from './html.ts';
import type { Entry } from './entries.ts';

const STYLE = `
body { margin: 0; background: #f4f4f5; font: 15px/1.46668 Lato, "Liberation Sans", "Noto Color Emoji", sans-serif; color: #1d1c1d; }
main { max-width: 780px; margin: 0 auto; padding: 24px; }
h2 { font-size: 13px; font-weight: 600; color: #616061; margin: 28px 0 6px; }
figure { margin: 0; background: #fff; border-radius: 8px; box-shadow: 0 0 0 1px #e0e0e0; padding: 16px 20px; }
.message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 0 10px; }
.face { width: 36px; height: 36px; border-radius: 8px; background: #1a1d21; color: #fff; font-weight: 700; display: grid; place-items: center; }
.from b { font-weight: 900; } .from span { font-size: 11px; background: #e8e8e8; color: #616061; border-radius: 3px; padding: 1px 3px; margin: 0 6px 0 4px; } .from time { font-size: 12px; color: #616061; }
.only { grid-column: 2; font-size: 12px; color: #616061; }
.section { margin: 4px 0; overflow-wrap: anywhere; }
.mention { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px; } .link { color: #1264a3; }
.code, pre { font: 12px/1.5 "Liberation Mono", Menlo, monospace; background: #f8f8f8; border: 1px solid #e0e0e0; border-radius: 3px; }
.code { color: #c01343; padding: 1px 3px; } pre { margin: 6px 0; padding: 8px; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 4px; max-height: 420px; overflow: hidden; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 4px; }
.button, .menu { border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px; font-weight: 700; font-size: 13px; background: #fff; } .menu { font-weight: 400; min-width: 160px; display: inline-flex; justify-content: space-between; gap: 16px; }
.button.primary { background: #007a5a; color: #fff; border-color: #007a5a; } .button.danger { color: #e01e5a; border-color: #e01e5a; }
.scroll { overflow-x: auto; margin: 8px 0; } table { border-collapse: collapse; font-size: 13px; } td { border: 1px solid #ddd; padding: 4px 8px; white-space: nowrap; } tr:first-child td { font-weight: 700; background: #f8f8f8; } .right { text-align: right; }
.modal { max-width: 520px; margin: 0 auto; border-radius: 8px; box-shadow: 0 8px 30px #0003; padding: 0; } .modal > header { padding: 16px 24px; font-weight: 900; font-size: 18px; border-bottom: 1px solid #eee; } .modal > div { padding: 12px 24px; } .modal > footer { padding: 12px 24px; border-top: 1px solid #eee; display: flex; justify-content: flex-end; gap: 8px; }
.input { margin: 12px 0; } .input label { display: block; font-weight: 700; margin-bottom: 4px; } .input small { display: block; color: #616061; margin-top: 4px; } i { color: #8d8d8d; font-style: normal; font-weight: 400; }
.field { display: block; border: 1px solid #bbb; border-radius: 4px; padding: 7px 12px; min-height: 22px; } .tall { min-height: 66px; } .input .menu { display: flex; padding: 7px 12px; }
`;

const anchor = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');

const messageHtml = (reader: Reader, entry: Extract<Entry, { surface: 'message' }>): string => `<figure class="message" id="${anchor(entry.name)}">
${entry.isWhispered === true ? '<div class="only">Only visible to you</div>' : ''}
<div class="face">k</div><div><div class="from"><b>${escapeHtml(personName(reader, reader.world.botUserId).slice(1))}</b><span>APP</span><time>15:21</time></div>
${blocksHtml(reader, entry.blocks as readonly JsonObject[])}</div></figure>`;

const viewHtml = (reader: Reader, { name, view, surface }: Extract<Entry, { surface: 'modal' | 'home' }>): string => {
  const body = view as JsonObject;
  const label = (key: string): string => escapeHtml(textIn(objectIn(body, key), 'text') ?? '');
  const blocks = blocksHtml(reader, objectsIn(body, 'blocks'));
  if (surface === 'home') return `<figure id="${anchor(name)}">${blocks}</figure>`;
  const buttons = `${label('close') === '' ? '' : `<span class="button">${label('close')}</span>`}${label('submit') === '' ? '' : `<span class="button primary">${label('submit')}</span>`}`;
  return `<figure class="modal" id="${anchor(name)}"><header>${label('title')}</header><div>${blocks}</div><footer>${buttons}</footer></figure>`;
};

export const idOf = (entry: Entry): string => anchor(entry.name);

export const page = (reader: Reader, all: readonly Entry[]): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>What kdebug says in Slack</title><style>${STYLE}</style>
<main><h1>What kdebug says in Slack</h1>
${all.map((entry) => `<h2>${escapeHtml(entry.name)}</h2>\n${entry.surface === 'message' ? messageHtml(reader, entry) : viewHtml(reader, entry)}`).join('\n')}
</main></html>
`;
