import type { ProxyOptions } from '../../core/client/connectionSurface.ts';
import { NO_PROXY } from './profileFields.ts';

/** Where proxies are configured beside a profile's own. */
export interface ProxySources {
  /** VS Code's `http.proxySupport`: `off` means that extensions use none. */
  readonly support: string;
  /** VS Code's `http.proxy`; empty: the environment's. */
  readonly proxy: string;
  /** VS Code's `http.noProxy`; empty: the environment's. */
  readonly noProxy: readonly string[];
  /** VS Code's `http.proxyAuthorization`, the header's value. */
  readonly authorization?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Environment variables of proxies are written in either case; HTTP_PROXY in capitals is common too. */
function variable(environment: ProxySources['environment'], name: string): string {
  return environment[name.toLowerCase()] ?? environment[name.toUpperCase()] ?? '';
}

function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
}

/** True when one of these entries (`host`, `.suffix`, `*.suffix`, `host:port`, `*`) covers the server. */
export function isDirect(server: URL, noProxy: readonly string[]): boolean {
  const host = server.hostname.toLowerCase();
  return noProxy.some((entry) => {
    const [, name = '', port] = /^(.*?|\[.*\])(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
    if (name === '') return false;
    if (port !== undefined && port !== portOf(server)) return false;
    const suffix = name.replace(/^\*?\./, '');
    return name === '*' || host === suffix || host.endsWith(`.${suffix}`);
  });
}

/** User and password of a proxy's URL go into the header: the URL appears in errors. */
function toOptions(text: string, authorization?: string): ProxyOptions {
  const url = new URL(text.includes('://') ? text : `http://${text}`);
  const { username, password } = url;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const own = username === '' ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`;
  const header = own ?? authorization;
  return { url: url.origin, ...(header !== undefined && { authorization: header }) };
}

/**
 * The proxy on the way to a server: the profile's own, else VS Code's, else the environment's; undefined: none.
 * @throws TypeError for a proxy that is no URL.
 */
export function proxyFor(
  url: string,
  own: string | undefined,
  sources: ProxySources,
): ProxyOptions | undefined {
  if (own !== undefined) return own === NO_PROXY ? undefined : toOptions(own);
  const server = new URL(url);
  if (sources.support === 'off' || LOOPBACK.test(server.hostname)) return undefined;
  const { environment } = sources;
  const proxy =
    sources.proxy !== ''
      ? sources.proxy
      : variable(environment, server.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  if (proxy === '') return undefined;
  const noProxy =
    sources.noProxy.length > 0
      ? sources.noProxy
      : variable(environment, 'no_proxy').split(/[\s,]+/);
  return isDirect(server, noProxy) ? undefined : toOptions(proxy, sources.authorization);
}
