import { describe, expect, it } from 'vitest';
import { parseStepUpAddress, readStepUpAddress } from '../../src/config/step-up-address.ts';

describe('the address of the step-up pages', () => {
  const cases: readonly [string, string | undefined][] = [
    ['https://kdebug.example.org\n', 'https://kdebug.example.org'],
    ['https://kdebug.example.org/', 'https://kdebug.example.org'],
    ['https://kdebug.example.org:8443', 'https://kdebug.example.org:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://kdebug.example.org', undefined],
    ['https://kdebug.example.org/kdebug', undefined],
    ['https://kdebug.example.org/?a=b', undefined],
    ['https://user:pass@kdebug.example.org', undefined],
    ['kdebug.example.org', undefined],
    ['javascript:alert(1)', undefined],
    ['', undefined],
  ];
  it.each(cases)('%j', (text, expected) => { expect(parseStepUpAddress(text)).toBe(expected); });

  it('is in the state folder; without the file only this machine reaches the pages', () => {
    expect(readStepUpAddress('/state', (path) => (path === '/state/step-up-url' ? 'https://a.example' : undefined))).toEqual({ ok: true, origin: 'https://a.example' });
    expect(readStepUpAddress('/state', () => undefined)).toEqual({ ok: true, origin: undefined });
  });
  it('that is none is told with its file', () => {
    expect(readStepUpAddress('/state', () => 'http://a.example')).toMatchObject({ ok: false, problem: expect.stringMatching(/^\/state\/step-up-url: is not an https origin; write/) });
  });
});
