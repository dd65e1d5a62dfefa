import { createIdentityProvider } from '../../adapters/oidc/provider.ts';
import type { CommonEnvironment } from '../../config/environment.ts';
import type { Settings } from '../../config/settings.ts';
import { about, type Finding } from '../../ops/findings.ts';

const login = about('login');
/** Nobody is sent there: only the provider's own description is asked for. */
const NOWHERE = 'http://localhost/';

/** Only where a rule wants approvers to log in, or a provider is configured. */
export const checkLogin = async ({ oidc }: Pick<CommonEnvironment, 'oidc'>, { policy }: Settings): Promise<readonly Finding[]> => {
  const rules = policy.rules.filter((rule) => rule.decide === 'approve' && rule.stepUp).map(({ name }) => `"${name}"`);
  if (!oidc) return rules.length === 0 ? [] : [login.fail(`no login provider is configured, so these rules refuse everything: ${rules.join(', ')}; set KDEBUG_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET.`)];
  const said: string[] = [];
  const log = { info: () => undefined, warn: ({ error }: Readonly<Record<string, unknown>>) => { said.push(String(error)); }, error: () => undefined };
  const begun = await createIdentityProvider({ ...oidc, redirectUri: () => NOWHERE, log }).begin();
  return [begun ? login.ok(`${oidc.issuer} answers as a login provider.`) : login.fail(`${oidc.issuer} does not answer as a login provider (${said.join(', ')}): look at KDEBUG_OIDC_ISSUER.`)];
};
