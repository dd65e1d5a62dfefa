import { json, rateLimited, type Answer } from '../http.ts';
import type { JsonObject } from '../json.ts';
import type { Metering } from '../metering.ts';
import { SlackError } from '../slackError.ts';
import { textArg, type Call, type Method, type MethodTable } from './call.ts';

export interface Tokens {
  readonly bot: string;
  readonly app: string;
}

const refusal = (code: string, more: JsonObject = {}): Answer => json({ ok: false, error: code, ...more });

const bearer = (authorization: string | undefined, args: JsonObject): string | undefined =>
  authorization?.startsWith('Bearer ') === true ? authorization.slice('Bearer '.length) : textArg(args, 'token');

const neededScope = (method: Method, call: Call): string | undefined =>
  typeof method.scope === 'function' ? method.scope(call) : method.scope;

/** Everything before the method itself: token, scope, rate. Undefined lets the call pass. */
const stopped = (method: Method, call: Call, token: string | undefined, tokens: Tokens, metering: Metering): Answer | undefined => {
  if (token === undefined) return refusal('not_authed');
  if (token !== tokens.bot && token !== tokens.app) return refusal('invalid_auth');
  if ((token === tokens.app) !== (method.token === 'app')) return refusal('not_allowed_token_type');
  const needed = neededScope(method, call);
  if (needed !== undefined && !call.scopes.includes(needed)) return refusal('missing_scope', { needed, provided: call.scopes.join(',') });
  const retryAfterS = metering.admit(call.method, method.meter, textArg(call.args, 'channel') ?? '');
  return retryAfterS === 0 ? undefined : rateLimited(retryAfterS);
};

const run = (method: Method, call: Call, headers: Readonly<Record<string, string>>): Answer => {
  try {
    return json({ ok: true, ...method.run(call) }, headers);
  } catch (error) {
    if (error instanceof SlackError) return json({ ok: false, error: error.code, ...error.more }, headers);
    throw error;
  }
};

/** The Web API as a function: method, arguments and Authorization header in, Slack's answer out. */
export const createGateway = (methods: MethodTable, tokens: Tokens, scopes: readonly string[], metering: Metering) => {
  const headers = { 'x-oauth-scopes': scopes.join(','), 'x-slack-req-id': 'fake' };
  return (name: string, args: JsonObject, authorization: string | undefined): Answer => {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) return refusal('unknown_method', { req_method: name });
    const call: Call = { method: name, args, scopes };
    return stopped(method, call, bearer(authorization, args), tokens, metering) ?? run(method, call, headers);
  };
};
