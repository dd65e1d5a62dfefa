/** kdebug's Slack adapter in the fake workspace, its handlers played by the test. */
import { connectSlack, type SlackConnection } from '../../../src/adapters/slack/connect.ts';
import type { EntryHandlers, FormWanted, Instead, SuggestWanted } from '../../../src/app/entry-port.ts';
import type { Log } from '../../../src/app/ports.ts';
import type { Budget } from '../../../src/app/budget-port.ts';
import type { AfterHandlers, AuthorityClick, AuthorityHandlers, Answer, Choice, Click, ClickAnswer, Decision, Denial, DetailsAnswer, FilterAsk, Rejected, SlackHandlers, TypedCommand } from '../../../src/app/slack-port.ts';
import { startFakeSlack } from '../../../src/playground/slack/server.ts';
import type { FakeSlack, FakeSlackOptions } from '../../../src/playground/slack/options.ts';
import { vi } from 'vitest';

export type Mode = 'socket' | 'http';

/** What the handlers do; each test replaces what it is about. */
export interface Played {
  command: (input: TypedCommand) => Promise<Answer>;
  click: (input: Decision) => Promise<ClickAnswer>;
  choose: (input: Choice) => Promise<ClickAnswer>;
  deny: (input: Denial) => Promise<ClickAnswer>;
  details: (input: Click) => Promise<DetailsAnswer>;
  form: EntryHandlers['form'];
  suggest: EntryHandlers['suggest'];
  home: EntryHandlers['home'];
  instead: EntryHandlers['instead'];
  rerun: AfterHandlers['rerun'];
  filterable: AfterHandlers['filterable'];
  filter: AfterHandlers['filter'];
  postFiltered: AfterHandlers['postFiltered'];
  authority: AuthorityHandlers['authority'];
  recycle: AuthorityHandlers['recycle'];
}

export interface Heard {
  readonly commands: TypedCommand[];
  readonly clicks: Decision[];
  readonly denials: Denial[];
  readonly details: Click[];
  readonly choices: Choice[];
  readonly forms: FormWanted[];
  readonly suggests: SuggestWanted[];
  readonly homes: Parameters<EntryHandlers['home']>[0][];
  readonly insteads: Instead[];
  readonly reruns: Click[];
  readonly filterables: Click[];
  readonly filters: FilterAsk[];
  readonly posts: FilterAsk[];
  readonly authorities: AuthorityClick[];
  readonly recycles: Click[];
  readonly rejected: Rejected[];
}

export const NO_BUDGET: Budget = { take: () => Promise.resolve(undefined) };

export const quietLog = (): Log & { readonly lines: string[] } => {
  const lines: string[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { lines, info: write, warn: write, error: write };
};

const unplayed = (): Played => ({
  command: () => Promise.resolve({ kind: 'unavailable' }),
  click: () => Promise.resolve({ kind: 'done' }),
  choose: () => Promise.resolve({ kind: 'done' }),
  deny: () => Promise.resolve({ kind: 'done' }),
  details: () => Promise.resolve({ kind: 'unavailable' }),
  form: () => Promise.resolve({ kind: 'unavailable' }),
  suggest: () => Promise.resolve({ suggestions: [], isBlind: true }),
  home: () => Promise.resolve({ kind: 'unavailable' }),
  instead: () => Promise.resolve({ kind: 'unavailable' }),
  rerun: () => Promise.resolve({ kind: 'unavailable' }),
  filterable: () => Promise.resolve({ kind: 'unavailable' }),
  filter: () => Promise.resolve({ kind: 'unavailable' }),
  postFiltered: () => Promise.resolve({ kind: 'done' }),
  authority: () => Promise.resolve({ kind: 'done' }),
  recycle: () => Promise.resolve({ kind: 'done' }),
});

export const playedHandlers = (): { readonly heard: Heard; readonly played: Played; readonly handlers: SlackHandlers } => {
  const heard: Heard = { commands: [], clicks: [], denials: [], details: [], choices: [], forms: [], suggests: [], homes: [], insteads: [], reruns: [], filterables: [], filters: [], posts: [], authorities: [], recycles: [], rejected: [] };
  const played = unplayed();
  return {
    heard, played,
    handlers: {
      command: (input) => { heard.commands.push(input); return played.command(input); },
      click: (input) => { heard.clicks.push(input); return played.click(input); },
      choose: (input) => { heard.choices.push(input); return played.choose(input); },
      deny: (input) => { heard.denials.push(input); return played.deny(input); },
      details: (input) => { heard.details.push(input); return played.details(input); },
      form: (input) => { heard.forms.push(input); return played.form(input); },
      suggest: (input) => { heard.suggests.push(input); return played.suggest(input); },
      home: (input) => { heard.homes.push(input); return played.home(input); },
      instead: (input) => { heard.insteads.push(input); return played.instead(input); },
      rerun: (input) => { heard.reruns.push(input); return played.rerun(input); },
      filterable: (input) => { heard.filterables.push(input); return played.filterable(input); },
      filter: (input) => { heard.filters.push(input); return played.filter(input); },
      postFiltered: (input) => { heard.posts.push(input); return played.postFiltered(input); },
      authority: (input) => { heard.authorities.push(input); return played.authority(input); },
      recycle: (input) => { heard.recycles.push(input); return played.recycle(input); },
      rejected: (input) => { heard.rejected.push(input); return Promise.resolve(); },
    },
  };
};

export interface Workspace {
  readonly slack: FakeSlack;
  readonly connection: SlackConnection;
  readonly heard: Heard;
  readonly played: Played;
  readonly log: ReturnType<typeof quietLog>;
  readonly close: () => Promise<void>;
}

export const connectTo = async (slack: FakeSlack, mode: Mode, handlers: SlackHandlers, log: Log, budget = NO_BUDGET): Promise<SlackConnection> => connectSlack({
  transport: mode === 'socket' ? { kind: 'socket', appToken: slack.appToken } : { kind: 'http', signingSecret: slack.signingSecret, port: 0 },
  botToken: slack.botToken, apiUrl: slack.apiUrl, log, budget, handlers,
});

export const openWorkspace = async (mode: Mode, options: FakeSlackOptions = {}): Promise<Workspace> => {
  const slack = await startFakeSlack({ clockScale: 200, ...options });
  const { heard, played, handlers } = playedHandlers();
  const log = quietLog();
  const connection = await connectTo(slack, mode, handlers, log);
  await vi.waitFor(() => { if (!connection.ready()) throw new Error('not ready'); }, 10_000);
  if (mode === 'http') await slack.connectApp(`http://127.0.0.1:${connection.port()}/slack/events`);
  return {
    slack, connection, heard, played, log,
    close: async () => {
      await connection.close();
      await slack.close();
    },
  };
};
