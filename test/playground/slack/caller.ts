import { isObject, textIn, type JsonObject } from '../../../src/playground/slack/json.ts';
import type { FakeSlack } from '../../../src/playground/slack/options.ts';

/** Calls the Web API as a client without any library would: JSON body, bearer token. */
export const caller = ({ apiUrl, botToken }: Pick<FakeSlack, 'apiUrl' | 'botToken'>) =>
  async (method: string, args: JsonObject = {}, token: string | null = botToken): Promise<JsonObject> => {
    const response = await fetch(`${apiUrl}${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(args),
    });
    const body: unknown = await response.json();
    return isObject(body) ? body : {};
  };

export const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
export const button = (text: string, more: JsonObject = {}): JsonObject => ({ type: 'button', text: plain(text), ...more });
export const actions = (...elements: readonly JsonObject[]): JsonObject => ({ type: 'actions', elements });
export const section = (text: string, more: JsonObject = {}): JsonObject => ({ type: 'section', text: { type: 'mrkdwn', text, ...more } });
export const output = (text: string): JsonObject => ({
  type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
});

/** A string of an answer; empty when it is not there. */
export const textOf = (answer: JsonObject | undefined, key: string): string => textIn(answer, key) ?? '';
