import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import type { Attacks } from './people/attacks.ts';
import type { Hands } from './people/people.ts';
import type { SocketControls } from './transport/socket.ts';
import type { Seed } from './world/model.ts';
import type { World } from './world/world.ts';

export interface FakeSlackOptions {
  /** 0 or absent: any free one. */
  readonly port?: number;
  readonly seed?: Seed;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** `unmetered` is for benches only, and says so on stderr. */
  readonly metering?: 'slack' | 'unmetered';
  /** How many times faster Slack's long spans run; see clock.ts. */
  readonly clockScale?: number;
  /** Instead of Slack's 3 s, for tests of what happens after them. */
  readonly ackWindowMs?: number;
  readonly messagesPerChannelMax?: number;
  /** HTTP mode: where the app listens. Absent: Socket Mode. */
  readonly requestUrl?: string;
}

/** A workspace on this machine that refuses what Slack refuses. */
export interface FakeSlack {
  /** Ends in `/api/`, as SLACK_API_URL must. */
  readonly apiUrl: string;
  readonly origin: string;
  readonly port: number;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly appId: string;
  readonly teamId: string;
  readonly botUserId: string;
  readonly world: World;
  readonly people: Hands;
  readonly attacks: Attacks;
  readonly log: Log;
  readonly faults: Faults;
  readonly socket: SocketControls;
  /** Switches to HTTP mode after Slack's url_verification; throws when the app fails it. Undefined: back to Socket Mode. */
  readonly connectApp: (url: string | undefined) => Promise<void>;
  readonly close: () => Promise<void>;
}
