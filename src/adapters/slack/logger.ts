import { LogLevel, type Logger } from '@slack/bolt';
import type { Log } from '../../app/ports.ts';

const LINE_CHARS_MAX = 500;
const SECRET = /\bx(?:ox[a-z]|app)(?:-[\w.%-]+)+|(?<=[?&](?:ticket|token)=)[^&\s"']+/gi;

/** What Slack's libraries say, as one short line without tokens. Their debug lines hold whole messages and are dropped. */
const lineOf = (parts: readonly unknown[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : part instanceof Error ? part.message : '')).join(' ').replaceAll(SECRET, '…').slice(0, LINE_CHARS_MAX);

export const slackLogger = (log: Log): Logger => ({
  debug: () => undefined,
  info: () => undefined,
  warn: (...parts: readonly unknown[]) => log.warn({ from: 'slack' }, lineOf(parts)),
  error: (...parts: readonly unknown[]) => log.error({ from: 'slack' }, lineOf(parts)),
  setLevel: () => undefined,
  getLevel: () => LogLevel.INFO,
  setName: () => undefined,
});

/** An error of ours or theirs, for a log line. */
export const errorLine = (error: unknown): string => lineOf([error instanceof Error ? `${error.name}: ${error.message}` : String(error)]);
