import http from 'node:http';
import net from 'node:net';

/** What a client needs to talk to a running engine. */
export interface EngineEndpoint {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  username: string;
  password: string;
  /** Headers that every request must carry. */
  headers: Record<string, string>;
}

/** A port of the loopback interface that is free at this moment; another process may still take it. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave no port.'));
      });
    });
  });
}

/**
 * True when the engine answers with its own secrets. Asking with them, instead of asking `/ping`, makes
 * sure that it is our process, and not another server that took the port meanwhile.
 */
export function answers(endpoint: EngineEndpoint, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.request(
      `${endpoint.url}/?query=SELECT%201`,
      {
        agent: false,
        timeout: timeoutMs,
        headers: {
          ...endpoint.headers,
          'X-ClickHouse-User': endpoint.username,
          'X-ClickHouse-Key': endpoint.password,
        },
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => (body += text));
        response.on('end', () => {
          resolve(response.statusCode === 200 && body === '1\n');
        });
        response.on('error', () => {
          resolve(false);
        });
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      resolve(false);
    });
    request.end();
  });
}
