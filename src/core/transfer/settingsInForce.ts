import type { SessionSetting, Settings } from '../client/surface.ts';
import { readStatement } from '../sql/statementTokens.ts';
import { unquote } from '../sql/unquote.ts';
import type { ServerSettings } from './formatOptions.ts';

/**
 * The server's settings as a statement meets them: changed by what its session has SET, and by the SETTINGS that the
 * statement itself has at its end. Only those that `server` has.
 * @param own as `ownSettings` reads them; other values than texts are left out
 */
export function settingsInForce(
  server: ServerSettings,
  held: readonly SessionSetting[],
  own: Settings,
): ServerSettings {
  const values = new Map(server);
  const said = [
    ...held.map(({ name, value }) => [name, literalText(value)] as const),
    ...Object.entries(own),
  ];
  for (const [name, value] of said) {
    if (typeof value !== 'string' || !server.has(name)) continue;
    values.set(name, BOOLS[value.toLowerCase()] ?? value);
  }
  return values;
}

/** As `system.settings` shows them. */
const BOOLS: Readonly<Record<string, string>> = { true: '1', false: '0' };

/** Undefined for what is no text or number, such as DEFAULT. */
function literalText(value: string): string | undefined {
  const [token, ...more] = readStatement(value).tokens;
  if (!token || more.length > 0 || /^default$/i.test(value)) return undefined;
  return unquote(value, token);
}
