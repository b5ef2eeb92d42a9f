import { readStatement } from './statementTokens.ts';
import { isKeyword, type Token } from './token.ts';

/** These lose what they name, or change rows for good. */
const FIRST_WORDS = ['DROP', 'TRUNCATE', 'DELETE', 'UPDATE', 'REPLACE', 'DETACH'];
/** Commands of ALTER that lose rows, columns or parts, or rewrite them (mutations). */
const ALTER_WORDS = [
  'APPLY',
  'CLEAR',
  'DELETE',
  'DETACH',
  'DROP',
  'FORGET',
  'MATERIALIZE',
  'MODIFY',
  'MOVE',
  'REMOVE',
  'RENAME',
  'REPLACE',
  'UPDATE',
];
const READS = ['SELECT', 'WITH', 'FROM', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'INSERT'];

function wordsOf(text: string, tokens: readonly Token[]): string[] {
  return tokens.map(({ start, end }) => text.slice(start, end).toUpperCase());
}

/** `ON CLUSTER name`, not a join on a column that is called so. */
function hasOnCluster(text: string, tokens: readonly Token[]): boolean {
  return tokens.some((token, at) => {
    if (!isKeyword(text, token, 'ON') || !isKeyword(text, tokens[at + 1], 'CLUSTER')) return false;
    const name = tokens[at + 2]?.kind ?? '';
    return ['BareWord', 'QuotedIdentifier', 'StringLiteral', 'OpeningCurlyBrace'].includes(name);
  });
}

/** How many tokens the words before the first command of an ALTER take: the table's name, and its cluster. */
function lengthOfAlterHead(words: readonly string[]): number {
  let at = 2;
  if (words[at] === 'IF') at += 2;
  at += 1;
  while (words[at] === '.') at += 2;
  return words[at] === 'ON' && words[at + 1] === 'CLUSTER' ? at + 3 : at;
}

/**
 * The first command of an ALTER that destroys. A word inside an expression may be taken for a command: better one
 * question too many.
 */
function alterCommand(words: readonly string[]): string | undefined {
  const head = lengthOfAlterHead(words);
  return words.find(
    (word, at) =>
      at >= head &&
      ALTER_WORDS.includes(word) &&
      (at === head || words[at - 1] === ',' || words[at - 1] === '('),
  );
}

function destroysOne(text: string, all: readonly Token[]): string | undefined {
  // EXECUTE AS user …
  const tokens = isKeyword(text, all[0], 'EXECUTE') ? all.slice(3) : all;
  const words = wordsOf(text, tokens);
  const [first = '', second = '', third = ''] = words;
  // A temporary table is the session's own.
  if (READS.includes(first) || second === 'TEMPORARY') return undefined;
  const cluster = hasOnCluster(text, tokens) ? ' ON CLUSTER' : '';
  if (FIRST_WORDS.includes(first)) return `${first}${cluster}`;
  if (second === 'OR' && third === 'REPLACE') return `${first} OR REPLACE${cluster}`;
  if (first === 'SYSTEM' && second === 'DROP' && third.endsWith('REPLICA')) {
    return `SYSTEM DROP ${third}`;
  }
  const command = first === 'ALTER' ? alterCommand(words) : undefined;
  if (command !== undefined) return `ALTER … ${command}${cluster}`;
  return cluster === '' ? undefined : `${first}${cluster}`;
}

/**
 * What the first statement of a text destroys or changes for good, by its keywords (`DROP`, `ALTER … DELETE`,
 * `CREATE ON CLUSTER`); undefined when it only reads, inserts or adds.
 */
export function destroys(text: string): string | undefined {
  const { tokens } = readStatement(text);
  let from = 0;
  for (let at = 0; at <= tokens.length; at++) {
    const ends =
      at === tokens.length ||
      (isKeyword(text, tokens[at], 'PARALLEL') && isKeyword(text, tokens[at + 1], 'WITH'));
    if (!ends) continue;
    const found = destroysOne(text, tokens.slice(from, at));
    if (found !== undefined) return found;
    from = at + 2;
  }
  return undefined;
}
