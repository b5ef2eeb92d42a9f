import { readStatement } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

/** Functions and engines that take logins or keys. */
const WITH_SECRETS =
  /^(?:s3|gcs|oss|cosn|azureBlobStorage|azureQueue|deltaLake|iceberg|hudi|paimon|postgresql|materializedPostgreSQL|mysql|mongodb|redis|remote|remoteSecure|odbc|jdbc|rabbitmq|nats|ytsaurus|url|encrypt|decrypt|tryDecrypt|aes_encrypt_mysql|aes_decrypt_mysql)(?:S3|Azure|HDFS)?(?:Queue|Cluster)?$/i;
/** The first argument of the others says where the data is, which a receipt is to tell. */
const SECRET_AT_ONCE = /^(?:azure|odbc|jdbc)/i;
const SECRET_NAME = /password|secret|token|key|credential/i;
const HIDDEN_VALUE = '[HIDDEN]';
const HIDDEN = `'${HIDDEN_VALUE}'`;
/** Characters; shorter ones would be found in any text. */
const SHORTEST = 4;

/**
 * The statement without the secrets that ClickHouse's own logs hide, `'[HIDDEN]'` in their place: texts behind
 * the first argument of functions and engines that take logins or keys, those of `IDENTIFIED BY`, `PASSWORD`, named
 * collections, and settings whose names say so. Rather too much is hidden than too little. Secrets that are written
 * elsewhere, such as in URLs, are not known.
 */
export function hideSecrets(sql: string): string {
  let result = '';
  let end = 0;
  for (const token of secretTokens(sql)) {
    result += sql.slice(end, token.start) + HIDDEN;
    end = token.end;
  }
  return result + sql.slice(end);
}

/** Hides the secrets of the statement in texts about it: messages of the server quote it. */
export function secretHider(sql: string): (text: string) => string {
  const secrets = [...secretTokens(sql)].flatMap((token) => {
    const written = sql.slice(token.start, token.end);
    return [written, written.slice(1, -1)].filter(({ length }) => length >= SHORTEST);
  });
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), text);
}

/** True for what `hideSecrets` made of a statement with secrets: it cannot be run. */
export function hasHiddenSecrets(sql: string): boolean {
  return sql.includes(HIDDEN);
}

/**
 * Values of placeholders, with `[HIDDEN]` for those whose names say that they are secrets: `{password:String}`.
 */
export function hideParameters(
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      SECRET_NAME.test(name) ? HIDDEN_VALUE : value,
    ]),
  );
}

/** True for what `hideParameters` made of values with secrets: no statement can run with them. */
export function hasHiddenParameters(params: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(params).some(
    ([name, value]) => SECRET_NAME.test(name) && value === HIDDEN_VALUE,
  );
}

/** What is called around a place, and how many arguments lie before it. */
interface Call {
  readonly name: string;
  /** It is, or lies within, an argument of a function with secrets that is hidden as a whole. */
  readonly isHidden: boolean;
  commas: number;
}

function* secretTokens(sql: string): Generator<Token, void> {
  const { tokens } = readStatement(sql);
  const calls: Call[] = [];
  const isSet = isKeyword(sql, tokens[0], 'SET');
  let isIdentified = false;
  let isCollection = false;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const call = calls.at(-1);
    if (isKeyword(sql, token, 'IDENTIFIED')) isIdentified = true;
    else if (isKeyword(sql, token, 'COLLECTION') && isKeyword(sql, before, 'NAMED'))
      isCollection = true;
    else if (token.kind === 'Comma' && call) call.commas++;
    else if (bracketDepth(token) > 0) {
      const name = textOf(sql, before);
      calls.push({ name, isHidden: isHidden(call), commas: 0 });
    } else if (bracketDepth(token) < 0) calls.pop();
    else if (isText(token)) {
      const named = before?.kind === 'Equals' ? textOf(sql, tokens[index - 2]) : '';
      const isPassword =
        (isIdentified && isKeyword(sql, before, 'BY')) || isKeyword(sql, before, 'PASSWORD');
      const isValue = (isCollection && named !== '') || (isSet && SECRET_NAME.test(named));
      if (isPassword || isValue || isHidden(call, named)) yield token;
    }
  }
}

function isHidden(call: Call | undefined, named = ''): boolean {
  if (call === undefined || call.isHidden) return call?.isHidden ?? false;
  if (!WITH_SECRETS.test(call.name)) return false;
  return call.commas > 0 || SECRET_AT_ONCE.test(call.name) || SECRET_NAME.test(named);
}

function isText({ kind }: Token): boolean {
  return kind === 'StringLiteral' || kind === 'HereDoc';
}

function textOf(sql: string, token: Token | undefined): string {
  return token?.kind === 'BareWord' || token?.kind === 'QuotedIdentifier'
    ? unquote(sql, token)
    : '';
}
