import http from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';
import net, { type AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { type Engine, type StartOptions, startEngine } from '../../src/core/engine/engine.ts';
import { locateEngine } from '../../src/core/engine/locate.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';

/** The engine of the checkout, as the extension starts it. */
export async function testProgram(): Promise<Pick<StartOptions, 'program' | 'childScript'>> {
  const { extensionPath } = vscode.extensions.getExtension('rowhouse.rowhouse') ?? {};
  if (extensionPath === undefined) throw new Error('The extension is not installed.');
  const found = await locateEngine({
    settingPath: '',
    searchPath: '',
    bundledRoot: extensionPath,
    installedRoot: extensionPath,
  });
  if (!found) throw new Error('The checkout has no local ClickHouse: run "npm run setup".');
  return {
    program: found.program,
    childScript: vscode.Uri.joinPath(vscode.Uri.file(extensionPath), 'dist/engine/child.cjs')
      .fsPath,
  };
}

/** A ClickHouse of the test's own, beside the one of the window. */
export async function startTestEngine(dataDirectory?: string): Promise<Engine> {
  return startEngine({
    ...(await testProgram()),
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
  });
}

export interface TestServer {
  readonly url: string;
  /** Of each request, in order. */
  readonly requests: { readonly headers: http.IncomingHttpHeaders; readonly sql: string }[];
  close(): Promise<void>;
}

async function listening(server: net.Server, host = '127.0.0.1', port = 0): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const scheme = server instanceof https.Server ? 'https' : 'http';
  return `${scheme}://${host}:${(server.address() as AddressInfo).port}`;
}

/** How a test's server differs from a plain one with passwords. */
export interface ServerOptions {
  readonly tls?: https.ServerOptions;
  /** The one bearer token that is taken. */
  readonly token?: string;
  /** A user of its own, who stays the same when another engine takes the place of the first. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Default: any port of 127.0.0.1. */
  readonly at?: { readonly host: string; readonly port: number };
  /** Answers some statements itself: status and body. */
  readonly answers?: (sql: string) => readonly [number, string] | undefined;
}

function commonName(socket: net.Socket): unknown {
  if (!(socket instanceof TLSSocket)) throw new Error('This server has no TLS.');
  return socket.getPeerCertificate().subject.CN;
}

/** The engine has a door keeper of its own for `Authorization`; by these headers ClickHouse itself judges. */
function signIn(
  request: http.IncomingMessage,
  { username, password }: EngineEndpoint,
  { token, login }: ServerOptions,
): Record<string, string> {
  const { authorization = '' } = request.headers;
  if (authorization.startsWith('Bearer ')) {
    const known = token !== undefined && authorization === `Bearer ${token}`;
    return { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': known ? password : 'unknown' };
  }
  if (request.headers['x-clickhouse-ssl-certificate-auth'] === 'on') {
    // ClickHouse itself compares the certificate's common name with the user's.
    const known = commonName(request.socket) === request.headers['x-clickhouse-user'];
    return { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': known ? password : 'unknown' };
  }
  const encoded = authorization.replace(/^Basic /, '');
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (login?.user === user && login.password === rest.join(':')) {
    return { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password };
  }
  return { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': rest.join(':') };
}

function withoutCredentials(headers: http.IncomingHttpHeaders): http.IncomingHttpHeaders {
  const ours = /^(authorization|x-clickhouse-(user|key|ssl-certificate-auth))$/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ours.test(name)));
}

/**
 * An engine as an ordinary server: adds the secret header that only the extension's own client knows.
 * @param current the engine that answers now
 */
export async function serverFor(
  current: EngineEndpoint | (() => EngineEndpoint),
  options: ServerOptions = {},
): Promise<TestServer> {
  const requests: TestServer['requests'] = [];
  const handle: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const endpoint = typeof current === 'function' ? current() : current;
      const { url, headers } = endpoint;
      const body = Buffer.concat(chunks);
      const sql = body.toString('utf8');
      const signedIn = signIn(request, endpoint, options);
      const own = { ...withoutCredentials(request.headers), ...signedIn, ...headers };
      requests.push({ headers: request.headers, sql });
      const said = options.answers?.(sql);
      if (said) {
        response.writeHead(said[0]).end(said[1]);
        return;
      }
      const forwarded = http.request(
        `${url}${request.url ?? '/'}`,
        { method: request.method, headers: own, agent: false },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      );
      forwarded.on('error', () => response.destroy());
      response.on('close', () => forwarded.destroy());
      forwarded.end(body);
    });
  };
  const server = options.tls ? https.createServer(options.tls, handle) : http.createServer(handle);
  const url = await listening(server, options.at?.host, options.at?.port);
  return { url, requests, close: () => closed(server) };
}

/** Answers every request with this text, so much later. */
export async function serverAnswering(text: string, afterMs: number): Promise<TestServer> {
  const server = http.createServer((_request, response) => {
    setTimeout(() => response.end(text), afterMs);
  });
  return { url: await listening(server), requests: [], close: () => closed(server) };
}

/** Answers everything with these bytes and hangs up. */
export async function serverSaying(text: string): Promise<TestServer> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(text));
  });
  return { url: await listening(server), requests: [], close: () => closed(server) };
}

function closed(server: net.Server): Promise<void> {
  if (server instanceof http.Server || server instanceof https.Server) server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
