import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { constants, type ClientHttp2Stream, type Http2Session } from 'node:http2';

/** Since Node 22.17 (https://nodejs.org/api/diagnostics_channel.html#http2). */
const CREATED = 'http2.client.stream.created';

const guarded = new WeakSet<Http2Session>();

/**
 * A request that is left in the turn that sends it: Node forgets its stream without a word to the server, makes another one
 * for the answer, and gives that to the session's `stream` event, where nobody waits. It would stay until the connection
 * ends, and end the process when the connection breaks: its `error` has no listener. kdebug leaves logs and watches all the
 * time, so every session refuses what it did not ask for. undici keeps its sessions to itself; this channel shows them.
 */
export const dropUnaskedStreams = (): void => {
  unsubscribe(CREATED, guardSession);
  subscribe(CREATED, guardSession);
};

const guardSession = (message: unknown): void => {
  const { session } = (message as { readonly stream: ClientHttp2Stream }).stream;
  if (session === undefined || guarded.has(session)) return;
  guarded.add(session);
  session.on('stream', drop);
};

const drop = (stream: ClientHttp2Stream): void => {
  stream.on('error', () => undefined);
  stream.close(constants.NGHTTP2_CANCEL);
  stream.destroy();
};
