import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { type Engine, startEngine } from '../../src/core/engine/engine.ts';
import { locateEngine } from '../../src/core/engine/locate.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';

/** A ClickHouse of the test's own, beside the one of the window. */
export async function startTestEngine(): Promise<Engine> {
  const { extensionPath } = vscode.extensions.getExtension('rowhouse.rowhouse') ?? {};
  if (extensionPath === undefined) throw new Error('The extension is not installed.');
  const found = await locateEngine({
    settingPath: '',
    searchPath: '',
    bundledRoot: extensionPath,
    installedRoot: extensionPath,
  });
  if (!found) throw new Error('The checkout has no local ClickHouse: run "npm run setup".');
  return startEngine({
    program: found.program,
    childScript: vscode.Uri.joinPath(vscode.Uri.file(extensionPath), 'dist/engine/child.cjs')
      .fsPath,
  });
}

export interface TestServer {
  readonly url: string;
  /** Of each request, in order. */
  readonly requests: { readonly headers: http.IncomingHttpHeaders; readonly sql: string }[];
  close(): Promise<void>;
}

async function listening(server: net.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The engine has a door keeper of its own for `Authorization`; by these headers ClickHouse itself judges. */
function signIn(authorization: string | undefined): Record<string, string> {
  const encoded = authorization?.replace(/^Basic /, '') ?? '';
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password.join(':') };
}

/** An engine as an ordinary server: adds the secret header that only the extension's own client knows. */
export async function serverFor({ url, headers }: EngineEndpoint): Promise<TestServer> {
  const requests: TestServer['requests'] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { authorization, ...others } = request.headers;
      const own = { ...others, ...signIn(authorization), ...headers };
      requests.push({ headers: request.headers, sql: body.toString('utf8') });
      const forwarded = http.request(
        `${url}${request.url ?? '/'}`,
        { method: request.method, headers: own, agent: false },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      );
      forwarded.on('error', () => response.destroy());
      forwarded.end(body);
    });
  });
  return { url: await listening(server), requests, close: () => closed(server) };
}

/** Answers everything with these bytes and hangs up. */
export async function serverSaying(text: string): Promise<TestServer> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(text));
  });
  return { url: await listening(server), requests: [], close: () => closed(server) };
}

function closed(server: net.Server | http.Server): Promise<void> {
  if (server instanceof http.Server) server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
