/** Which addresses kdebug may call beside the Web API itself: Slack's own, or those of an emulator on this machine. */

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const HOOKS = 'https://hooks.slack.com';
const FILES = 'https://files.slack.com';

const parsed = (url: string): URL | undefined => {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  // credentials in an address would be sent, and hide its host from who reads it
  return address === undefined || address.username !== '' || address.password !== '' ? undefined : address;
};

const loopbackOrigin = (apiUrl: string | undefined): string | undefined => {
  const api = apiUrl === undefined ? undefined : parsed(apiUrl);
  return api !== undefined && LOOPBACK.has(api.hostname) ? api.origin : undefined;
};

const isOneOf = (url: unknown, origin: string, apiUrl: string | undefined): url is string => {
  const address = typeof url === 'string' ? parsed(url) : undefined;
  return address !== undefined && (address.origin === origin || address.origin === loopbackOrigin(apiUrl));
};

/** A `response_url` that may be called: https://hooks.slack.com, or the origin of a loopback SLACK_API_URL. */
export const isResponseUrl = (url: unknown, apiUrl: string | undefined): url is string => isOneOf(url, HOOKS, apiUrl);

export const isSlackFileHost = (url: unknown, apiUrl: string | undefined): url is string => isOneOf(url, FILES, apiUrl);

/** What is wrong with a SLACK_API_URL; undefined for a good one. A token must not travel in the clear to another machine. */
export const whyNotApiUrl = (apiUrl: string): string | undefined => {
  const api = parsed(apiUrl);
  if (api === undefined) return 'SLACK_API_URL is not an address: write https://…/api/';
  if (!api.pathname.endsWith('/api/')) return 'SLACK_API_URL must end with /api/';
  return api.protocol === 'https:' || LOOPBACK.has(api.hostname) ? undefined : 'SLACK_API_URL must be https, or on this machine';
};
