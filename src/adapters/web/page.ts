/** The pages of the step-up: pure, without scripts. What an approver read on the card is here again, whole. */
import { createHash } from 'node:crypto';
import type { StepUpAnswer } from '../../app/step-up-port.ts';
import { showArgument } from '../../domain/command/show.ts';
import type { Instant } from '../../domain/names.ts';
import { powerOf } from '../../domain/power.ts';
import type { Plan, PlanTarget, Preflight } from '../../domain/plan.ts';
import type { AwaitingApproval, Request } from '../../domain/request-states.ts';
import { html, type Markup } from './html.ts';
import { STYLE } from './style.ts';
import { refusalWords, UNAVAILABLE } from './words.ts';

const SECOND_MS = 1_000;

export interface Page {
  readonly status: number;
  readonly html: string;
}

/** The one style of ours may apply, and nothing else may load, run, frame us or take our form elsewhere. */
export const CONTENT_SECURITY_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

const page = (status: number, title: string, body: Markup, head: Markup = html``): Page => ({
  status,
  html: `<!doctype html>\n${html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">${head}<title>${title} · kdebug</title><style>${{ html: STYLE }}</style></head><body><main>${body}</main></body></html>`.html}\n`,
});

const clock = (instant: Instant): string => `${new Date(instant).toISOString().slice(11, 19)} UTC`;

const argument = (text: string): Markup => {
  const { text: shown, flags } = showArgument(text);
  return html`<li><code>${shown}</code>${flags.length === 0 ? html`` : html` <span class="flag">${flags.join(', ')}</span>`}</li>`;
};

const row = (label: string, value: Markup): Markup => html`<dt>${label}</dt><dd>${value}</dd>`;

const place = ({ namespace, pod, cluster, container, node, uid }: PlanTarget): Markup =>
  html`<div><strong>${namespace}</strong> / <code>${pod}</code><br><span class="more">cluster ${cluster}, ${container === null ? 'no target container' : `container ${container}`}${node === undefined ? '' : `, node ${node}`}, pod uid ${uid}</span></div>`;

const digestInGroups = (digest: string): string => (digest.slice(0, 16).match(/.{4}/g) ?? []).join(' ');

const security = ({ container: { securityContext: context } }: Plan): string => [
  ...(context?.privileged === true ? ['privileged'] : []),
  context?.runAsUser === undefined ? 'as the user of the image' : `as uid ${context.runAsUser}`,
  ...(context?.capabilities?.add?.length ? [`with ${context.capabilities.add.join(', ')}`] : []),
].join(', ');

const environment = ({ container: { env = [] } }: Plan): readonly Markup[] =>
  (env.length === 0 ? [] : [row('Environment', html`<ol class="plain">${env.map(({ name, value }) => argument(`${name}=${value}`))}</ol>`)]);

const limits = ({ bounded, timeoutMs, startWithinMs }: Plan): string =>
  `${bounded ? `stops after ${timeoutMs / SECOND_MS} s` : 'nothing inside the container stops it: this image has no shell'}; must start within ${startWithinMs / SECOND_MS} s of the last approval`;

/** What the checks before the card found, none left out. */
const checked = ({ warnings, notices }: Preflight): readonly Markup[] => {
  const found = [...notices, ...warnings.map((warning) => `the cluster warns: ${warning}`)];
  return found.length === 0 ? [] : [row('Take care', html`${found.map((text) => html`<div class="flag">${text}</div>`)}`)];
};

const planRows = ({ id, plan, preflight, digest, rule, ask }: AwaitingApproval, requester: string): readonly Markup[] => [
  row('Asked by', html`${requester} <span class="more">${ask.requester}</span>`),
  row(plan.targets.length === 1 ? 'Pod' : `${plan.targets.length} pods`, html`${plan.targets.map(place)}`),
  row('Command', html`<ol>${plan.argv.map(argument)}</ol>`),
  row('Image', html`${plan.image}: <code>${plan.container.image}</code> <span class="more">${preflight.pinned ? 'pinned by digest' : 'tag: may move'}</span>`),
  row('Profile', html`${plan.profile}: ${powerOf(plan.profile, plan.targets.some((target) => target.container !== null))} <span class="more">${security(plan)}</span>`),
  ...environment(plan),
  ...(ask.command.options.reason === undefined ? [] : [row('Reason', html`${ask.command.options.reason}`)]),
  row('Limits', html`${limits(plan)}`),
  row('Output', html`${plan.audience.kind === 'person' ? 'to one person alone' : 'to the thread, for everybody in its channel'}`),
  ...checked(preflight),
  row('Rule', html`${rule}`),
  row('Plan', html`<code class="digest">${digestInGroups(digest)}</code> <span class="more">the same as on the card of ${id} in Slack</span>`),
];

type AnswerOf<Kind extends StepUpAnswer['kind']> = Extract<StepUpAnswer, { kind: Kind }>;

/** `proof` comes back with the button: it is of this browser, so no other page can press it for somebody. */
const planPage = ({ request, requester, approver, until }: AnswerOf<'plan'>, action: string, proof: string): Page => page(200, 'Confirm an approval', html`
<h1>Confirm an approval</h1>
<p>You pressed Approve in Slack as <strong>${approver}</strong>. The rule wants a login as well: read once more what would run, then log in as yourself.</p>
<dl>${planRows(request, requester)}</dl>
<form method="post" action="${action}"><input type="hidden" name="proof" value="${proof}"><button>Log in and approve</button></form>
<p class="more">Good until ${clock(until)}, once, for you alone. If you did not press Approve, close this page and tell your security people.</p>`);

/** A form that leads elsewhere is stopped by our own policy; a page that says where it goes is not. */
const loginPage = ({ url }: AnswerOf<'login'>): Page => page(200, 'On to the login', html`
<h1>On to the login</h1>
<p><a href="${url}" rel="noreferrer">Log in at ${new URL(url).host}</a></p>`, html`<meta http-equiv="refresh" content="0; url=${url}">`);

const outlook = (request: Request): string => {
  if (request.state !== 'awaiting_approval') return 'It runs now; its card in Slack shows how it goes.';
  const more = request.hold.needed - request.approvals.length;
  return `${more} more ${more === 1 ? 'approval is' : 'approvals are'} needed before it runs.`;
};

const sentencePage = (status: number, title: string, sentence: string): Page => page(status, title, html`<h1>${title}</h1><p>${sentence}</p>`);

export const NOT_FOUND: Page = sentencePage(404, 'Nothing here', 'There is no page at this address.');

/** `action`: where the button of a plan leads. */
export const pageOf = (answer: StepUpAnswer, action: string, proof: string): Page => {
  switch (answer.kind) {
    case 'plan': return planPage(answer, action, proof);
    case 'login': return loginPage(answer);
    case 'approved': return sentencePage(200, 'Approved', `Your approval is counted. ${outlook(answer.request)} You can close this page.`);
    case 'refused': return sentencePage(403, 'Not approved', refusalWords(answer.refusal));
    case 'unavailable': return sentencePage(503, 'Not approved', UNAVAILABLE);
  }
};
