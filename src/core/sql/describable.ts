import { classifyTokens } from './kind.ts';
import { findOutput } from './outputClauses.ts';
import { readStatement } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';

const SET_OPERATION_WORDS = ['UNION', 'EXCEPT', 'INTERSECT', 'ALL', 'DISTINCT'];

/**
 * The copy of a SELECT to put into `DESCRIBE TABLE view(<copy>)`, or undefined if the text is not a
 * SELECT. Left out are what `view()` does not parse: FORMAT, INTO OUTFILE, `;`, outer parentheses and
 * comments around it. SETTINGS that apply to the output as a whole can change column types
 * (`join_use_nulls`), so they move to an outer `SELECT *`; the copy is only ever described, never run.
 */
export function describableSelect(text: string): string | undefined {
  const statement = readStatement(text);
  if (classifyTokens(text, statement) !== 'select') return undefined;
  const { tokens } = statement;
  const { bodyLength, settingsAt } = findOutput(text, tokens);
  let body = tokens.slice(0, bodyLength);
  const settings = settingsAt === undefined ? [] : [slice(text, tokens.slice(settingsAt))];
  const ownSettings = settingsBehindBracket(text, body);
  if (ownSettings !== undefined) {
    settings.unshift(slice(text, body.slice(ownSettings)));
    body = body.slice(0, ownSettings);
  }
  while (isOneBracket(body)) body = body.slice(1, -1);
  return settings.reduce(
    (select, clause) => `SELECT * FROM (${select}) ${clause}`,
    slice(text, body),
  );
}

/** The text from the first to the last token; comments inside stay, each before a later token. */
function slice(text: string, tokens: readonly Token[]): string {
  return text.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
}

/** True if the first bracket closes with the last token. */
function isOneBracket(tokens: readonly Token[]): boolean {
  if (tokens[0]?.kind !== 'OpeningRoundBracket') return false;
  let depth = 0;
  const close = tokens.findIndex((token) => (depth += bracketDepth(token)) === 0);
  return close === tokens.length - 1;
}

/**
 * Index of a SETTINGS keyword behind a bracketed SELECT (`(SELECT 1) UNION ALL (SELECT 2) SETTINGS …`).
 * There ClickHouse takes it for the output's, and `view()` does not parse it.
 */
function settingsBehindBracket(text: string, tokens: readonly Token[]): number | undefined {
  let depth = 0;
  let bracketIsSelect = false;
  for (const [index, token] of tokens.entries()) {
    const previous = tokens[index - 1];
    if (depth === 0 && token.kind === 'OpeningRoundBracket') {
      bracketIsSelect =
        previous === undefined ||
        SET_OPERATION_WORDS.some((word) => isKeyword(text, previous, word));
    }
    depth += bracketDepth(token);
    const behindBracket = depth === 0 && previous?.kind === 'ClosingRoundBracket';
    if (behindBracket && bracketIsSelect && isKeyword(text, token, 'SETTINGS')) return index;
  }
  return undefined;
}
