/** As much of a browser as a login needs: cookies by host and path, redirects one by one, forms. */

interface Cookie { readonly name: string; readonly value: string; readonly host: string; readonly path: string }

export interface Seen {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** What a person reads. */
  readonly text: string;
}

export interface Browser {
  open(url: string, fields?: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Seen>;
}

const REDIRECTS_MAX = 10;

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
export const unescaped = (text: string): string => text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
const read = (html: string): string => unescaped(html.replaceAll(/<(?:style|head)[\s\S]*?<\/(?:style|head)>/g, '').replaceAll(/<[^>]+>/g, ' ')).replaceAll(/\s+/g, ' ').trim();

export const newBrowser = (): Browser => {
  const jar = new Map<string, Cookie>();
  const keep = (line: string, { hostname }: URL): void => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find((one) => /^path=/i.test(one))?.slice('path='.length) ?? '/';
    jar.set(`${hostname} ${path} ${name}`, { name, value, host: hostname, path });
  };
  const cookiesFor = ({ hostname, pathname }: URL): string =>
    [...jar.values()].filter(({ host, path, value }) => host === hostname && pathname.startsWith(path) && value !== '').map(({ name, value }) => `${name}=${value}`).join('; ');

  const open: Browser['open'] = async (first, fields, headers) => {
    let [url, body] = [new URL(first), fields && new URLSearchParams(fields)];
    for (let count = 0; count < REDIRECTS_MAX; count += 1) {
      const response = await fetch(url, { redirect: 'manual', headers: { ...headers, cookie: cookiesFor(url) }, ...(body && { method: 'POST', body }) });
      for (const line of response.headers.getSetCookie()) keep(line, url);
      const [location, html] = [response.headers.get('location'), await response.text()];
      if (location === null) return { url: url.href, status: response.status, headers: response.headers, html, text: read(html) };
      [url, body] = [new URL(location, url), undefined];
    }
    throw new Error(`${first} redirects for ever`);
  };
  return { open };
};

const valueOf = (html: string, pattern: RegExp): string => unescaped(pattern.exec(html)?.[1] ?? '');

/** Presses the button of our page; answers with the page that leads on to the login. */
export const press = (browser: Browser, page: Seen): Promise<Seen> =>
  browser.open(new URL(valueOf(page.html, /<form method="post" action="([^"]+)"/), page.url).href, { proof: valueOf(page.html, /name="proof" value="([^"]+)"/) }, { origin: new URL(page.url).origin });

/** Where the page leads on to. */
export const loginAddress = (page: Seen): string => valueOf(page.html, /http-equiv="refresh" content="0; url=([^"]+)"/);

const STEPS_MAX = 5;

/** Through the provider's own pages, as somebody; answers with what our callback showed. */
export const logIn = async (browser: Browser, address: string, name: string): Promise<Seen> => {
  let page = await browser.open(address);
  for (let step = 0; step < STEPS_MAX && /name="prompt" value="/.test(page.html); step += 1) {
    const prompt = valueOf(page.html, /name="prompt" value="([^"]+)"/);
    page = await browser.open(new URL(valueOf(page.html, /<form[^>]* action="([^"]+)"/), page.url).href, { prompt, login: name, password: 'any' });
  }
  return page;
};
