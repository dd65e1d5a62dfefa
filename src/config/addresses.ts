const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

const isPlain = (url: URL): boolean => url.username === '' && url.password === '' && url.search === '' && url.hash === '';

export const isHttpsOrLoopback = (url: URL): boolean => url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));

/** A Web API root: https, or http on this machine; it ends in /api/, as the client appends method names to it. */
export const parseApiUrl = (text: string): string | undefined => {
  const url = urlOf(text);
  return url !== undefined && isPlain(url) && isHttpsOrLoopback(url) && url.pathname.endsWith('/api/') ? url.href : undefined;
};

export const parseIssuer = (text: string): string | undefined => {
  const url = urlOf(text);
  return url !== undefined && isPlain(url) && isHttpsOrLoopback(url) ? text : undefined;
};

export const parseOtlp = (text: string): string | undefined => {
  const url = urlOf(text);
  return url !== undefined && /^https?:$/.test(url.protocol) ? text : undefined;
};

/** Kept as written: the client of Redis reads user, password, database and options itself. */
export const parseRedisUrl = (text: string): string | undefined => {
  const url = urlOf(text);
  if (url === undefined) return undefined;
  if (url.protocol === 'unix:') return url.pathname.length > 1 && url.host === '' ? text : undefined;
  return /^rediss?:$/.test(url.protocol) && url.hostname !== '' ? text : undefined;
};

const PORT_MAX = 65_535;

export const parsePort = (text: string): number | undefined => (/^\d{1,5}$/.test(text) && Number(text) <= PORT_MAX ? Number(text) : undefined);
