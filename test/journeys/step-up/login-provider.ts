/** A real OpenID Connect provider in this process: oidc-provider with its own login pages, accounts that are what is typed. */
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

export const CLIENT = { id: 'kdebug', secret: 'a secret that only the tests know' } as const;

export interface LoginProvider {
  readonly issuer: string;
  close(): Promise<void>;
}

/** `nobody` has an address that nobody verified; everybody else one at example.org that is. */
const findAccount = (_context: unknown, id: string) => ({
  accountId: id,
  claims: async () => ({ sub: id, email: id === 'nobody' ? 'bob@example.org' : `${id}@example.org`, email_verified: id !== 'nobody' }),
});

const quietly = <Made>(make: () => Made): Made => {
  const [spoken, silent] = [{ ...console }, (): void => undefined];
  Object.assign(console, { warn: silent, info: silent });
  try { return make(); } finally { Object.assign(console, spoken); }
};

export const startLoginProvider = async (port: number, redirectUris: readonly string[]): Promise<LoginProvider> => {
  const issuer = `http://127.0.0.1:${port}`;
  // it warns of development keys and of plain http, which is what this is
  const provider = quietly(() => new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirectUris, response_types: ['code'], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    ttl: { Interaction: 300, Session: 300, Grant: 300, AccessToken: 60, IdToken: 60, AuthorizationCode: 60 },
    cookies: { keys: ['only for tests'] },
    findAccount,
  }));
  const server = createServer(provider.callback());
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return { issuer, close: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }) };
};
