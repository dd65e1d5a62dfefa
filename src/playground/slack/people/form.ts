import { viewJson } from '../api/shown.ts';
import { checkedView } from '../api/views.ts';
import { isObject, objectIn, objectsIn, textIn, type Json, type JsonObject } from '../json.ts';
import { VIEW_STACK_MAX } from '../limits.ts';
import { SlackError } from '../slackError.ts';
import type { Outcome } from '../transport/delivery.ts';
import type { Workspace } from '../workspace.ts';
import type { View } from '../world/model.ts';
import { filledIn, type Entered } from './fields.ts';
import { viewPlace } from './place.ts';
import { actor, changed, identity, type Hand, type HandOptions } from './who.ts';

const show = (workspace: Workspace, view: View, answer: JsonObject, action: string): void => {
  const { views } = workspace;
  if (action === 'clear') return views.clear(view.viewer);
  if (action !== 'update' && action !== 'push') throw new SlackError('invalid_arguments');
  const body = checkedView(workspace, objectIn(answer, 'view'), 'modal');
  if (action === 'update') return void views.update(view, body);
  if (views.stack(view.viewer).length >= VIEW_STACK_MAX) throw new SlackError('push_limit_reached');
  return void views.push(view.viewer, body, textIn(body, 'external_id'));
};

/** Errors hang on input blocks; Slack refuses those that name anything else. */
const showErrors = ({ views }: Workspace, view: View, errors: JsonObject | undefined): void => {
  const inputs = objectsIn(view.body, 'blocks').filter((block) => block['type'] === 'input').map((block) => block['block_id']);
  const entries = Object.entries(errors ?? {});
  if (entries.length === 0 || !entries.every(([blockId, text]) => inputs.includes(blockId) && typeof text === 'string')) throw new SlackError('invalid_arguments');
  views.refuse(view, Object.fromEntries(entries.map(([blockId, text]) => [blockId, typeof text === 'string' ? text : ''])));
};

/** What the acknowledgement of a submission does to the screen: nothing said closes the view. */
const follow = (workspace: Workspace, view: View, body: Json): void => {
  const action = textIn(body, 'response_action');
  if (action === undefined && isObject(body) && Object.keys(body).length > 0) throw new SlackError('invalid_arguments');
  if (action === undefined) workspace.views.closeTop(view.viewer);
  else if (action === 'errors') showErrors(workspace, view, objectIn(body, 'errors'));
  else if (isObject(body)) show(workspace, view, body, action);
};

const followed = (workspace: Workspace, view: View, outcome: Outcome): Outcome => {
  if (!outcome.ok) return outcome;
  try {
    follow(workspace, view, outcome.body);
    return outcome;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return { ...outcome, ok: false, error: 'dispatch_failed', detail: `Slack refuses the answer to the form: ${error.code}` };
  }
};

/**
 * Fills in a form and sends it: values by block_id or action_id; what is not given keeps its initial value. Throws where
 * Slack's own form would not let the person send: a required field left empty, a text too short or too long, no such option.
 */
export const submit = ({ workspace, dispatch }: Hand) =>
  async (userId: string, viewId: string, values: Entered, options: HandOptions = {}): Promise<Outcome> => {
    const { view } = viewPlace(workspace, userId, viewId);
    const state = { values: filledIn(view, values) };
    const content: JsonObject = {
      type: 'view_submission', ...identity(workspace, actor(workspace, userId)),
      trigger_id: workspace.secrets.issueTrigger(userId), view: { ...viewJson(workspace, view), state }, response_urls: [],
    };
    return followed(workspace, view, await dispatch.deliver('interactive', changed(content, options)));
  };

/** The cross in the corner; the app hears of it only when the view asked for that. */
export const closeView = ({ workspace, dispatch }: Hand) =>
  async (userId: string, viewId: string, options: HandOptions = {}): Promise<Outcome | undefined> => {
    const { view } = viewPlace(workspace, userId, viewId);
    workspace.views.closeTop(userId);
    if (view.body['notify_on_close'] !== true) return undefined;
    return dispatch.deliver('interactive', changed({
      type: 'view_closed', ...identity(workspace, actor(workspace, userId)), view: viewJson(workspace, view), is_cleared: false,
    }, options));
  };
