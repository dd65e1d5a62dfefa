/** Vectors of RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785), and SHA-256 of FIPS 180-4. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256, type Canonical } from '../../src/domain/canonical.ts';

describe('canonical JSON', () => {
  it('is that of section 3.2.2 and 3.2.3 of the RFC', () => {
    const text = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
    expect(canonicalJson(JSON.parse(text) as Canonical))
      .toBe(String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`);
  });
  it('sorts names by UTF-16 code units, as in section 3.2.3', () => {
    const text = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`;
    const inOrder = JSON.parse(canonicalJson(JSON.parse(text) as Canonical)) as Record<string, string>;
    const values = [...canonicalJson(JSON.parse(text) as Canonical).matchAll(/:"([^"]+)"/g)].map((found) => found[1]);
    expect(values).toEqual(['Carriage Return', 'One', 'Control', 'Latin Small Letter O With Diaeresis', 'Euro Sign', 'Emoji: Grinning Face', 'Hebrew Letter Dalet With Dagesh']);
    expect(Object.keys(inOrder)).toHaveLength(7);
  });
  /** Appendix B: IEEE 754 bits and what is written. */
  const numbers: readonly [string, string][] = [
    ['0000000000000000', '0'], ['8000000000000000', '0'], ['0000000000000001', '5e-324'], ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'], ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'], ['c340000000000000', '-9007199254740992'], ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'], ['44b52d02c7e14af6', '1e+23'], ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'], ['444b1ae4d6e2ef4f', '999999999999999900000'], ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'], ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'], ['41b3de4355555554', '333333333.33333325'], ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'], ['41b3de4355555557', '333333333.33333343'], ['becbf647612f3696', '-0.0000033333333333333333'], ['43143ff3c1cb0959', '1424953923781206.2'],
  ];
  it.each(numbers)('the number of the bits %s is %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });
  const texts: readonly [string, Canonical, string][] = [
    ['an empty object', {}, '{}'], ['an empty list', [], '[]'], ['an absent member', { a: undefined, b: 1 }, '{"b":1}'], ['null is no absence', { a: null }, '{"a":null}'],
    ['nested', { b: [{ d: 1, c: 2 }], a: 'x' }, '{"a":"x","b":[{"c":2,"d":1}]}'], ['a list keeps its order', [3, 1, 2], '[3,1,2]'],
    ['numbers as names are sorted as text', { 10: 'a', 9: 'b' }, '{"10":"a","9":"b"}'], ['a slash is not escaped', '</script>', '"</script>"'],
    ['a name like a prototype', JSON.parse('{"__proto__":1,"a":2}') as Canonical, '{"__proto__":1,"a":2}'],
  ];
  it.each(texts)('%s', (_name, value, text) => { expect(canonicalJson(value)).toBe(text); });

  it('does not depend on the order in which an object was made, and loses nothing', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const turned = Object.fromEntries(Object.entries(object).toReversed());
      expect(canonicalJson(turned as Canonical)).toBe(canonicalJson(object as Canonical));
      expect(JSON.parse(canonicalJson(object as Canonical))).toEqual(JSON.parse(JSON.stringify(object)));
    }), { numRuns: 500 });
  });
});

describe('SHA-256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['€', 'c4cc90ed3d26f12d4b08a75140970a7904035c31cbb4515a83f19b9003c00d1d'], // of the bytes e2 82 ac: UTF-8
  ])('of "%s"', (text, digest) => { expect(sha256(text)).toBe(digest); });
});
