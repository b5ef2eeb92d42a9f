import { classifyTokens } from './kind.ts';
import { findOutput } from './outputClauses.ts';
import { settingChanges, type SettingChange } from './setStatement.ts';
import { readStatement } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';

const SET_OPERATIONS = ['UNION', 'EXCEPT', 'INTERSECT'];

/**
 * The settings that a SELECT gives itself and that count for its output, in order: those of its last part, as
 * ClickHouse has it, and those behind FORMAT.
 */
export function outputSettings(statementText: string): SettingChange[] {
  const statement = readStatement(statementText);
  if (classifyTokens(statementText, statement) !== 'select') return [];
  const { tokens } = statement;
  const { bodyLength, settingsAt } = findOutput(statementText, tokens);
  const clauses = [
    ...clausesOf(statementText, tokens.slice(0, bodyLength)),
    settingsAt === undefined ? [] : tokens.slice(settingsAt + 1),
  ];
  return clauses.flatMap((clause) => {
    const [first] = clause;
    if (!first) return [];
    return settingChanges(`SET ${statementText.slice(first.start, clause.at(-1)?.end)}`);
  });
}

/** The clauses of the last SELECT of a union, and behind it; each without the word SETTINGS. */
function clausesOf(text: string, tokens: readonly Token[]): (readonly Token[])[] {
  const last = lastPart(text, tokens);
  const [first] = last;
  if (first?.kind !== 'OpeningRoundBracket') return [clause(text, last)];
  let depth = 0;
  const close = last.findIndex((token) => (depth += bracketDepth(token)) === 0);
  const inner = last.slice(1, close);
  const isPart = last.length < tokens.length;
  // ClickHouse does not look into a union in the place of the last SELECT of another.
  const isUnion = lastPart(text, inner).length < inner.length;
  const behind = clause(text, last.slice(close + 1));
  return isPart && isUnion ? [behind] : [...clausesOf(text, inner), behind];
}

/** What stands behind all UNION and the like that stand in no bracket. */
function lastPart(text: string, tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  let from = 0;
  for (const [index, token] of tokens.entries()) {
    depth += bracketDepth(token);
    if (depth === 0 && SET_OPERATIONS.some((word) => isKeyword(text, token, word))) {
      const next = tokens[index + 1];
      from =
        isKeyword(text, next, 'ALL') || isKeyword(text, next, 'DISTINCT') ? index + 2 : index + 1;
    }
  }
  return tokens.slice(from);
}

function clause(text: string, tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  const at = tokens.findLastIndex((token, index) => {
    depth -= bracketDepth(token);
    const isAssignment = tokens[index + 2]?.kind === 'Equals';
    return depth === 0 && isAssignment && isKeyword(text, token, 'SETTINGS');
  });
  return at < 0 ? [] : tokens.slice(at + 1);
}
