/** The Home tab: published anew whenever somebody opens it, and at no other time. */
import { errorLine } from '../logger.ts';
import { homeView } from '../render/home.ts';
import { readHome } from './entry-door.ts';
import { report, type Listener } from './listener.ts';

export const onHome: Listener = async (listening, identity, body) => {
  const read = readHome(body, identity);
  if (!read.ok) return read.kind === 'ignored' ? undefined : report(listening, 'view', read, body);
  const { user } = read.value;
  const given = await listening.handlers.home(read.value).catch((error: unknown) => {
    listening.log.error({ error: errorLine(error), user }, 'what the Home tab shows could not be read');
    return { kind: 'unavailable' } as const;
  });
  try {
    if (!(await listening.outbound.publishHome(user, homeView(given, identity)))) listening.log.info({ user }, 'the Home tab was published a moment ago');
  } catch (error) {
    listening.log.warn({ error: errorLine(error), user }, 'Slack did not take the Home tab');
  }
};
