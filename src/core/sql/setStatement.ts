import { classifyTokens } from './kind.ts';
import { readStatement } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

/** One `name = value` of a SET statement. */
export interface SettingChange {
  /** `param_…` for a query parameter, `session_timezone` for SET TIME ZONE. */
  readonly name: string;
  /** As it stands in the statement; undefined for DEFAULT. */
  readonly value: string | undefined;
}

/** What a SET statement sets, in order. Empty for every other statement, also for SET ROLE. */
export function settingChanges(statementText: string): SettingChange[] {
  const statement = readStatement(statementText);
  if (classifyTokens(statementText, statement) !== 'set') return [];
  const { tokens } = statement;
  const is = (index: number, word: string): boolean =>
    isKeyword(statementText, tokens[index], word);
  if (is(1, 'ROLE')) return [];
  if (is(1, 'TIME') && is(2, 'ZONE')) {
    const from = is(3, 'TO') || tokens[3]?.kind === 'Equals' ? 4 : 3;
    return [{ name: 'session_timezone', value: textOf(statementText, tokens.slice(from)) }];
  }
  return parts(tokens.slice(1))
    .map((part) => change(statementText, part))
    .filter(({ name }) => name !== '');
}

/** The names that a SET statement sets, in order. */
export function setSettings(statementText: string): string[] {
  return settingChanges(statementText).map(({ name }) => name);
}

/** The tokens between the commas that stand in no bracket. */
function parts(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += bracketDepth(token);
    if (depth === 0 && token.kind === 'Comma') found.push([]);
    else found.at(-1)?.push(token);
  }
  return found;
}

/** A name of one or more parts with dots between them, then its value; a name alone switches on. */
function change(text: string, tokens: readonly Token[]): SettingChange {
  const at = tokens.findIndex(({ kind }) => kind === 'Equals');
  const names = at < 0 ? tokens : tokens.slice(0, at);
  const isName = names.every(
    ({ kind }) => kind === 'BareWord' || kind === 'QuotedIdentifier' || kind === 'Dot',
  );
  if (!isName) return { name: '', value: undefined };
  const name = names.map((token) => (token.kind === 'Dot' ? '.' : unquote(text, token))).join('');
  if (at < 0) return { name, value: '1' };
  const value = tokens.slice(at + 1);
  const isDefault = value.length === 1 && isKeyword(text, value[0], 'DEFAULT');
  return { name, value: isDefault ? undefined : textOf(text, value) };
}

function textOf(text: string, tokens: readonly Token[]): string {
  return text.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
}
