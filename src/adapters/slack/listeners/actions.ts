/** Buttons of the card. Acknowledged before anything slow; a refusal is read by the person who pressed, alone. */
import type { Click, ClickAnswer } from '../../../app/slack-port.ts';
import { errorLine } from '../logger.ts';
import { clickAnswer, CLICK_NOT_KNOWN } from '../render/answers.ts';
import { denyView, detailsView, waitingView } from '../render/modals.ts';
import { worded, type Message } from '../render/rich.ts';
import { readClick, type ClickRead } from './door.ts';
import { insteadAnswer } from './instead.ts';
import { openFilter, rerunAnswer } from './results.ts';
import { report, saidOf, type Listener, type Listening } from './listener.ts';

export const onAction: Listener = async (listening, identity, body, ack) => {
  await ack();
  const read = readClick(body, identity);
  if (read.ok) return PRESSED[read.value.action](listening, read.value);
  report(listening, 'click', read, body);
  await listening.respond(responseUrlOf(body), saidOf(read));
};

const responseUrlOf = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'response_url' in body && typeof body.response_url === 'string' ? body.response_url : undefined;

type Pressed = (listening: Listening, pressed: ClickRead) => Promise<void>;

/** By the address that Slack gave with the click, else whispered in the channel. */
const tell = async (listening: Listening, { click, responseUrl }: ClickRead, message: Message): Promise<void> => {
  const isTold = await listening.respond(responseUrl, message) || await listening.outbound.whisper(message, click);
  if (!isTold) listening.log.warn({ user: click.user, request: click.request }, 'the answer to a click could not be told');
};

const decided = (action: 'approve' | 'withdraw' | 'cancel'): Pressed => async (listening, pressed) => {
  const message = await answered(listening, () => listening.handlers.click({ ...pressed.click, action }));
  if (message !== undefined) await tell(listening, pressed, message);
};

const answered = async (listening: Listening, work: () => Promise<ClickAnswer>): Promise<Message | undefined> => {
  try {
    return clickAnswer(await work());
  } catch (error) {
    listening.log.error({ error: errorLine(error) }, 'a click failed, and whether it was counted is not known');
    return worded(CLICK_NOT_KNOWN);
  }
};

const choose: Pressed = async (listening, pressed) => {
  const message = await answered(listening, () => listening.handlers.choose({ ...pressed.click, position: pressed.position ?? 0 }));
  if (message !== undefined) await tell(listening, pressed, message);
};

const CANNOT_OPEN = worded(['Slack did not open the form. Press again.']);

const opened = async (listening: Listening, pressed: ClickRead, open: (click: Click) => Promise<void>): Promise<void> => {
  try {
    await open(pressed.click);
  } catch (error) {
    listening.log.warn({ error: errorLine(error) }, 'a form could not be opened');
    await tell(listening, pressed, CANNOT_OPEN);
  }
};

const deny: Pressed = (listening, pressed) => opened(listening, pressed, async (click) => {
  await listening.outbound.openView(click.trigger, denyView(click));
});

/** The trigger lives three seconds: the window opens first and is filled when the request was read. */
const details: Pressed = (listening, pressed) => opened(listening, pressed, async (click) => {
  const [id, shown] = await Promise.all([
    listening.outbound.openView(click.trigger, waitingView()),
    listening.handlers.details(click).catch((error: unknown) => {
      listening.log.error({ error: errorLine(error) }, 'the details of a request could not be read');
      return { kind: 'unavailable' } as const;
    }),
  ]);
  await listening.outbound.updateView(id, detailsView(shown));
});

const rerun: Pressed = async (listening, pressed) => {
  const message = await rerunAnswer(listening, pressed);
  if (message !== undefined) await tell(listening, pressed, message);
};

const instead = (change: 'image' | 'profile'): Pressed => async (listening, pressed) => {
  const message = await insteadAnswer(listening, pressed, change);
  if (message !== undefined) await tell(listening, pressed, message);
};

const recycle: Pressed = async (listening, pressed) => {
  const message = await answered(listening, () => listening.handlers.recycle(pressed.click));
  if (message !== undefined) await tell(listening, pressed, message);
};

const filter: Pressed = (listening, pressed) => opened(listening, pressed, () => openFilter(listening, pressed));

const PRESSED: { readonly [Action in ClickRead['action']]: Pressed } = {
  approve: decided('approve'), withdraw: decided('withdraw'), cancel: decided('cancel'), rerun, filter, recycle, choose, deny, details,
  insteadImage: instead('image'), insteadProfile: instead('profile'),
};
