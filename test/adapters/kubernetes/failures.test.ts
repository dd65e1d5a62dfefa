import { describe, expect, test } from 'vitest';
import { failureOf, patchFailure } from '../../../src/adapters/kubernetes/failures.ts';
import { sentence } from '../../../src/adapters/kubernetes/sentence.ts';
import { warningsOf } from '../../../src/adapters/kubernetes/warnings.ts';
import type { ContainerName, PodName } from '../../../src/domain/names.ts';
import { OURS, recording, TARGET } from './fixtures.ts';
import { status } from './api-server.ts';

describe('what a real API server answered to a patch', () => {
  test.each([
    ['patch-same-name-different', 'name_taken'],
    ['patch-uid-mismatch', 'pod_replaced'],
    ['patch-static-pod', 'mirror_pod'],
    ['patch-pod-not-found', 'pod_gone'],
    ['patch-unknown-target', 'container_not_found'],
    ['patch-rejected-by-pod-security', 'pod_security'],
    ['profile-sysadmin-in-baseline', 'pod_security'],
    ['profile-general-in-baseline', 'pod_security'],
    ['patch-forbidden-by-rbac', 'forbidden'],
    ['patch-refused-by-admission-policy', 'admission'],
    ['patch-bad-name', 'invalid'],
    ['patch-duplicate-of-app-container', 'invalid'],
    ['patch-unknown-field-strict', 'invalid'],
    ['patch-ports-forbidden', 'invalid'],
    ['patch-stale-resource-version', 'unexpected_answer'],
    ['patch-json-patch-default', 'unexpected_answer'],
    ['patch-unsupported-content-type', 'unexpected_answer'],
    ['unauthorized', 'unauthorized'],
    ['list-pods-forbidden', 'forbidden'],
  ])('%s is %s', (name, code) => {
    const { response } = recording(name);
    const target = { ...TARGET, pod: (name === 'patch-pod-not-found' ? 'nope-123' : TARGET.pod) as PodName, container: 'nope' as ContainerName };
    expect(patchFailure({ status: response.status, body: response.body }, target, OURS).code).toBe(code);
  });

  test('its own sentence is kept', () => {
    const { response } = recording('patch-refused-by-admission-policy');
    expect(failureOf(response as never)).toMatchObject({ detail: expect.stringContaining("denied request: name must carry the plan digest") });
  });
});

test.each([
  ['an admission webhook with 403', 403, status(403, 'Forbidden', 'admission webhook "guard.example" denied the request: no'), 'admission'],
  ['an admission webhook with 400', 400, status(400, '', 'admission webhook "guard.example" denied the request: no'), 'admission'],
  ['an admission plugin', 403, status(403, 'Forbidden', 'pods "p" is forbidden: no such service account', { name: 'p', kind: 'pods' }), 'admission'],
  ['a webhook that quotes Pod Security', 403, status(403, 'Forbidden', 'admission webhook "x" denied the request: pods "p" is forbidden: violates PodSecurity "restricted"', {}), 'admission'],
  ['403 of a proxy, without a Status', 403, undefined, 'forbidden'],
  ['404 of a server without the subresource', 404, status(404, 'NotFound', 'the server could not find the requested resource', {}), 'unexpected_answer'],
  ['422 without a Status', 422, undefined, 'invalid'],
  ['429', 429, undefined, 'overloaded'],
  ['503', 503, undefined, 'overloaded'],
  ['500', 500, status(500, 'InternalError', 'etcdserver: request is too large'), 'unexpected_answer'],
  ['a redirect', 302, undefined, 'unexpected_answer'],
  ['causes that are no list', 422, { details: { causes: 'x' } }, 'invalid'],
])('%s is %s', (_what, code, body, failure) => {
  expect(patchFailure({ status: code, body: body as never }, TARGET, OURS).code).toBe(failure);
});

test.each([
  ['colours and cursor movements', '\u001b[31mred\u001b[0m \u001b]0;title\u0007end', 'red end'],
  ['line breaks and tabs', 'one\r\n\ttwo', 'one two'],
  ['bidi and zero-width characters', 'a\u202eb\u200bc\u{e0041}d', 'a b c d'],
  ['a half surrogate', 'a\ud800b', 'a b'],
])('a sentence loses %s', (_what, text, clean) => {
  expect(sentence(text)).toBe(clean);
});

test('a sentence of a megabyte is cut to 300 characters', () => {
  expect(Array.from(sentence('💥'.repeat(500_000)))).toHaveLength(300);
});

test('warnings are read from one or several headers, once each', () => {
  expect(warningsOf('299 - "would violate PodSecurity \\"restricted:latest\\": a, b", 299 - "two"')).toStrictEqual(['would violate PodSecurity "restricted:latest": a, b', 'two']);
  expect(warningsOf(['299 - "one"', '299 - "one"'])).toStrictEqual(['one']);
  expect(warningsOf(undefined)).toStrictEqual([]);
  expect(warningsOf(Array.from({ length: 99 }, (_, index) => `299 - "w${index}"`))).toHaveLength(10);
});
