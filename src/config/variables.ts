/**
 * Every environment variable that kdebug reads, and what the person who sets it should know. `.env.example` lists the
 * same names; a test compares them.
 */
export interface Variable {
  readonly name: string;
  readonly about: string;
  /** It has a `…_FILE` form: the path of a file that holds the value. */
  readonly file?: boolean;
}

export const VARIABLES = [
  { name: 'SLACK_BOT_TOKEN', about: 'bot token, xoxb-…', file: true },
  { name: 'SLACK_APP_TOKEN', about: 'app-level token, xapp-…: Socket Mode, the recommended default', file: true },
  { name: 'SLACK_SIGNING_SECRET', about: 'signing secret: HTTP mode, POST /slack/events on PORT', file: true },
  { name: 'SLACK_API_URL', about: 'another Web API root with its final /api/, for emulators' },
  { name: 'REDIS_URL', about: 'redis:, rediss: or unix: address; unset: a private server is started', file: true },
  { name: 'KUBECONFIG', about: 'kubeconfig; unset: ~/.kube/config, or in-cluster' },
  { name: 'KDEBUG_CONFIG', about: 'kdebug.yaml; unset: ./kdebug.yaml, else /etc/kdebug/kdebug.yaml' },
  { name: 'KDEBUG_STATE_DIR', about: 'folder for keys and the private Redis; unset: $XDG_STATE_HOME/kdebug, else ~/.local/state/kdebug' },
  { name: 'PORT', about: 'port of HTTP mode; 3000' },
  { name: 'KDEBUG_OPS_PORT', about: 'port of /healthz, /readyz and /metrics; 9090' },
  { name: 'KDEBUG_RECORD_KEY', about: 'key of stored records, 32 bytes or more in hex', file: true },
  { name: 'KDEBUG_SIGNING_KEY', about: 'Ed25519 private key of serve, base64', file: true },
  { name: 'KDEBUG_SIGNING_PUBKEY', about: 'its public half, for workers, base64', file: true },
  { name: 'KDEBUG_OIDC_ISSUER', about: 'login outside Slack for step_up: issuer, https' },
  { name: 'KDEBUG_OIDC_CLIENT_ID', about: 'login outside Slack: client id' },
  { name: 'KDEBUG_OIDC_CLIENT_SECRET', about: 'login outside Slack: client secret', file: true },
  { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', about: 'kept for traces, which this version does not send' },
  { name: 'LOG_LEVEL', about: 'trace, debug, info, warn, error, fatal or silent; info' },
] as const satisfies readonly Variable[];

export type VariableName = (typeof VARIABLES)[number]['name'];

export const DEFAULT_PORT = 3_000;
export const DEFAULT_OPS_PORT = 9_090;
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const fileForms = VARIABLES.filter((variable) => 'file' in variable).map(({ name }) => `${name}_FILE`);

/** All names, the `…_FILE` forms included. */
export const VARIABLE_NAMES: readonly string[] = [...VARIABLES.map(({ name }) => name), ...fileForms];

/** Whether a `…_FILE` form exists. */
export const hasFileForm = (name: VariableName): boolean => fileForms.includes(`${name}_FILE`);
