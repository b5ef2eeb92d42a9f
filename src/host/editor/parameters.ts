import * as vscode from 'vscode';
import { UsageError } from '../../core/client/errors.ts';
import { findParameters } from '../../core/sql/parameters.ts';
import { setSettings } from '../../core/sql/setStatement.ts';

/** Values typed before, per parameter name, kept for the window's life. */
const lastValues = new Map<string, string>();

/**
 * Asks for the values of the statement's `{name:Type}` placeholders that the session does not hold from a
 * `SET param_name = …`. Returns undefined when the user backs out.
 */
export async function askParameters(
  sql: string,
  setByScript: ReadonlySet<string>,
): Promise<Record<string, string> | undefined> {
  const values: Record<string, string> = {};
  const asked = new Map(findParameters(sql).map(({ name, type }) => [name, type]));
  for (const [name, type] of asked) {
    if (setByScript.has(name)) continue;
    const value = await vscode.window.showInputBox({
      title: `Value for {${name}:${type}}`,
      prompt: 'Sent to the server as a parameter, never pasted into the SQL.',
      value: lastValues.get(name) ?? '',
      ignoreFocusOut: true,
    });
    if (value === undefined) return undefined;
    lastValues.set(name, value);
    values[name] = value;
  }
  return values;
}

/**
 * Where nobody can be asked.
 * @throws UsageError that names the placeholders without a value; nothing has run then.
 */
export function requireNoParameters(sql: string, setByScript: ReadonlySet<string>): void {
  const missing = findParameters(sql).filter(({ name }) => !setByScript.has(name));
  if (missing.length === 0) return;
  const names = [...new Set(missing.map(({ name, type }) => `{${name}:${type}}`))].join(', ');
  throw new UsageError(`There is no value for ${names}.`, { hint: 'Give values in params.' });
}

const PREFIX = 'param_';

/** Names of the parameters that earlier `SET param_name = value` statements of the session hold. */
export function parametersOfSession(statements: readonly string[]): Set<string> {
  const names = statements.flatMap(setSettings).filter((name) => name.startsWith(PREFIX));
  return new Set(names.map((name) => name.slice(PREFIX.length)));
}
