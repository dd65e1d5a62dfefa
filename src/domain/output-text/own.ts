import type { Finder, Found } from './found.ts';

/** Shorter ones would hide ordinary text everywhere. */
const OWN_CHARS_MIN = 6;

/** kdebug's own secrets, letter by letter, also as they look in a URL, in JSON and in base64. */
export const createOwnFinder = (own: readonly string[]): Finder => {
  const texts = new Set(own.filter((secret) => secret.length >= OWN_CHARS_MIN).flatMap((secret) =>
    [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64').replace(/=+$/, '')]));
  return (text) => {
    const found: Found[] = [];
    for (const secret of texts) {
      for (let start = text.indexOf(secret); start !== -1; start = text.indexOf(secret, start + secret.length)) {
        found.push({ start, end: start + secret.length, what: 'kdebug secret' });
      }
    }
    return found;
  };
};
