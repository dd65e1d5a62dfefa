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

/** What a cut leaves the middle of: YAML, JSON and tables. */
const BLOCKS: readonly ((n: () => number) => string)[] = [
  (n) => `status:\n  conditions:\n  - lastProbeTime: null\n    lastTransitionTime: "2026-01-02T03:04:05Z"\n    status: "True"\n    type: ContainersReady\n  containerStatuses:\n  - containerID: containerd://${hex(n, 64)}\n    image: registry.example.com/shop/api:v1.${n() % 99}.0\n    imageID: registry.example.com/shop/api@sha256:${hex(n, 64)}\n    lastState: {}\n    name: api\n    ready: true\n    restartCount: ${n() % 9}\n    state:\n      running:\n        startedAt: "2026-01-02T03:04:05Z"\n  hostIP: 10.0.${n() % 255}.4\n  phase: Running\n  podIP: 10.1.${n() % 255}.7\n  qosClass: Burstable`,
  (n) => `metadata:\n  annotations:\n    checksum/config: ${hex(n, 64)}\n    deployment.kubernetes.io/revision: "${n() % 99}"\n  creationTimestamp: "2026-01-02T03:04:05Z"\n  generateName: api-${hex(n, 10)}-\n  labels:\n    app.kubernetes.io/name: api\n    app.kubernetes.io/version: v1.${n() % 40}.2-rc1\n    pod-template-hash: ${hex(n, 10)}\n    topology.kubernetes.io/zone: eu-west-1a\n  ownerReferences:\n  - apiVersion: apps/v1\n    blockOwnerDeletion: true\n    kind: ReplicaSet\n    name: api-${hex(n, 10)}\n    uid: ${hex(n, 8)}-${hex(n, 4)}-4${hex(n, 3)}-a${hex(n, 3)}-${hex(n, 12)}\n  resourceVersion: "${n()}"`,
  (n) => `spec:\n  containers:\n  - env:\n    - name: LOG_LEVEL\n      value: info\n    - name: POD_IP\n      valueFrom:\n        fieldRef:\n          apiVersion: v1\n          fieldPath: status.podIP\n    name: api\n    ports:\n    - containerPort: 8080\n      name: http\n      protocol: TCP\n    resources:\n      limits:\n        cpu: 500m\n        ephemeral-storage: ${n() % 16_384}Mi\n        memory: ${n() % 999}Mi\n    terminationMessagePolicy: FallbackToLogsOnError\n  nodeName: ip-10-0-1-${n() % 255}.eu-west-1.compute.internal\n  preemptionPolicy: PreemptLowerPriority`,
  (n) => JSON.stringify({ level: 'info', request: { id: `${hex(n, 8)}-${hex(n, 4)}`, path: '/api/v1/orders', status: 200, took: `${n() % 900}ms` }, node: { name: `node${n() % 9}`, zone: 'eu-west-1a', cpus: n() % 64, kernel: '6.8.0-1021-aws', runtime: 'containerd://1.7.27' } }, null, 2),
  (n) => `apiVersion: v1\ndata:\n  application.yaml: |\n    server:\n      port: 8080\n      threads: ${n() % 64}\n  log.level: debug\n  feature.flags: search2,cart-v3\n  max.connections: "${n() % 500}"\n  region: eu-west-1\nkind: ConfigMap\nmetadata:\n  name: api-config`,
  (n) => `Name:             api-7f9c4d8b6-${hex(n, 5)}\nNamespace:        prod\nNode:             node-${n() % 9}/10.0.0.${n() % 255}\nContainers:\n  api:\n    Image:          nginx:1.27\n    Port:           8080/TCP\n    State:          Running\n      Started:      Fri, 02 Jan 2026 03:04:05 +0000\n    Restart Count:  ${n() % 5}\nQoS Class:          Burstable\nTolerations:        node.kubernetes.io/not-ready:NoExecute op=Exists for 300s`,
  (n) => `  PID USER     TIME  COMMAND\n    ${n() % 99} root      0:0${n() % 9} /pause\n   ${n() % 999} app       ${n() % 9}:12 java -Xmx512m -XX:+UseG1GC -jar /app/api.jar --spring.profiles.active=prod\n   ${n() % 999} app       0:00 ps aux`,
  (n) => `HOSTNAME=api-7f9c4d8b6-${hex(n, 5)}\nKUBERNETES_PORT_443_TCP_ADDR=10.96.0.1\nKUBERNETES_SERVICE_HOST=10.96.0.1\nPATH=/usr/local/sbin:/usr/local/bin:/usr/bin\nJAVA_VERSION=jdk-21.0.${n() % 9}+9\nLANG=C.UTF-8\nHOME=/root`,
  (n) => `MemTotal:       ${n()} kB\nHugePages_Total:       0\nDirectMap2M:     ${n()} kB\nCpus_allowed_list:\t0-${n() % 63}\nvoluntary_ctxt_switches:\t${n()}`,
  (n) => `HTTP/1.1 200 OK\nServer: nginx/1.27.${n() % 9}\nDate: Fri, 02 Jan 2026 03:04:05 GMT\nETag: W/"${hex(n, 4)}-${hex(n, 27)}"\nx-request-id: ${hex(n, 32)}\nContent-Type: application/json; charset=utf-8`,
];

const hex = (n: () => number, length: number): string => Array.from({ length }, () => (n() % 16).toString(16)).join('');

const ALL = [...LINES, ...BLOCKS];

export const ordinaryOutput = (seed: number, chars: number): string => {
  const random = randomOf(seed);
  const number = (): number => Math.floor(random() * 100_000);
  const lines: string[] = [];
  for (let length = 0; length < chars; length += (lines.at(-1)?.length ?? 0) + 1) lines.push(pick(random, ALL)(number));
  return lines.join('\n').slice(0, chars);
};
