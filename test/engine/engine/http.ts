import type { EngineEndpoint } from '../../../src/core/engine/probe.ts';

export interface Answer {
  status: number;
  text: string;
}

/** Plain HTTP, so that the engine is tested without our own client. */
export async function ask(
  endpoint: EngineEndpoint,
  sql: string,
  headers: Record<string, string> = signedIn(endpoint),
): Promise<Answer> {
  const response = await fetch(`${endpoint.url}/`, { method: 'POST', body: sql, headers });
  return { status: response.status, text: await response.text() };
}

export function signedIn(endpoint: EngineEndpoint): Record<string, string> {
  return {
    ...endpoint.headers,
    'X-ClickHouse-User': endpoint.username,
    'X-ClickHouse-Key': endpoint.password,
  };
}

/** Polls until the condition holds, so that tests wait no longer than they must. */
export async function until(condition: () => boolean, limitMs: number): Promise<number> {
  const start = Date.now();
  while (!condition()) {
    if (Date.now() - start > limitMs) throw new Error(`Not within ${limitMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return Date.now() - start;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
