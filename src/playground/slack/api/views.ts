import { Buffer } from 'node:buffer';
import { viewProblems } from '../blocks/views.ts';
import { textIn, type JsonObject } from '../json.ts';
import { VIEW_BYTES_MAX, VIEW_STACK_MAX } from '../limits.ts';
import { refusedBecause, SlackError } from '../slackError.ts';
import type { Workspace } from '../workspace.ts';
import type { View } from '../world/model.ts';
import { objectArg, requiredArg, textArg, type Call, type MethodTable } from './call.ts';
import { withIds } from './compose.ts';
import { viewJson } from './shown.ts';

/** A view as Slack would keep it. Throws invalid_arguments with the mistakes, view_too_large. */
export const checkedView = ({ nextId }: Workspace, view: JsonObject | undefined, surface: 'modal' | 'home'): JsonObject => {
  if (view === undefined) throw refusedBecause('invalid_arguments', ['[ERROR] missing required field: view']);
  const problems = viewProblems(view, surface);
  if (problems.length > 0) throw refusedBecause('invalid_arguments', problems);
  if (Buffer.byteLength(JSON.stringify(view)) > VIEW_BYTES_MAX) throw new SlackError('view_too_large');
  const { blocks } = view;
  return { ...view, blocks: withIds(Array.isArray(blocks) ? blocks : [], nextId) };
};

const viewArg = (workspace: Workspace, { args }: Call, surface: 'modal' | 'home'): JsonObject =>
  checkedView(workspace, objectArg(args, 'view', 'invalid_arguments'), surface);

const externalIdOf = ({ views }: Workspace, body: JsonObject): string | undefined => {
  const externalId = textIn(body, 'external_id');
  if (externalId !== undefined && views.byExternalId(externalId) !== undefined) throw new SlackError('duplicate_external_id');
  return externalId;
};

/** The trigger is spent first, even by a view that is refused: Slack documents neither, and this is the strict reading. */
const open = (workspace: Workspace, call: Call): View => {
  const viewer = workspace.secrets.exchangeTrigger(requiredArg(call.args, 'trigger_id'));
  const body = viewArg(workspace, call, 'modal');
  return workspace.views.open(viewer, body, externalIdOf(workspace, body));
};

const push = (workspace: Workspace, call: Call): View => {
  const viewer = workspace.secrets.exchangeTrigger(requiredArg(call.args, 'trigger_id'));
  const body = viewArg(workspace, call, 'modal');
  const depth = workspace.views.stack(viewer).length;
  if (depth === 0) throw new SlackError('not_found');
  if (depth >= VIEW_STACK_MAX) throw new SlackError('push_limit_reached');
  return workspace.views.push(viewer, body, externalIdOf(workspace, body));
};

const update = (workspace: Workspace, call: Call): View => {
  const externalId = textArg(call.args, 'external_id');
  const view = externalId === undefined ? workspace.views.get(requiredArg(call.args, 'view_id')) : workspace.views.byExternalId(externalId);
  if (view === undefined) throw new SlackError('not_found');
  const hash = textArg(call.args, 'hash');
  if (hash !== undefined && hash !== view.hash) throw new SlackError('hash_conflict');
  return workspace.views.update(view, viewArg(workspace, call, view.type));
};

const publish = (workspace: Workspace, call: Call): View => {
  const user = requiredArg(call.args, 'user_id');
  if (workspace.people.person(user) === undefined) throw new SlackError('user_not_found');
  return workspace.views.publish(user, viewArg(workspace, call, 'home'));
};

export const viewsMethods = (workspace: Workspace): MethodTable => {
  const method = (act: (workspace: Workspace, call: Call) => View): MethodTable[string] =>
    ({ meter: 4, run: (call) => ({ view: viewJson(workspace, act(workspace, call)) }) });
  return { 'views.open': method(open), 'views.push': method(push), 'views.update': method(update), 'views.publish': method(publish) };
};
