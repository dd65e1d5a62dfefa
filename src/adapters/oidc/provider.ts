/** The login provider, by OpenID Connect: authorization code with PKCE, everything checked that can be. */
import {
  allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, ClientSecretBasic, ClientSecretPost, discovery,
  enableNonRepudiationChecks, fetchUserInfo, randomNonce, randomPKCECodeVerifier, randomState, type ClientAuth, type Configuration, type IDToken,
} from 'openid-client';
import type { Log } from '../../app/ports.ts';
import type { IdentityProvider, LoginChecks } from '../../app/step-up-port.ts';
import type { LoggedIn } from '../../domain/step-up.ts';

export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Ours, as it is registered with the provider. */
  readonly redirectUri: () => string;
  readonly log: Log;
}

const PROVIDER_TIMEOUT_SECONDS = 5;
const SECOND_MS = 1_000;
/** How old a login may be is decided in the domain; any number here makes the library demand an `auth_time`. */
const AUTH_TIME_AGE_MAX_SECONDS = 365 * 86_400;
/** An answer of the provider is a few short parameters; a code may be long. */
const ANSWER_CHARS_MAX = 8_000;

/** Basic is what a provider takes unless it says otherwise: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
const clientAuth = (secret: string): ClientAuth => (server, client, body, headers) => {
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  (methods.includes('client_secret_basic') ? ClientSecretBasic(secret) : ClientSecretPost(secret))(server, client, body, headers);
};

const discover = ({ issuer, clientId, clientSecret }: OidcOptions): Promise<Configuration> => discovery(new URL(issuer), clientId, undefined, clientAuth(clientSecret), {
  timeout: PROVIDER_TIMEOUT_SECONDS,
  // plain http only where the configuration permits it: on this machine
  execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])],
});

/** Asked when it is needed first; a provider that is down is asked again the next time. */
const onceKnown = (ask: () => Promise<Configuration>): (() => Promise<Configuration>) => {
  let known: Promise<Configuration> | undefined;
  return () => (known ??= ask().catch((error: unknown) => {
    known = undefined;
    throw error;
  }));
};

const PARAMETERS = { response_type: 'code', scope: 'openid email', prompt: 'login', max_age: '0', code_challenge_method: 'S256' };

/** Providers say little in public and much in `cause`; what they say goes to the log, never to the page. */
const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${wordsOf(error.cause)}`;
};

const verifiedEmail = ({ email, email_verified: isVerified }: { readonly email?: unknown; readonly email_verified?: unknown } & Readonly<Record<string, unknown>>): string | null =>
  (typeof email === 'string' && isVerified === true ? email : null);

/** Many providers keep the address, or that it is verified, out of the ID token and tell it to whoever holds the access token. */
const emailOf = async (provider: Configuration, claims: IDToken, accessToken: string): Promise<string | null> => {
  if (claims['email_verified'] !== undefined || provider.serverMetadata().userinfo_endpoint === undefined) return verifiedEmail(claims);
  return verifiedEmail(await fetchUserInfo(provider, accessToken, claims.sub));
};

const loggedIn = async (provider: Configuration, callback: URL, { state, nonce, verifier }: LoginChecks): Promise<LoggedIn> => {
  const tokens = await authorizationCodeGrant(provider, callback, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, maxAge: AUTH_TIME_AGE_MAX_SECONDS, idTokenExpected: true });
  const claims = tokens.claims();
  if (claims?.auth_time === undefined) throw new Error('the ID token has no auth_time');
  return { issuer: claims.iss, subject: claims.sub, email: await emailOf(provider, claims, tokens.access_token), authenticatedAtMs: claims.auth_time * SECOND_MS };
};

/** The provider is asked nothing before somebody needs it, so that kdebug starts with it down. */
export const createIdentityProvider = (options: OidcOptions): IdentityProvider => {
  const { redirectUri, log } = options;
  const known = onceKnown(() => discover(options));
  return {
    begin: async () => {
      try {
        const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
        const { href } = buildAuthorizationUrl(await known(), {
          ...PARAMETERS, redirect_uri: redirectUri(), state: checks.state, nonce: checks.nonce, code_challenge: await calculatePKCECodeChallenge(checks.verifier),
        });
        return { url: href, checks };
      } catch (error) {
        log.warn({ issuer: options.issuer, error: wordsOf(error) }, 'the login provider did not answer');
        return undefined;
      }
    },
    finish: async (answer, checks) => {
      const query = answer.toString();
      if (query.length > ANSWER_CHARS_MAX) return { why: 'login_refused' };
      try {
        return await loggedIn(await known(), new URL(`${redirectUri()}?${query}`), checks);
      } catch (error) {
        log.warn({ issuer: options.issuer, error: wordsOf(error) }, 'the login provider did not confirm a login');
        return { why: 'login_refused' };
      }
    },
  };
};
