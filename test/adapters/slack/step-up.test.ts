/** What Slack shows of an approval that wants a login. */
import { describe, expect, it } from 'vitest';
import { clickAnswer } from '../../../src/adapters/slack/render/answers.ts';
import { card } from '../../../src/adapters/slack/render/card.ts';
import { entryLine } from '../../../src/adapters/slack/render/mirror.ts';
import { spoken } from '../../../src/adapters/slack/render/rich.ts';
import type { Instant } from '../../../src/domain/names.ts';
import { approvedBy, BOB, given, held, hold, planned, requested } from '../../fixtures/requests.ts';

const URL_OF_PAGE = `https://kdebug.example.org/step-up/${'s'.repeat(43)}`;

describe('step-up in Slack', () => {
  it('the person who pressed reads where to log in, and until when', () => {
    const message = clickAnswer({ kind: 'step_up', url: URL_OF_PAGE, until: 1_760_000_000_000 as Instant });
    expect(message?.text).toMatch(/login outside Slack.*before \d\d:\d\d UTC/);
    expect(JSON.stringify(message?.blocks)).toContain(`{"type":"link","url":"${URL_OF_PAGE}","text":"confirm the approval"}`);
    expect(message?.text, 'the link is in no notification').not.toContain(URL_OF_PAGE);
  });
  it('the card says beforehand that a click is not enough', () => {
    const waiting = (stepUp: boolean): string => card(given(requested, planned, { ...held(), hold: { ...hold, stepUp } } as ReturnType<typeof held>)).text;
    expect(waiting(true)).toContain('whoever approves confirms by a login outside Slack');
    expect(waiting(false)).not.toContain('login');
  });
  it('the trail says which approvals were confirmed', () => {
    const said = (confirmed: boolean): string => spoken([entryLine({ at: 0 as Instant, request: given(requested).id, event: { ...approvedBy(BOB), ...(confirmed && { stepUp: { issuer: 'https://login.example.org', subject: 'bob' } }) } as ReturnType<typeof approvedBy> })]);
    expect(said(true)).toContain('confirmed by a login');
    expect(said(false)).not.toContain('login');
  });
});
