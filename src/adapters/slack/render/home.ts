import type { HomeView, KnownBlock, SectionBlock } from '@slack/types';
import type { HomeAnswer, HomeLine } from '../../../app/entry-port.ts';
import type { Identity } from '../identity.ts';
import { outlookSentence } from '../wording/outlooks.ts';
import { refusalSentence } from '../wording/refusals.ts';
import { code, say, type Sentence } from '../wording/sentence.ts';
import { paragraph, requestLine } from './answers.ts';

const OUTLOOKS_SHOWN_MAX = 20;

const heading = (text: string): SectionBlock => ({ type: 'section', text: { type: 'mrkdwn', text: `*${text}*`, verbatim: true } });

/** https://docs.slack.dev/reference/deep-linking: a message by its channel and time stamp. */
const linkTo = ({ url }: Pick<Identity, 'url'>, { card }: HomeLine): string | undefined =>
  (url === null || card === null ? undefined : `${url}archives/${card.channel}/p${card.ts.replace('.', '')}`);

const line = (identity: Pick<Identity, 'url'>, one: HomeLine): Sentence => {
  const link = linkTo(identity, one);
  return requestLine({ ...one, ...(link !== undefined && { link }) });
};

const list = (identity: Pick<Identity, 'url'>, title: string, lines: readonly HomeLine[], none: string): readonly KnownBlock[] =>
  [heading(title), paragraph(...(lines.length === 0 ? [[none]] : lines.map((one) => line(identity, one))))];

const START: readonly Sentence[] = [
  say`Type ${code('/kdebug')} alone for the form, or ${code('/kdebug prod api-7f9 --image netshoot -- ss -tlnp')}.`,
  say`In a thread: mention kdebug with the same words, or choose “Debug a pod” from the menu of a message.`,
  say`${code('/kdebug help')} says the rest.`,
];

const shown = (given: HomeAnswer, identity: Pick<Identity, 'url'>): readonly KnownBlock[] => {
  if (given.kind === 'refused') return [paragraph(refusalSentence(given.refusal))];
  if (given.kind === 'unavailable') return [paragraph(['This could not be read right now. Open the tab again in a minute.'])];
  return [
    ...list(identity, 'Waits for your approval', given.pending, 'Nothing.'),
    ...list(identity, 'Your open requests', given.open, 'None.'),
    ...list(identity, 'Your last requests', given.history, 'None yet.'),
    heading('What you may do'), paragraph(...(given.outlooks.length === 0 ? [['No rule says anything of you.']] : given.outlooks.slice(0, OUTLOOKS_SHOWN_MAX).map(outlookSentence))),
    heading('How to start'), paragraph(...START),
  ];
};

export const homeView = (given: HomeAnswer, identity: Pick<Identity, 'url'>): HomeView => ({ type: 'home', blocks: [...shown(given, identity)] });
