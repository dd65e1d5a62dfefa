/** What is a name and what is not; of every kind the same attacks are refused. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as names from '../../src/domain/names.ts';

const l = (count: number, letter = 'a'): string => letter.repeat(count);
const HEX = l(64, '0');

type Parse = (text: unknown) => unknown;
const PARSERS: Readonly<Record<string, readonly [Parse, accepts: readonly string[], refuses: readonly string[]]>> = {
  ClusterName: [names.parseClusterName, ['a', 'main', 'eu-1', l(40)], ['', 'Main', '-a', 'a-', 'a.b', 'a_b', l(41)]],
  Namespace: [names.parseNamespace, ['a', 'prod', 'kube-system', '0', l(63)], ['', 'Prod', '-a', 'a-', 'a.b', 'a_b', l(64)]],
  PodName: [names.parsePodName, ['api-7f9c4d8b6-x2k9p', 'db-0', 'a.b', l(63), `${l(63)}.${l(63)}.${l(63)}.${l(61)}`], ['', 'A', 'a..b', '.a', 'a.', 'a-.b', 'a.-b', l(64), `${l(63)}.${l(63)}.${l(63)}.${l(62)}`]],
  PodNamePrefix: [names.parsePodNamePrefix, ['a', 'api-', 'api.', 'api-7f9', 'a.b-'], ['', '-a', '.a', 'a..b', 'a.-b', 'a-.b', 'A', l(254)]],
  PodUid: [names.parsePodUid, ['4f1c0000-0000-4000-8000-000000000001', 'a', l(128)], ['', '-a', 'a-', 'a.b', l(129)]],
  ContainerName: [names.parseContainerName, ['api', 'istio-proxy', `kdebug-${l(16)}`, l(63)], ['', 'API', 'a.b', '-a', 'a-', l(64)]],
  ImageName: [names.parseImageName, ['netshoot', 'net.shoot_2', l(63)], ['', 'Net', '-a', 'a-', 'a:b', l(64)]],
  ImageRef: [names.parseImageRef, ['busybox', 'nicolaka/netshoot:v0.13', 'localhost:5000/a/b:Tag_1', `ghcr.io/a/b@sha256:${HEX}`], ['', '-a', ':a', '/a', 'A', `a@sha256:${l(63, '0')}`, `a@sha256:${l(64, 'F')}`, 'a@md5:0', l(256)]],
  PresetName: [names.parsePresetName, ['sockets', 'dns.v2'], ['', 'Sockets', '-a']],
  RequestId: [names.parseRequestId, ['kd-8fk20000', 'kd-00000000', 'kd-zzzzzzzz'], ['', 'kd-8fk2000', 'kd-8fk200000', 'kd-iiiiiiii', 'kd-llllllll', 'kd-oooooooo', 'kd-uuuuuuuu', 'KD-8FK20000', '8fk20000']],
  UserId: [names.parseUserId, ['U0ALICE', 'W0123456789'], ['', 'U', 'u0alice', 'C0ALICE', 'S0ALICE', `U${l(21, 'A')}`]],
  GroupId: [names.parseGroupId, ['S0SRE'], ['', 'S', 'U0SRE', 's0sre']],
  ChannelId: [names.parseChannelId, ['C0OPS', 'D0OPS', 'G0OPS'], ['', 'C', 'U0OPS', 'c0ops']],
  TeamId: [names.parseTeamId, ['T0ACME', 'E0ACME'], ['', 'T', 'U0ACME']],
  MessageTs: [names.parseMessageTs, ['1700000000.000100'], ['', '1700000000', '.1', '1.', '1,2', '-1.2', '1.2.3', '1e3.4']],
  Sha256: [names.parseSha256, [HEX, l(64, 'f')], ['', l(63, '0'), l(65, '0'), l(64, 'F'), l(64, 'g')]],
};
const ATTACKS: readonly unknown[] = [
  '..', '.', '../a', 'a/../b', 'a/b?x=y', 'a#b', 'a%2f', '__proto__', 'a b', ' a', 'a ', 'a\n', '\na', 'a\0', 'a\r\nb', 'ä', 'а', 'a\u200b', '\u202ea', '😀', '\ud800',
  undefined, null, 0, 1n, true, {}, [], ['a'], { toString: () => 'a' }, Number.NaN, l(100_000),
];
/** A reference to an image is no path and no URL: it may hold these. */
const NOT_FOR_IMAGES = new Set<unknown>(['a/../b']);

describe.each(Object.entries(PARSERS))('%s', (kind, [parse, accepts, refuses]) => {
  it.each(accepts.map((text) => [text]))('is %s', (text) => { expect(parse(text)).toBe(text); });
  it.each(refuses.map((text) => [text]))('is not "%s"', (text) => { expect(parse(text)).toBeUndefined(); });
  it('is none of what would leave its place', () => {
    const let_in = ATTACKS.filter((attack) => parse(attack) !== undefined && !(kind === 'ImageRef' && NOT_FOR_IMAGES.has(attack)));
    expect(let_in).toEqual([]);
  });
  it('never throws, never repairs', () => {
    fc.assert(fc.property(fc.anything(), (value) => { expect([undefined, value]).toContain(parse(value)); }), { numRuns: 300 });
  });
});

describe('an instant', () => {
  it.each([[0], [1_760_000_000_000]])('is %s', (value) => { expect(names.parseInstant(value)).toBe(value); });
  it.each([[-1], [1.5], [Number.NaN], [Infinity], [2 ** 53], ['1'], [null], [undefined]])('is not %s', (value) => { expect(names.parseInstant(value)).toBeUndefined(); });
});

describe('a new request id', () => {
  it('is one for any eight random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 8, maxLength: 12 }), (bytes) => { expect(names.parseRequestId(names.requestIdFrom(bytes))).toBe(names.requestIdFrom(bytes)); }));
  });
  it('takes 40 bits of them, and every letter can come', () => {
    expect(names.requestIdFrom(new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]))).toBe('kd-01234567');
    expect(new Set(Array.from({ length: 32 }, (_, byte) => names.requestIdFrom(new Uint8Array(8).fill(byte)))).size).toBe(32);
  });
});
