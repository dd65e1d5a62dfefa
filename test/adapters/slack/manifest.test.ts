import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FEATURE_SCOPES, METHOD_SCOPES, missingScopes, SCOPES } from '../../../src/adapters/slack/scopes.ts';

const ROOT = new URL('../../../', import.meta.url);
const SOURCES = new URL('src/adapters/slack/', ROOT);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, ROOT), 'utf8')) as Manifest;

interface Manifest {
  readonly _metadata: { readonly major_version: number };
  readonly display_information: { readonly name: string; readonly description: string; readonly long_description: string };
  readonly features: { readonly shortcuts: readonly { readonly name: string; readonly type: string; readonly callback_id: string }[]; readonly app_home: object; readonly slash_commands: readonly { readonly command: string; readonly url?: string; readonly description: string; readonly usage_hint: string; readonly should_escape: boolean }[] };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly socket_mode_enabled: boolean;
    readonly org_deploy_enabled: boolean;
    readonly event_subscriptions: { readonly bot_events: readonly string[]; readonly request_url?: string };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url?: string; readonly message_menu_options_url?: string };
  };
}

/** Literal on purpose: a scope more is a decision somebody has to make here too. */
const WANTED = ['commands', 'chat:write', 'files:write', 'app_mentions:read', 'users:read', 'usergroups:read', 'channels:read', 'groups:read'];

const CALL = /\.(?:client|clients\.\w+|clients\[by\]|interactive|output|audit)?\.?\b(auth|bots|chat|conversations|files|usergroups|users|views|apps|reactions|pins|team|search|admin|dnd|emoji|stars|reminders)\.((?:users\.)?\w+)\(/g;

/** Every method of Slack that the adapter's own code calls. */
const called = (): readonly string[] => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const text = files.map((path) => readFileSync(new URL(path, SOURCES), 'utf8')).join('\n');
  return [...new Set([...text.matchAll(CALL)].map(([, family, method]) => `${family}.${method}`))].toSorted();
};

describe.each(['manifest.json', 'deploy/slack/manifest.http.json'])('%s', (path) => {
  const manifest = read(path);

  it('asks for exactly the scopes that are needed', () => {
    expect(manifest.oauth_config.scopes.bot).toEqual(WANTED);
    expect([...SCOPES].toSorted()).toEqual([...WANTED].toSorted());
  });

  it('has one command, whose text Slack leaves as it was typed', () => {
    expect(manifest.features.slash_commands).toMatchObject([{ command: '/kdebug', should_escape: false }]);
  });

  it('has one message shortcut, and a Home tab', () => {
    expect(manifest.features.shortcuts).toMatchObject([{ type: 'message', callback_id: 'kdebug_from_message' }]);
    expect(manifest.features.shortcuts[0]?.name.length).toBeLessThanOrEqual(24);
    expect(manifest.features.app_home).toEqual({ home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true });
  });

  it('subscribes to mentions, to the opening of the Home tab, and nothing else', () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(['app_mention', 'app_home_opened']);
    expect(manifest.settings).toMatchObject({ interactivity: { is_enabled: true }, org_deploy_enabled: false });
  });

  it("stays within Slack's lengths", () => {
    const { name, description, long_description: long } = manifest.display_information;
    expect(name.length).toBeLessThanOrEqual(35);
    expect(description.length).toBeLessThanOrEqual(140);
    expect(long.length).toBeGreaterThanOrEqual(174);
    expect(long.length).toBeLessThanOrEqual(4_000);
  });
});

it('the one for Socket Mode needs no address, the one for HTTP names it four times', () => {
  expect(JSON.stringify(read('manifest.json'))).not.toContain('/slack/events');
  expect(read('manifest.json').settings.socket_mode_enabled).toBe(true);
  const { features, settings } = read('deploy/slack/manifest.http.json');
  const urls = [features.slash_commands[0]?.url, settings.event_subscriptions.request_url, settings.interactivity.request_url, settings.interactivity.message_menu_options_url];
  expect(new Set(urls)).toEqual(new Set(['https://kdebug.example.com/slack/events']));
  expect(settings.socket_mode_enabled).toBe(false);
});

it('the table of scopes names the methods that the code calls, all and no others', () => {
  expect(called().length).toBeGreaterThan(8);
  expect(called()).toEqual(Object.keys(METHOD_SCOPES).toSorted());
});

describe('what is said at the start about scopes', () => {
  it('there is a feature for each scope, and what kdebug cannot be without is marked', () => {
    expect(FEATURE_SCOPES.map(({ scope }) => scope).toSorted()).toEqual([...SCOPES].toSorted());
    expect(FEATURE_SCOPES.filter(({ isEssential }) => isEssential).map(({ scope }) => scope)).toEqual(['commands', 'chat:write']);
  });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['all of them', WANTED, []],
    ['none that Slack tells', [], []],
    ['all but files', WANTED.filter((scope) => scope !== 'files:write'), ['files:write']],
    ['commands alone', ['commands'], WANTED.filter((scope) => scope !== 'commands').toSorted()],
  ])('with %s', (_what, granted, missing) => {
    expect(missingScopes(granted).map(({ scope }) => scope).toSorted()).toEqual([...missing].toSorted());
  });
});
