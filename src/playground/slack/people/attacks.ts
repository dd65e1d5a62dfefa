import type { JsonObject } from '../json.ts';
import type { DeliveryKind, Outcome, Sent } from '../transport/delivery.ts';
import { bodyOf, signedHeaders, type HttpTransport } from '../transport/http.ts';
import type { Message } from '../world/model.ts';
import type { Hand } from './who.ts';

export interface RawRequest {
  readonly body: string;
  readonly contentType?: string;
  /** Signs with another secret, or not at all (`null`). */
  readonly secret?: string | null;
  /** Seconds added to the time stamp that is signed. */
  readonly ageS?: number;
  /** Replaces or adds headers after signing. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an attacker, a proxy or a clumsy network sends. */
export interface Attacks {
  /** The same bytes or the same envelope once more: `outcome.sent`. */
  readonly replay: (sent: Sent) => Promise<Outcome>;
  /** Anything at all, signed and delivered as Slack would. */
  readonly deliver: (kind: DeliveryKind, content: JsonObject) => Promise<Outcome>;
  /** Any envelope to any one connection of Socket Mode. */
  readonly envelope: (envelope: JsonObject) => Promise<Outcome>;
  /** Any body to the app's URL, rightly or wrongly signed. */
  readonly request: (request: RawRequest) => Promise<Outcome>;
  readonly bodyOf: typeof bodyOf;
  /** Somebody's app posts our message, buttons and all, in another channel. */
  readonly copyMessage: (channelId: string, ts: string, toChannelId: string, appId?: string) => Message;
}

const FOREIGN_APP = 'A0FOREIGN';

export const createAttacks = ({ workspace, dispatch }: Hand, http: HttpTransport, signingSecret: string): Attacks => ({
  replay: dispatch.again,
  deliver: dispatch.deliver,
  envelope: (envelope) => dispatch.again({ transport: 'socket', envelope }),
  bodyOf,
  request: ({ body, contentType = 'application/x-www-form-urlencoded', secret = signingSecret, ageS = 0, headers = {} }) => {
    const timestampS = Math.floor(workspace.clock.nowMs() / 1_000) - ageS;
    const signed = signedHeaders(secret ?? '', timestampS, body, contentType);
    const { 'x-slack-signature': _signature, ...unsigned } = signed;
    return http.send({ transport: 'http', headers: { ...(secret === null ? unsigned : signed), ...headers }, body });
  },
  copyMessage: (channelId, ts, toChannelId, appId = FOREIGN_APP) => {
    const original = workspace.messages.get(channelId, ts);
    if (original === undefined) throw new Error(`There is no message ${ts} in ${channelId} to copy.`);
    const { threadTs: _thread, editedTs: _edited, ...content } = original;
    return workspace.messages.add({ ...content, channel: toChannelId, appId });
  },
});
