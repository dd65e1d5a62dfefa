import { describe, expect, it } from 'vitest';
import { MENTION_TEXT_CHARS_MAX, MENTIONS_MAX, podMentions } from '../../src/domain/pod-mentions.ts';

const found = (text: string): readonly string[] => podMentions(text).map(({ pod, namespace }) => `${namespace ?? '?'}/${pod}`);

describe('pods in an alert', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['labels of Prometheus', 'FIRING: KubePodCrashLooping namespace="prod" pod="api-7f9c4d8b6-x2k9p"', ['prod/api-7f9c4d8b6-x2k9p']],
    ['a path', 'prod/api-7f9c4d8b6-x2k9p is not ready', ['prod/api-7f9c4d8b6-x2k9p']],
    ['a bare name', 'look at api-7f9c4d8b6-x2k9p please', ['?/api-7f9c4d8b6-x2k9p']],
    ['a title and its value', '*Pod:* db-0\n*Namespace:* payments', ['payments/db-0']],
    ['a pod of a DaemonSet', 'agent-x2k9p restarted', ['?/agent-x2k9p']],
    ['a pod of a StatefulSet with its namespace', 'payments/db-0 is down', ['payments/db-0']],
    ['a pod of a StatefulSet alone, which may be anything', 'web-0 and step-2', []],
    ['a kind before the name', 'pods/api-0 in namespace: shop', ['shop/api-0']],
    ['an address of a dashboard', 'https://grafana.example.org/d/abc?var-namespace=prod&var-pod=api-7f9c4d8b6-x2k9p', ['prod/api-7f9c4d8b6-x2k9p']],
    ['two pods, the labelled one first', 'api-7f9c4d8b6-x2k9p pod="web-86d5c9f4b-2r6zw"', ['?/web-86d5c9f4b-2r6zw', '?/api-7f9c4d8b6-x2k9p']],
    ['the nearest namespace', 'namespace=prod pod=a-7f9c4d8b6-x2k9p, and far away: namespace=staging pod=b-7f9c4d8b6-x2k9p', ['prod/a-7f9c4d8b6-x2k9p', 'staging/b-7f9c4d8b6-x2k9p']],
    ['the same pod twice', 'api-7f9c4d8b6-x2k9p prod/api-7f9c4d8b6-x2k9p', ['prod/api-7f9c4d8b6-x2k9p']],
    ['the end of a sentence', 'it is api-7f9c4d8b6-x2k9p.', ['?/api-7f9c4d8b6-x2k9p']],
    ['code ticks', '`api-7f9c4d8b6-x2k9p`', ['?/api-7f9c4d8b6-x2k9p']],
    ['ordinary words with dashes', 'a well-known on-call follow-up, error-prone', []],
    ['a longer word in capitals', 'API-7f9c4d8b6-x2k9p', []],
    ['nothing', '', []],
  ])('in %s', (_what, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('are at most a few, of a text of any length, in time', () => {
    const names = Array.from({ length: 50 }, (_, index) => `api-7f9c4d8b6-x2k${'bcdfghjklm'.charAt(index % 10)}${'npqrs'.charAt(index % 5)}`);
    expect(found(names.join(' ')).length).toBe(MENTIONS_MAX);
    const started = performance.now();
    for (const piece of ['a-', 'a/', 'pod=', 'a.', '"', 'namespace: ']) found(piece.repeat(MENTION_TEXT_CHARS_MAX));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
