import type { EngineEndpoint } from '../../../src/core/engine/probe.ts';

/** The engine's plain answer: the statement goes as it is, as the body of one request. */
export interface Answer {
  readonly ok: boolean;
  readonly text: string;
}

/** Sends one statement as the request body. The message of an error comes in `text`. */
export async function ask(
  endpoint: EngineEndpoint,
  sql: string,
  settings: Record<string, string> = {},
): Promise<Answer> {
  const url = new URL(endpoint.url);
  for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, value);
  const login = Buffer.from(`${endpoint.username}:${endpoint.password}`).toString('base64');
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...endpoint.headers, authorization: `Basic ${login}` },
    body: sql,
  });
  return { ok: response.ok, text: await response.text() };
}
