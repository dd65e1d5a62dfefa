import type { JsonObject } from './json.ts';

/** A refusal in Slack's own words: `{"ok": false, "error": code, …more}`. */
export class SlackError extends Error {
  readonly code: string;
  readonly more: JsonObject;

  constructor(code: string, more: JsonObject = {}) {
    super(`Slack refuses: ${code}`);
    this.name = 'SlackError';
    this.code = code;
    this.more = more;
  }
}

/** A refusal that names each mistake with its JSON pointer, as Slack's validator does. */
export const refusedBecause = (code: string, problems: readonly string[]): SlackError =>
  new SlackError(code, { errors: problems, response_metadata: { messages: problems } });
