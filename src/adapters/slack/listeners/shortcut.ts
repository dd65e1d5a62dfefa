/** "Debug from this message", in the menu of a message. */
import { errorLine } from '../logger.ts';
import { worded } from '../render/rich.ts';
import { readShortcut } from './entry-door.ts';
import { openForm } from './form.ts';
import { report, saidOf, type Listener } from './listener.ts';

const CANNOT_OPEN = worded(['Slack did not open the form. Try again, or mention kdebug in the thread and type the command after it.']);

export const onShortcut: Listener = async (listening, identity, body, ack) => {
  await ack();
  const read = readShortcut(body, identity);
  if (!read.ok) {
    report(listening, 'view', read, body);
    await listening.respond((body as { readonly response_url?: string }).response_url, saidOf(read));
    return;
  }
  const { entrant, trigger, state, responseUrl } = read.value;
  try {
    await openForm(listening, entrant, trigger, state);
  } catch (error) {
    listening.log.warn({ error: errorLine(error) }, 'the form of a message could not be opened');
    await listening.respond(responseUrl, CANNOT_OPEN);
  }
};
