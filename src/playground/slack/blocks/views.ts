import { isObject, objectsIn, type Json } from '../json.ts';
import { BLOCK_KIT } from '../limits.ts';
import { viewBlocks } from './blocks.ts';
import { byType, flag, object, problemsOf, string } from './check.ts';
import { id, plainText } from './objects.ts';

/** Views: https://docs.slack.dev/reference/views */
const shared = { private_metadata: string(BLOCK_KIT.privateMetadata, 0), callback_id: id, external_id: id };

const modal = object(
  { title: plainText(BLOCK_KIT.viewTitle), blocks: viewBlocks },
  { ...shared, submit: plainText(BLOCK_KIT.viewButton), close: plainText(BLOCK_KIT.viewButton), clear_on_close: flag, notify_on_close: flag, submit_disabled: flag },
);
const home = object({ blocks: viewBlocks }, shared);

/** A modal that asks must have a button to send the answers. */
const submitMissing = (view: Json | undefined): boolean =>
  isObject(view) && view['type'] === 'modal' && view['submit'] === undefined && objectsIn(view, 'blocks').some((block) => block['type'] === 'input');

export const viewProblems = (view: Json | undefined, surface: 'modal' | 'home'): readonly string[] => [
  ...problemsOf(byType(surface === 'modal' ? { modal } : { home }), view, '/view'),
  ...(submitMissing(view) ? ['[ERROR] missing required field: submit [json-pointer:/view]'] : []),
];
