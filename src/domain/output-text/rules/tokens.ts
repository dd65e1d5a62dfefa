import { type Rule, matchAt } from '../found.ts';

/**
 * Tokens that say what they are by their first characters, as their issuers document it for secret scanning. The
 * pattern is what must follow; it has a least length, so that a miss costs no more than that.
 */
interface Issued {
  readonly what: string;
  readonly prefixes: readonly string[];
  readonly rest: RegExp;
  /** The prefix may also stand inside an ordinary word: only its beginning counts. */
  readonly atWordStart?: true;
}

const WORD = /[A-Za-z0-9]/;
/** `\n` in JSON or `%3D` in a URL ends in a letter, yet a word begins behind it. */
const ESCAPE_BEFORE = /(?:\\[nrt]|\\u00[0-9a-f]{2}|%[0-9A-Fa-f]{2})$/;

export const isWordStart = (text: string, at: number): boolean =>
  at === 0 || !WORD.test(text.charAt(at - 1)) || ESCAPE_BEFORE.test(text.slice(Math.max(0, at - 6), at));

const ISSUED: readonly Issued[] = [
  { what: 'GitHub token', prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], rest: /[A-Za-z0-9_.-]{16,}/y },
  { what: 'GitHub token', prefixes: ['github_pat_'], rest: /[A-Za-z0-9_]{16,}/y },
  { what: 'GitLab token', prefixes: ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'glsoat-', 'glft-', 'glimt-', 'glagent-', 'glffct-', 'gloas-', 'GR1348941'], rest: /[A-Za-z0-9_.-]{12,}/y },
  { what: 'Slack token', prefixes: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxo-', 'xoxs-', 'xoxr-', 'xoxc-', 'xoxd-', 'xoxe-', 'xoxe.', 'xapp-'], rest: /[A-Za-z0-9%+/._-]{8,}/y },
  { what: 'Slack webhook', prefixes: ['hooks.slack.com/'], rest: /(?:services|workflows|triggers)\/[A-Za-z0-9/_-]{16,}/y },
  { what: 'AWS key id', prefixes: ['AKIA', 'ASIA', 'ABIA', 'ACCA', 'A3T'], rest: /[A-Z0-9]{16,17}(?![A-Za-z0-9])/y, atWordStart: true },
  { what: 'Google API key', prefixes: ['AIza'], rest: /[A-Za-z0-9_-]{30,}/y },
  { what: 'Google token', prefixes: ['ya29.', 'GOCSPX-'], rest: /[A-Za-z0-9_-]{16,}/y },
  { what: 'Google token', prefixes: ['1//0'], rest: /[A-Za-z0-9_-]{30,}/y, atWordStart: true },
  { what: 'Stripe key', prefixes: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_prod_', 'whsec_'], rest: /[A-Za-z0-9+/=]{10,}/y },
  { what: 'AI API key', prefixes: ['sk-ant-', 'sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-or-'], rest: /[A-Za-z0-9_-]{12,}/y },
  { what: 'AI API key', prefixes: ['sk-'], rest: /[A-Za-z0-9]{20,}(?![a-z-])/y, atWordStart: true },
  { what: 'AI API key', prefixes: ['gsk_', 'xai-', 'pplx-', 'r8_', 'hf_', 'api_org_'], rest: /[A-Za-z0-9]{24,}/y, atWordStart: true },
  { what: 'SendGrid key', prefixes: ['SG.'], rest: /[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/y, atWordStart: true },
  { what: 'SendGrid key', prefixes: ['SG.'], rest: /[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/y },
  { what: 'package registry token', prefixes: ['pypi-', 'rubygems_', 'dckr_pat_', 'dckr_oat_'], rest: /[A-Za-z0-9_-]{16,}/y, atWordStart: true },
  { what: 'package registry token', prefixes: ['npm_'], rest: /[A-Za-z0-9]{24,}/y, atWordStart: true },
  { what: 'package registry token', prefixes: ['AKCp', 'cmVmdGtu'], rest: /[A-Za-z0-9]{32,}/y, atWordStart: true },
  { what: 'Vault token', prefixes: ['hvs.', 'hvb.', 'hvr.'], rest: /[A-Za-z0-9_-]{16,}/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['dop_v1_', 'doo_v1_', 'dor_v1_', 'dapi'], rest: /[a-fA-F0-9]{28,}(?:-\d)?/y },
  { what: 'cloud token', prefixes: ['tskey-'], rest: /[a-z]{1,16}-[A-Za-z0-9_.-]{12,}/y },
  { what: 'cloud token', prefixes: ['shpat_', 'shpss_', 'shpca_', 'shppa_'], rest: /[A-Za-z0-9]{28,}/y },
  { what: 'cloud token', prefixes: ['FlyV1 ', 'ATATT3', 'ATCTT3', 'ops_eyJ', 'dt0c01.', 'dt0s01.', 'pscale_', 'sntrys_', 'sntryu_', 'glsa_', 'glc_', 'NRAK-', 'PMAK-', 'sbp_', 'figd_', 'lin_api_', 'lin_oauth_', 'sq0csp-', 'sq0atp-', 'HRKU-', 'cfut_', 'cfat_', 'cfk_', 'CFPAT-'], rest: /[A-Za-z0-9_.+/=-]{20,}/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['SSWS ', 'dp.pt.', 'dp.st.', 'vcp_', 'vci_', 'vca_', 'vcr_', 'vck_', 'ap2_', 'rnd_', 'nfp_', 'ATBB'], rest: /(?=[A-Za-z_.+/-]{0,64}[0-9])(?=[0-9a-z_.+/-]{0,64}[A-Z])(?=[0-9A-Z_.+/-]{0,64}[a-z])[A-Za-z0-9+/=]{24,}(?![_-])/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['pul-'], rest: /[0-9a-f]{40}(?![A-Za-z0-9])/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['secret_', 'ntn_', 'EAAA', 'vercel_'], rest: /(?=[A-Za-z]{0,64}[0-9])[A-Za-z0-9]{24,}/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['key-'], rest: /[0-9a-f]{32}(?![A-Za-z0-9])/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['.atlasv1.'], rest: /[A-Za-z0-9_=-]{32,}/y },
  { what: '1Password key', prefixes: ['A3-'], rest: /[A-Z0-9]{6}-(?:[A-Z0-9]{5,11}-){3,4}[A-Z0-9]{5}/y, atWordStart: true },
  { what: 'age key', prefixes: ['AGE-SECRET-KEY-1'], rest: /[A-Z0-9]{20,}/y },
  { what: 'cluster join token', prefixes: ['K10', 'SWMTKN-1-'], rest: /[a-z0-9]{25,}(?:::[A-Za-z]{1,16}:|-)[a-z0-9]{16,}/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['squ_', 'sqp_', 'sqa_'], rest: /[0-9a-f]{40}/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['NRII-'], rest: /[A-Za-z0-9_-]{24,}/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['CCIPAT_', 'CCIPRJ_'], rest: /[A-Za-z0-9]{16,32}_[0-9a-f]{40}/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['LTAI'], rest: /(?=[A-Za-z]{0,30}[0-9])[A-Za-z0-9]{12,30}(?![A-Za-z0-9])/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['AKID'], rest: /(?=[A-Za-z]{0,32}[0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])/y, atWordStart: true },
  { what: 'cloud token', prefixes: ['eyJrIjoi'], rest: /[A-Za-z0-9+/]{32,}={0,2}/y, atWordStart: true },
  { what: 'chat token', prefixes: ['MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT'], rest: /[A-Za-z0-9]{21,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])/y, atWordStart: true },
  { what: 'Slack token', prefixes: ['xwfp-'], rest: /[A-Za-z0-9-]{12,}/y, atWordStart: true },
  { what: 'chat webhook', prefixes: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'], rest: /\d{16,20}\/[A-Za-z0-9_-]{24,}/y },
  { what: 'chat webhook', prefixes: ['outlook.office.com/webhook/', '.webhook.office.com/webhookb2/', 'hooks.zapier.com/hooks/catch/'], rest: /[A-Za-z0-9@/_-]{10,}/y },
  { what: 'Vault token', prefixes: ['s.'], rest: /(?=[A-Za-z]{0,23}[0-9])[A-Za-z0-9]{24}(?![A-Za-z0-9_./-])/y, atWordStart: true },
  { what: 'Azure secret', prefixes: ['7Q~', '8Q~'], rest: /[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/y },
  { what: 'Twilio key', prefixes: ['SK'], rest: /[0-9a-f]{32}(?![A-Za-z0-9])/y, atWordStart: true },
];

const ruleOf = ({ what, prefixes, rest, atWordStart }: Issued): Rule => ({
  what,
  anchors: prefixes,
  find: (text, at, prefix) => {
    if (atWordStart === true && !isWordStart(text, at)) return undefined;
    const end = matchAt(rest, text, at + prefix.length) === null ? undefined : rest.lastIndex;
    return end === undefined ? undefined : { start: at, end };
  },
});

export const TOKEN_RULES: readonly Rule[] = ISSUED.map(ruleOf);
