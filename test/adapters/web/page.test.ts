/** What is put into our pages is text, whatever it is. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../../src/adapters/web/html.ts';
import { CONTENT_SECURITY_POLICY, pageOf } from '../../../src/adapters/web/page.ts';
import { isInvisible } from '../../../src/domain/command/characters.ts';
import { refusalWords } from '../../../src/adapters/web/words.ts';
import type { StepUpAnswer } from '../../../src/app/step-up-port.ts';
import type { AwaitingApproval } from '../../../src/domain/request-states.ts';
import type { StepUpFailure } from '../../../src/domain/step-up.ts';
import { given, held, planned, requested } from '../../fixtures/requests.ts';

const request = given(requested, planned, held()) as AwaitingApproval;
const planPage = (changed: Partial<AwaitingApproval> = {}, names: Partial<Extract<StepUpAnswer, { kind: 'plan' }>> = {}): string =>
  pageOf({ kind: 'plan', request: { ...request, ...changed }, requester: 'Alice', approver: 'Bob', until: request.expiresAt, ...names }, '/step-up/secret', 'proof').html;
const tagsOf = (page: string): readonly string[] => page.match(/<[^>]*>/g) ?? [];
const within = (text: string): string => planPage({
  rule: text,
  plan: { ...request.plan, argv: [text, text], container: { ...request.plan.container, env: [{ name: 'MODE', value: text }] } },
  preflight: { ...request.preflight, warnings: [text], notices: [text] },
  ask: { ...request.ask, command: { ...request.ask.command, options: { ...request.ask.command.options, reason: text } } },
}, { requester: text, approver: text });

describe('the page of a plan', () => {
  it('shows what the card shows', () => {
    const page = planPage();
    for (const part of ['<strong>Bob</strong>', 'Alice', 'U0ALICE', '<strong>prod</strong> / <code>api-7f9c4d8b6-x2k9p</code>', request.plan.targets[0]!.uid, '<li><code>ss</code></li><li><code>-tlnp</code></li>', 'nicolaka/netshoot:v0.13', 'tag: may move', 'can read and change everything the app holds', 'SYS_PTRACE', 'stops after 60 s', request.rule, request.id, request.digest.slice(0, 4)]) expect(page, part).toContain(part);
    expect(page).toContain('<form method="post" action="/step-up/secret"><input type="hidden" name="proof" value="proof">');
  });
  it('leaves out no warning', () => {
    const warnings = Array.from({ length: 30 }, (_, index) => `warning ${index} of the cluster`);
    const page = planPage({ preflight: { ...request.preflight, warnings } });
    for (const warning of warnings) expect(page).toContain(warning);
  });

  const HOSTILE = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '\' onmouseover=\'x', '&lt;b&gt;', '</style><script>', '</title>', '{{7*7}}', '${7}', '\u202egpj.exe', 'a\nApproved by kdebug', '\u0000\u001b[2J', '\ud800', 'javascript:alert(1)', '<!--', ']]>'];
  const plain = tagsOf(within('x'));
  it.each(HOSTILE)('%j is text and nothing else', (text) => {
    const page = within(text);
    expect(tagsOf(page).filter((tag) => tag !== '<span class="flag">' && tag !== '</span>')).toEqual(plain.filter((tag) => tag !== '<span class="flag">' && tag !== '</span>'));
    expect(page).not.toContain('<script');
    expect(Array.from(page).filter((character) => character !== '\n' && isInvisible(character))).toEqual([]);
  });
  it('and so is any other text', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 60 }), (points) => {
      const text = String.fromCodePoint(...points);
      const markup = html`<p title="${text}">${text}</p>`.html;
      expect(markup.replace(/^<p title="/, '').replace(/<\/p>$/, '').replace('">', '')).not.toMatch(/[<>"'\n\u202e]/);
    }), { numRuns: 300 });
  });
});

describe('every page', () => {
  const answers: readonly StepUpAnswer[] = [
    { kind: 'plan', request, requester: 'Alice', approver: 'Bob', until: request.expiresAt }, { kind: 'login', url: 'https://login.example.org/auth?a="1"&b=<2>' },
    { kind: 'approved', request }, { kind: 'refused', refusal: { code: 'too_busy' } }, { kind: 'unavailable' },
  ];
  it.each(answers)('$kind: no script, no handler, nothing loaded, the one style that the policy names', (answer) => {
    const page = pageOf(answer, '/step-up/secret', 'proof').html;
    expect(page).not.toMatch(/<script|<iframe|<img|<link|@import|url\(| on\w+=|javascript:/i);
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    expect(CONTENT_SECURITY_POLICY).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(page).not.toContain(' style=');
  });
  it('the way to the login cannot break out of its attribute', () => {
    const page = pageOf({ kind: 'login', url: 'https://login.example.org/auth?a="><script>' }, '', '').html;
    expect(page).toContain('content="0; url=https://login.example.org/auth?a=&quot;&gt;&lt;script&gt;"');
  });
});

describe('why an approval came to nothing', () => {
  const failures: readonly StepUpFailure[] = ['unknown_link', 'expired_link', 'used_link', 'unknown_login', 'another_browser', 'provider_away', 'login_refused', 'old_login', 'no_address', 'another_person'];
  it.each(failures)('%s: one thing, and what to do now', (why) => {
    expect(refusalWords({ code: 'step_up_failed', why })).toMatch(/(Press Approve on the card in Slack again|Ask the people who run kdebug)\.$/);
  });
  it('a refusal that no page expects says where to look, and nothing of itself', () => {
    expect(refusalWords({ code: 'rule', rule: 'a secret rule', message: 'inner words' })).toBe('This approval does not count any more. The card in Slack says what became of the request.');
  });
});
