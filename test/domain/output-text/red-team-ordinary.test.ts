/** What a red team found hidden and is no secret. */
import { describe, it } from 'vitest';
import { expectHidden } from './marked.ts';

describe('what only looks like a secret', () => {
  it.each([
    'npm_config_registry=https://registry.npmjs.org/',
    'npm_config_user_agent=npm/10.1.0 node/v20 linux x64',
    'npm_lifecycle_script=node server.js',
    'npm_package_resolved=x',
    `Annotations:      checksum/secret: ${'9b2a3d8f'.repeat(8)}`,
    `checksum/token: ${'9b2a3d8f'.repeat(8)}`,
    `sha/secret: «secret|${'9b2a3d8f'.repeat(8)}»`,
    'kube_secret_info{namespace="a",secret="db-creds"} 1',
    '{"namespace":"a","secret":"«secret|db-creds»"}',
    'kube_pod_info{password="«password|db-creds»"} 1',
    'VAULT_TOKEN_PORT=tcp://10.0.0.1:80',
    'TOKEN_PORT=tcp://10.1.2.3:80',
    'TOKEN_PORT_80_TCP=tcp://10.1.2.3:80',
    'PASS_SERVICE_HOST=10.0.0.1',
    'PASSWORD_SERVICE_PORT_80_TCP_ADDR=10.1.2.3',
    'PASSWORD_PORT_80_TCP_PROTO=tcp',
    'SSH_HOST_KEY=«key|abc123»',
    'PASS: TestFoo',
    'PASS: TestFoo/sub_1',
    'PASS: «password|hunter2»',
    'pass: 12',
    'pass: «password|12345»',
    'password: «password|12»',
    'token: EOF',
    'token: 7',
    'token: «token|EOFEOFEOF»',
    'vci_instance_0123456789abcdefghijkl',
    'rnd_0123456789abcdefghijklmno',
    'pul-request-number-12345678901234567890',
    'ap2_small_instance_type_n1_standard_4_x',
    '«cloud token|rnd_0123456789ABCdefghijklmno»',
    `«cloud token|pul-${'0123abcd'.repeat(5)}»`,
  ])('%j', (text) => { expectHidden(text); });
});
