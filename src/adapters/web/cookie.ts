import type { IncomingMessage } from 'node:http';
import { STEP_UP_WITHIN_MS } from '../../domain/limits.ts';

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * The secret by which a browser shows that it is the one that saw our page. `Lax`: it comes back from the provider, and
 * does not come with a form of somebody else's. `__Host-` (over https): no other host can set it.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-cookie-name-prefixes
 */
export const browserCookie = (isSecure: boolean) => {
  const name = isSecure ? '__Host-kdebug-step-up' : 'kdebug-step-up';
  return {
    read: ({ headers }: IncomingMessage): string | undefined => {
      const values = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=')).filter(([key]) => key === name).map(([, value]) => value ?? '');
      // two of one name: one of them is not ours
      return values.length === 1 ? values.find((value) => SECRET.test(value)) : undefined;
    },
    write: (secret: string): string =>
      `${name}=${secret}; Path=/; Max-Age=${2 * STEP_UP_WITHIN_MS / 1_000}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
  };
};
