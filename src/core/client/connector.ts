import { isIP } from 'node:net';
import type { buildConnector } from 'undici';
import { buildConnector as builtConnector } from './agents.ts';
import { LargeReadSocket } from './largeReads.ts';
import type { Tunnel } from './connectionSurface.ts';

export interface ConnectOptions {
  /** Milliseconds for name lookup, TCP and TLS together; 0 means no limit. */
  readonly timeout: number;
  readonly keepAliveInitialDelay: number;
}

/** undici's way to connect, but with `LargeReadSocket` where the connection is not encrypted. */
export function withLargeReads(
  options: ConnectOptions & buildConnector.BuildOptions,
): buildConnector.connector {
  const encrypted = builtConnector(options);
  return (target, callback) => {
    if (target.protocol === 'https:') encrypted(target, callback);
    else connectPlain(options, target, callback);
  };
}

/** Connects to where the tunnel begins; TLS still checks the name of the server. */
export function through(
  tunnel: Tunnel,
  connect: buildConnector.connector,
): buildConnector.connector {
  return (target, callback) => {
    tunnel.open().then(
      ({ host, port }) => {
        const servername = target.servername ?? nameOf(target.hostname);
        const way = { ...target, hostname: host, host, port: String(port) };
        connect(servername === undefined ? way : { ...way, servername }, callback);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), null);
      },
    );
  };
}

/** Addresses are no names for SNI. */
function nameOf(hostname: string): string | undefined {
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined;
}

function connectPlain(
  { timeout, keepAliveInitialDelay }: ConnectOptions,
  { hostname, port }: buildConnector.Options,
  callback: buildConnector.Callback,
): void {
  const socket = new LargeReadSocket();
  const late = (): void => {
    const text = `No connection to ${hostname} within ${timeout} ms`;
    socket.destroy(Object.assign(new Error(text), { code: 'ETIMEDOUT' }));
  };
  const timer = timeout > 0 ? setTimeout(late, timeout) : undefined;
  let isOpen = false;
  socket
    .setNoDelay(true)
    .setKeepAlive(true, keepAliveInitialDelay)
    .once('connect', () => {
      isOpen = true;
      clearTimeout(timer);
      callback(null, socket);
    })
    .on('error', (error) => {
      // undici listens too, once the connection is its own.
      if (isOpen) return;
      clearTimeout(timer);
      callback(error, null);
    })
    .connect({ host: hostname, port: Number(port === '' ? 80 : port), autoSelectFamily: true });
}
