import { parseApiUrl } from './addresses.ts';
import type { VariableReader } from './read-variable.ts';

export type SlackTransport =
  | { readonly kind: 'socket'; readonly appToken: string; /** A signing secret is set too, and not used. */ readonly bothGiven: boolean }
  | { readonly kind: 'http'; readonly signingSecret: string };

export interface SlackAccess {
  readonly botToken: string;
  readonly transport: SlackTransport;
  /** Another Web API root, ending in `/api/`. */
  readonly apiUrl?: string;
}

const TOKEN = /^[\x21-\x7e]{1,512}$/;

/** Emulators hand out tokens of their own making, so the prefix is asked for only where the real Slack is. */
const token = (prefix: RegExp, strict: boolean) => (text: string): string | undefined => {
  const otherKind = /^(?:xoxe\.)?xox[a-z]-|^xapp-/.test(text) && !prefix.test(text);
  return TOKEN.test(text) && !otherKind && (prefix.test(text) || !strict) ? text : undefined;
};

const NO_TRANSPORT = 'is not set, and neither is SLACK_SIGNING_SECRET; set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or the signing secret for HTTP mode';
const BOTH = 'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: Socket Mode is used, the signing secret is not';

const transportFrom = (reader: VariableReader, strict: boolean): SlackTransport | undefined => {
  const appToken = reader.read('SLACK_APP_TOKEN', token(/^xapp-/, strict), 'is not an app-level token; write the one that begins with xapp-');
  const signingSecret = reader.read('SLACK_SIGNING_SECRET', token(/^(?!xox|xapp)/, true), 'is not a signing secret; write the one of the app’s Basic Information page');
  const mistaken = reader.problems.some(({ variable }) => /^SLACK_(?:APP_TOKEN|SIGNING_SECRET)/.test(variable));
  if (appToken !== undefined) return { kind: 'socket', appToken, bothGiven: signingSecret !== undefined };
  if (signingSecret !== undefined) return { kind: 'http', signingSecret };
  if (!mistaken) reader.refuse('SLACK_APP_TOKEN', NO_TRANSPORT);
  return undefined;
};

/** How to reach Slack: an app token means Socket Mode and wins over a signing secret. */
export const slackFrom = (reader: VariableReader): { readonly slack?: SlackAccess; readonly warnings: readonly string[] } => {
  const apiUrl = reader.read('SLACK_API_URL', parseApiUrl, 'is not a Web API root; write https://…/api/ with its final /api/ (http only on this machine)');
  const strict = reader.text('SLACK_API_URL') === undefined;
  const botToken = reader.read('SLACK_BOT_TOKEN', token(/^(?:xoxe\.)?xoxb-/, strict), 'is not a bot token; write the one that begins with xoxb-');
  if (reader.text('SLACK_BOT_TOKEN') === undefined && !reader.problems.some(({ variable }) => variable.startsWith('SLACK_BOT_TOKEN'))) {
    reader.refuse('SLACK_BOT_TOKEN', 'is not set; write the bot token of your Slack app (xoxb-…)');
  }
  const transport = transportFrom(reader, strict);
  if (botToken === undefined || transport === undefined) return { warnings: [] };
  const warnings = transport.kind === 'socket' && transport.bothGiven ? [BOTH] : [];
  return { slack: { botToken, transport, ...(apiUrl === undefined ? {} : { apiUrl }) }, warnings };
};
