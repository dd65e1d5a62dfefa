import { describe, expect, it } from 'vitest';
import { referencesInBlocks, referencesInText, type AutoParse } from '../../../src/playground/slack/blocks/references.ts';
import { createPeople } from '../../../src/playground/slack/world/directory.ts';
import { ACME } from '../../../src/playground/slack/seed.ts';
import { output, plain, section } from './caller.ts';

const { names } = createPeople(ACME);
const LITERAL: AutoParse = { links: false, names: false };
const CLIENT: AutoParse = { links: true, names: false };
const FULL: AutoParse = { links: true, names: true };

describe('what Slack makes of a text', () => {
  it.each<readonly [string, string, AutoParse, readonly object[]]>([
    ['a person', 'hi <@U0ALICE>', LITERAL, [{ kind: 'person', id: 'U0ALICE' }]],
    ['a group', '<!subteam^S0SRE>', LITERAL, [{ kind: 'group', id: 'S0SRE' }]],
    ['everybody', '<!channel> <!here> <!everyone>', LITERAL, [{ kind: 'everyone', range: 'channel' }, { kind: 'everyone', range: 'here' }, { kind: 'everyone', range: 'everyone' }]],
    ['everybody, inside code ticks', '`<!channel>`', LITERAL, [{ kind: 'everyone', range: 'channel' }]],
    ['a channel with its label', '<#C0OPS|ops>', LITERAL, [{ kind: 'channel', id: 'C0OPS' }]],
    ['a link that lies', '<https://evil.example|https://good.example>', LITERAL, [{ kind: 'link', url: 'https://evil.example', label: 'https://good.example', auto: false }]],
    ['a date, which is nobody', '<!date^1700000000^{time}|then>', LITERAL, []],
    ['a date that links', '<!date^1700000000^{time}^https://a.example|then>', LITERAL, [{ kind: 'link', url: 'https://a.example' }]],
    ['escaped, nothing', '&lt;!channel&gt; &lt;@U0ALICE&gt;', FULL, []],
    ['angle brackets that are no entity', 'a <b> c', LITERAL, []],
    ['a URL, not parsed', 'see https://a.example/x', LITERAL, []],
    ['a URL, parsed', 'see https://a.example/x', CLIENT, [{ kind: 'link', url: 'https://a.example/x', auto: true }]],
    ['a URL in code ticks, which no client links', '`https://a.example`', CLIENT, []],
    ['an e-mail address', 'a@example.org', CLIENT, [{ kind: 'link', auto: true }]],
    ['@channel as plain words', '@channel', CLIENT, []],
    ['@channel, names parsed', '@channel @alice @sre #ops @nobody', FULL, [{ kind: 'everyone', range: 'channel' }, { kind: 'person', id: 'U0ALICE' }, { kind: 'group', id: 'S0SRE' }, { kind: 'channel', id: 'C0OPS' }]],
  ])('%s', (_name, text, auto, found) => {
    const references = referencesInText(text, auto, names, '/text');
    expect(references).toHaveLength(found.length);
    expect(references).toMatchObject(found);
  });
});

describe('what Slack makes of blocks', () => {
  it('parses plain words of mrkdwn unless it is verbatim', () => {
    expect(referencesInBlocks([section('@here https://a.example')], names)).toHaveLength(2);
    expect(referencesInBlocks([section('@here https://a.example', { verbatim: true })], names)).toEqual([]);
  });

  it('takes output in a box and plain text literally', () => {
    expect(referencesInBlocks([output('<!channel> <@U0ALICE> https://a.example'), { type: 'header', text: plain('<!here>') }], names)).toEqual([]);
  });

  it('finds the mention elements of rich text, with where they stand', () => {
    const elements = [{ type: 'user', user_id: 'U0BOB' }, { type: 'usergroup', usergroup_id: 'S0SRE' }, { type: 'broadcast', range: 'here' }];
    expect(referencesInBlocks([{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }], names)).toMatchObject([
      { kind: 'person', id: 'U0BOB', where: '/blocks/0/elements/0/elements/0' }, { kind: 'group', id: 'S0SRE' }, { kind: 'everyone', range: 'here' },
    ]);
  });
});
