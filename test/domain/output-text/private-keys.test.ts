/** Private keys, whole or cut at either end, and what beside them stays. */
import { describe, it } from 'vitest';
import { expectHidden } from './marked.ts';

// In two halves, so that scanners of repositories do not stop at this file.
const [BEGIN, END] = ['BEGIN', 'END'].map((word) => `-----${word} PRIVATE KEY-----`);

describe('private keys', () => {
  it.each([
    `«private key|${BEGIN}\nabc\n${END}»\nx`,
    `«private key|-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nabcdefghijklmnop\n-----END RSA PRIVATE KEY-----»`,
    '«private key|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nabc\n---- END SSH2 ENCRYPTED PRIVATE KEY ----»',
    '-«private key|---- BEGIN PRIVATE KEY ----»-\nabc',
    '«private key|-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nabcdefghijklmnopq\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----»',
    '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----',
    `«private key|${BEGIN}»`,
    `«private key|${BEGIN}\nabcdefghijklmnop\nABCDEFGHIJKLMNOP»`,
    `«private key|${BEGIN}\nabcdefghijklmnop»\nnot a key line\nABCDEFGHIJKLMNOP`,
    `«private key|${BEGIN}abcdefghijklmnop\nABCDEFGHIJKLMNOP»\n`,
    `«private key|${BEGIN} and so on\nABCDEFGHIJKLMNOP»`,
    `"«private key|${BEGIN}\\nabc\\ndef»" and more`,
    `«private key|${BEGIN}   \nABCDEFGHIJKLMNOP»`,
    `«private key|abcdefghijklmnop\nABCDEFGHIJKLMNOP\n${END}»\nx`,
    `x y\n«private key|ABCDEFGHIJKLMNOP\n${END}»`,
    `abcdefghijklmnop\n\n«private key|ABCDEFGHIJKLMNOP\n${END}»`,
    `«private key|ABCDEFGHIJKLMNOP${END}»`,
    `«private key|${END}»`,
    `«private key|${BEGIN}\na\n${END}»\n«private key|ABCDEFGHIJKLMNOP\n${END}»`,
    `«private key|${BEGIN}\nABCDEFGHIJKLMNOP»\n«private key|${BEGIN}\nabc\n${END}»`,
    `«private key|${BEGIN}»\nx y\n«private key|${BEGIN}\nabc\n${END}»\nx`,
    `«private key|${END}»\n«private key|${BEGIN}\nabc\n${END}»\nx`,
    `«private key|ABCDEFGHIJKLMNOP\n${END}»\nx\n«private key|${BEGIN}\nabcdefghijklmnop»`,
    `«private key|-----BEGIN RSA PRIVATE KEY-----\r\nabcdefghijklmnop\r\n-----END RSA PRIVATE KEY-----»\r\nz`,
    `-----BEGIN ${'A'.repeat(60)} PRIVATE KEY-----\nabc`,
    '-----BEGIN PUBLIC KEY----- PRIVATE KEY',
    `2026-01-01T00:00:00Z app | «private key|${BEGIN}\n2026-01-01T00:00:00Z app | abcdefghijklmnop\n2026-01-01T00:00:00Z app | ABCDEFGHIJKL==»\nz`,
    `  «private key|${BEGIN}\n  abcdefghijklmnop\n  ABCDEFGHIJKL==»\n  z`,
    'PuTTY-User-Key-File-3: ssh-ed25519\n«private key|Private-Lines: 1\nabcdefgh»\nPrivate-MAC: x',
    '«private key|Private-Lines: 12\r\nabc=\r\ndef»\r\nPrivate-MAC: x',
    '«private key|Private-Lines: 1\nabc»',
    'Private-Lines: x\nabc',
    `x«private key|${BEGIN}\nabcdefghijklmnop»`,
    `BEGIN PRIVATE KEY-----\nabcdefghijklmnop`,
    `«private key|${BEGIN}x y\nabcdefghijklmnop»`,
    `«private key|${BEGIN}».\nabcdefghijklmnop`,
    `«private key|${BEGIN}\n  \nabcdefghijklmnop»\nx y`,
    `abcdefghijklmnop\n   \n«private key|ABCDEFGHIJKLMNOP\n${END}»`,
    `«private key|${BEGIN}»\nabc\n«private key|${BEGIN}\ndef\n${END}»\nx`,
    `«private key|${BEGIN}\nx y\n${END}»\nz\n«private key|${END}»`,
    `«private key|${BEGIN}\nx y\n${END}»\n«private key|${BEGIN}\nabc\n${END}»`,
    `«private key|${END}»\nz\n«private key|${END}»\nx`,
    `«private key|ABCDEFGHIJKLMNOP\n${END}»\n«private key|ABCDEFGHIJKLMNOP\n${END}»\nx`,
    `«private key|${BEGIN}\nABCDEFGHIJKLMNOP\nx y z, and\n${END}»\n`,

  ])('%j', (text) => { expectHidden(text); });

  it('are whole up to 64 KiB between BEGIN and END, and two cut ones beyond', () => {
    expectHidden(`«private key|${BEGIN}\n${'x y\n'.repeat(16_380)}${END}»\nz`);
    expectHidden(`«private key|${BEGIN}»\n${'x y\n'.repeat(16_390)}«private key|${END}»\nz`);
  });
});
