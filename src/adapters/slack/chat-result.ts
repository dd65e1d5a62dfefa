/** A result on its way to Slack: its table where Slack takes one, and the whole of it as a file. */
import type { ResultWhere, Sent } from '../../app/chat-port.ts';
import type { Log } from '../../app/ports.ts';
import type { Request } from '../../domain/request-states.ts';
import { sendTo } from './chat-after.ts';
import type { Files } from './files.ts';
import type { Outbound, Thread } from './outbound.ts';
import type { ResultMessage } from './render/result.ts';
import { worded } from './render/rich.ts';

const NOTICE_WAIT_MS_MAX = 5_000;
const NOT_ATTACHED = worded(['The whole output could not be attached as a file. What stands above is the beginning and the end of it.']);

/** Where the message went is where its file goes: of a direct message into its own thread. */
const threadOf = (where: ResultWhere, sent: Extract<Sent, { kind: 'sent' }>): Thread | undefined => {
  if (!('person' in where)) return where;
  return sent.channel === undefined ? undefined : { channel: sent.channel, thread: sent.ts };
};

/** Text where there are no tables: a workspace that has none refuses every one, so it is asked once. */
const createSender = (outbound: Outbound, log: Log) => {
  const can = { table: true };
  return async (message: ResultMessage, where: ResultWhere): Promise<Sent> => {
    const plain = message.plain ?? message;
    if (!can.table || message.plain === undefined) return sendTo(outbound, plain, where);
    const sent = await sendTo(outbound, message, where);
    if (sent.kind !== 'never' || sent.code !== 'invalid_blocks') return sent;
    can.table = false;
    log.warn({}, 'Slack does not take tables here: they are shown as text');
    return sendTo(outbound, plain, where);
  };
};

export type SendResult = (request: Request, message: ResultMessage, where: ResultWhere) => Promise<Sent>;

export const createResultSender = (outbound: Outbound, files: Files, log: Log): SendResult => {
  const send = createSender(outbound, log);

  /** A second after the verdict at the earliest, for that is how often Slack takes a message. */
  const sayNotAttached = async (request: Request, to: Thread): Promise<void> => {
    const sent = await outbound.post(NOT_ATTACHED, to);
    if (sent.kind !== 'later') return;
    await new Promise((resolve) => { setTimeout(resolve, Math.min(sent.afterMs, NOTICE_WAIT_MS_MAX)); });
    const again = await outbound.post(NOT_ATTACHED, to);
    if (again.kind !== 'sent') log.warn({ request: request.id, again }, 'nobody could be told that an output was not attached');
  };

  /** The verdict stands already, so a file that fails is said, not tried again as a whole. */
  const attach = async (request: Request, text: string, to: Thread): Promise<void> => {
    const file = await files.upload(text);
    const isAttached = file !== undefined && await files.attach(file, `Output of ${request.id}`, to);
    if (!isAttached) await sayNotAttached(request, to);
  };

  return async (request, message, where) => {
    const sent = await send(message, where);
    const thread = sent.kind === 'sent' ? threadOf(where, sent) : undefined;
    if (thread !== undefined && message.file !== undefined) await attach(request, message.file, thread);
    return sent;
  };
};
