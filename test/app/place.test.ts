import { describe, expect, it } from 'vitest';
import type { ChannelFacts, Directory } from '../../src/app/chat-port.ts';
import { placeFor } from '../../src/app/place.ts';
import type { TypedCommand } from '../../src/app/slack-port.ts';
import type { ChannelId, MessageTs, TeamId } from '../../src/domain/names.ts';
import { ALICE } from '../fixtures/requests.ts';

const [HERE, APPROVALS] = ['C0HERE', 'C0APPROVALS'] as unknown as readonly [ChannelId, ChannelId];
const input: TypedCommand = { user: ALICE, team: 'T0ACME' as TeamId, channel: HERE, text: '', escaped: false, trigger: 't', source: 'mention', thread: '1.1' as MessageTs };
const facts = (change: Partial<ChannelFacts> = {}): ChannelFacts => ({ id: HERE, name: 'inc-42', isMember: true, isArchived: false, isShared: false, isDirect: false, ...change });

type Seen = ChannelFacts | 'unseen' | 'unknown';
const seen = (one: Seen): ChannelFacts | undefined | 'unknown' => (one === 'unseen' ? undefined : one);
const place = (here: Seen, approvals: Seen | 'none' = facts()) => placeFor({
  directory: { channel: async (id: ChannelId) => seen(id === HERE || approvals === 'none' ? here : approvals) } as Directory,
  incidents: ['inc-*'], approvalsChannel: approvals === 'none' ? undefined : APPROVALS,
}, input);

describe('where the card goes', () => {
  it('is the thread it was typed in, of an incident when the channel is one', async () => {
    expect(await place(facts())).toMatchObject({ cardIn: HERE, thread: '1.1', incident: true });
    expect(await place(facts({ name: 'ops' }))).toMatchObject({ incident: false });
  });

  it.each<readonly [string, Seen]>([
    ['a direct message', facts({ isDirect: true })], ['a channel that kdebug is not in', facts({ isMember: false })], ['an archived channel', facts({ isArchived: true })], ['a private channel that kdebug cannot see', 'unseen'],
  ])('from %s is the approvals channel, without a thread', async (_what, here) => {
    const found = await place(here);
    expect(found).toMatchObject({ typedIn: HERE, cardIn: APPROVALS, incident: false });
    expect(found).not.toHaveProperty('thread');
    expect(await place(here, 'none')).toEqual({ code: 'nowhere_to_post' });
  });

  it.each<readonly [string, Seen, string]>([
    ['that kdebug is not in', facts({ isMember: false }), 'nowhere_to_post'], ['that is archived', facts({ isArchived: true }), 'nowhere_to_post'], ['that is not there', 'unseen', 'nowhere_to_post'],
    ['that another organisation reads', facts({ isShared: true }), 'shared_channel'], ['that Slack does not tell of', 'unknown', 'unknown_channel'],
  ])('is nowhere with an approvals channel %s', async (_what, approvals, code) => {
    expect(await place('unseen', approvals)).toEqual({ code });
  });

  it('is nowhere in a channel that another organisation reads, or that Slack does not tell of', async () => {
    expect(await place(facts({ isShared: true }))).toEqual({ code: 'shared_channel' });
    expect(await place('unknown')).toEqual({ code: 'unknown_channel' });
  });
});
