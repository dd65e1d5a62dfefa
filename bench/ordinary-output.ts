import { pick, randomOf } from './leaks.ts';

/** Diagnostic output without secrets: what must stay readable. Much of it speaks of tokens, keys and passwords. */
const LINES: readonly ((n: () => number) => string)[] = [
  (n) => `2026-01-02T03:04:${n() % 60}Z INFO  [http-nio-8080-exec-${n() % 20}] c.e.api.OrderController - GET /api/v1/orders/${n()} 200 in ${n() % 300} ms trace=${hex(n, 32)}`,
  (n) => `10.0.${n() % 255}.${n() % 255} - - [02/Jan/2026:03:04:05 +0000] "GET /static/app.${hex(n, 8)}.js?v=${n()} HTTP/1.1" 200 ${n()} "https://shop.example.com/cart" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"`,
  (n) => `ESTAB 0 0 10.1.2.3:${n() % 65_535} 10.4.5.6:5432 users:(("java",pid=${n() % 9_999},fd=${n() % 200})) ino:${n()} sk:${hex(n, 4)} cgroup:/kubepods/burstable/pod${hex(n, 8)}-${hex(n, 4)}-4${hex(n, 3)}-a${hex(n, 3)}-${hex(n, 12)}`,
  (n) => `api-7f9c4d8b6-${hex(n, 5)}   1/1   Running   ${n() % 9}   ${n() % 40}d   10.1.${n() % 255}.7   node-${n() % 9}   <none>   <none>`,
  (n) => `E0102 03:04:05.${n()} 1 reflector.go:150] "Unhandled Error" err="failed to list *v1.Secret: secrets is forbidden: User \\"system:serviceaccount:prod:api\\" cannot list resource \\"secrets\\""`,
  (n) => `I0102 03:04:05.${n()} 1 reconciler.go:224] "Attempting to mount" volume="kube-api-access-${hex(n, 5)}" secret="prod/db-credentials" pod="prod/api-${hex(n, 5)}"`,
  () => 'Failed password for invalid user admin from 192.0.2.4 port 50022 ssh2',
  () => 'level=warn msg="token expired, refreshing" token_type=service_account expires_in=3600 max_tokens=4096 tokens=512',
  () => 'error: You must be logged in to the server (the server has asked for the client to provide credentials): Unauthorized',
  () => '      automountServiceAccountToken: true\n      serviceAccountToken:\n        expirationSeconds: 3607\n        path: token\n      secretName: db-credentials\n      secretKeyRef: {name: db, key: password}',
  (n) => `  imageID: docker.io/library/nginx@sha256:${hex(n, 64)}`,
  (n) => `    at com.example.auth.TokenValidator.validate(TokenValidator.java:${n() % 400})\n    at org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter.doFilter(UsernamePasswordAuthenticationFilter.java:${n() % 99})`,
  () => 'Syntax error: unexpected token: <EOF> at key: items[3].passwordPolicy',
  () => 'DB_PASSWORD:  <set to the key \'password\' in secret \'db\'>  Optional: false\nPASSWORD_FILE=/run/secrets/db\nTOKEN_TTL=30m\nPASSWORD=$DB_PASSWORD',
  (n) => `tcp 0 0 0.0.0.0:${n() % 65_535} 0.0.0.0:* LISTEN ${n() % 999}/sshd: /usr/sbin/sshd -D -o AuthorizedKeysFile=.ssh/authorized_keys -o PasswordAuthentication=no`,
  (n) => `-rw-r--r-- 1 root root ${n()} Jan  2 03:04 libcrypto-secret-service.so.1.${n() % 9}`,
  (n) => `${hex(n, 40)} refs/heads/feature/token-refresh-and-password-reset-${n() % 99}`,
  () => '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\nRTESMBAGA1UEChMJQmFsdGltb3JlMRMwEQYDVQQLEwpDeWJlclRydXN0MSIwIAYD\n-----END CERTIFICATE-----',
  () => '+ sh -c \'curl -fsS https://api.example.com:8443/healthz?verbose\' basic checks passed, bearer authentication is disabled, cookie: none',
  (n) => `SHA256:${hex(n, 10)} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${hex(n, 20)} user@host (key fingerprint)`,
];

const hex = (n: () => number, length: number): string => Array.from({ length }, () => (n() % 16).toString(16)).join('');

export const ordinaryOutput = (seed: number, chars: number): string => {
  const random = randomOf(seed);
  const number = (): number => Math.floor(random() * 100_000);
  const lines: string[] = [];
  for (let length = 0; length < chars; length += (lines.at(-1)?.length ?? 0) + 1) lines.push(pick(random, LINES)(number));
  return lines.join('\n').slice(0, chars);
};
