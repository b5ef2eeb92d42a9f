export type UrlCheck =
  /** `note`: works perhaps, but looks like a slip. */
  | { readonly ok: true; readonly url: string; readonly note?: string }
  | { readonly ok: false; readonly problem: string };

/** Ports of ClickHouse that speak another protocol, and the HTTP port that is meant. */
const OTHER_PROTOCOLS: Readonly<Record<string, { what: string; httpPort: string }>> = {
  '9000': { what: "ClickHouse's native protocol", httpPort: '8123' },
  '9440': { what: "ClickHouse's native protocol with TLS", httpPort: '8443' },
  '9009': { what: 'data exchange between ClickHouse servers', httpPort: '8123' },
  '9004': { what: "ClickHouse's MySQL protocol", httpPort: '8123' },
  '9005': { what: "ClickHouse's PostgreSQL protocol", httpPort: '8123' },
};
const EXAMPLE = 'http://localhost:8123 or https://host.example:8443';

function schemeFor(port: string): string {
  return port === '8443' || port === '9440' || port === '443' ? 'https' : 'http';
}

/** The URL that someone who typed `host:port` without a scheme probably meant. */
function guess(text: string): string {
  const port = /:(\d+)/.exec(text)?.[1] ?? '';
  const meant = OTHER_PROTOCOLS[port]?.httpPort;
  const address = meant === undefined ? text : text.replace(`:${port}`, `:${meant}`);
  return `${schemeFor(port)}://${address}`;
}

function noteOn(url: URL): string | undefined {
  const other = OTHER_PROTOCOLS[url.port];
  if (other) {
    const scheme = schemeFor(other.httpPort);
    return `Port ${url.port} is mostly ${other.what}. The HTTP interface is mostly ${scheme}://${url.hostname}:${other.httpPort}.`;
  }
  if (url.protocol === 'https:' && url.port === '8123') {
    return 'Port 8123 is mostly plain HTTP: http:// with 8123, or https:// with 8443.';
  }
  if (url.protocol === 'http:' && url.port === '8443') {
    return 'Port 8443 is mostly HTTPS: https:// with 8443, or http:// with 8123.';
  }
  if (url.port === '') {
    const [standard, usual] = url.protocol === 'https:' ? ['443', '8443'] : ['80', '8123'];
    return `Without a port this means port ${standard}. ClickHouse mostly listens on ${usual}.`;
  }
  return undefined;
}

/** Reads a server's URL as a person types it; texts are shown while typing. */
export function checkUrl(typed: string): UrlCheck {
  const text = typed.trim();
  if (text === '') return { ok: false, problem: `Enter the server's URL, such as ${EXAMPLE}.` };
  const scheme = /^([a-z][\w+.-]*(?::[a-z][\w+.-]*)*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return { ok: false, problem: `Start with http:// or https://, such as ${guess(text)}.` };
  }
  if (scheme !== 'http' && scheme !== 'https') {
    const rest = text.slice(text.indexOf('://') + 3);
    return {
      ok: false,
      problem: `${scheme}:// is not the HTTP interface. Try ${guess(rest)}.`,
    };
  }
  if (!URL.canParse(text)) return { ok: false, problem: `This is no URL. Try ${EXAMPLE}.` };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return {
      ok: false,
      problem: 'Leave user and password out of the URL: they are asked for next, and kept apart.',
    };
  }
  if (url.search !== '' || url.hash !== '') {
    return { ok: false, problem: 'Leave out everything from "?" or "#" on.' };
  }
  const note = noteOn(url);
  const normalized = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return note === undefined ? { ok: true, url: normalized } : { ok: true, url: normalized, note };
}

/** The URL that `host`, `host:port` or a URL stands for: this machine without TLS, others with it. */
export function toServerUrl(typed: string): string {
  const text = typed.trim();
  if (text === '' || text.includes('://')) {
    const checked = checkUrl(text);
    return checked.ok ? checked.url : text;
  }
  if (/^[^/]*:\d+(\/|$)/.test(text)) return guess(text);
  const [host = '', ...path] = text.split('/');
  const address = /^(localhost|127(\.\d+){3})$/.test(host)
    ? `http://${host}:8123`
    : `https://${host}:8443`;
  return [address, ...path].join('/');
}

/** The URL of a further host: a URL, or `host`, `host:port`, which take the rest from the first one's URL. */
export function toHostUrl(typed: string, first: string): string {
  const text = typed.trim();
  if (text.includes('://')) return text;
  const { protocol, port, pathname } = new URL(first);
  const hasPort = /:\d+$/.test(text) && !/^[^[]*:[^[]*:/.test(text);
  const address = hasPort || port === '' ? text : `${text}:${port}`;
  return `${protocol}//${address}${pathname}`;
}
