import { HIDDEN, HIDDEN_VALUE, SECRET_NAME } from './secretNames.ts';
import { readStatement } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

/** Functions and engines that take logins or keys. */
const WITH_SECRETS =
  /^(?:s3|gcs|oss|cosn|azureBlobStorage|azureQueue|deltaLake|iceberg|hudi|paimon|postgresql|materializedPostgreSQL|mysql|mongodb|redis|remote|remoteSecure|odbc|jdbc|rabbitmq|nats|ytsaurus|url|encrypt|decrypt|tryDecrypt|aes_encrypt_mysql|aes_decrypt_mysql)(?:S3|Azure|HDFS)?(?:Queue|Cluster)?$/i;
/** The first argument of the others says where the data is, which a receipt is to tell. */
const SECRET_AT_ONCE = /^(?:azure|odbc|jdbc)/i;
/** Characters; shorter ones would be found in any text. */
const SHORTEST = 4;
/** In URLs: the password before the host, and parameters whose names say that they are secrets. */
const URL_PASSWORD = /(?<=:\/\/[^\s/:@'?#]*:)[^\s/@'?#]+(?=@)/g;
const URL_SECRET =
  /(?<=[?&][^\s=&'#]*(?:password|secret|token|key|credential|sig|signature)=)[^\s&'#]+/gi;
/** Characters of a statement that are looked through for a line about it. */
const READ_FOR_LINE = 4_096;

/**
 * The statement without the secrets that ClickHouse's own logs hide, `'[HIDDEN]'` in their place: texts behind
 * the first argument of functions and engines that take logins or keys, those of `IDENTIFIED BY`, `PASSWORD`, named
 * collections, and settings whose names say so. In URLs `[HIDDEN]` is in the place of the password, and of parameters
 * whose names say so. Rather too much is hidden than too little.
 */
export function hideSecrets(sql: string): string {
  let result = '';
  let end = 0;
  for (const secret of secretRanges(sql)) {
    result += sql.slice(end, secret.start) + secret.shown;
    end = secret.end;
  }
  return result + sql.slice(end);
}

/**
 * A statement for a list or a title: in one line, without its secrets.
 * @param length characters; `…` stands behind a line that is cut
 */
export function statementLine(sql: string, length: number): string {
  const line = hideSecrets(sql.slice(0, READ_FOR_LINE)).replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}

/** Hides the secrets of the statement in texts about it: messages of the server quote it. */
export function secretHider(sql: string): (text: string) => string {
  const secrets = [...secretRanges(sql)].flatMap(({ start, end, shown }) => {
    const written = sql.slice(start, end);
    const forms = shown === HIDDEN ? [written, written.slice(1, -1)] : [written];
    return forms
      .filter(({ length }) => length >= SHORTEST)
      .map((form): [string, string] => [form, shown]);
  });
  return (text) =>
    secrets.reduce((hidden, [secret, shown]) => hidden.replaceAll(secret, shown), text);
}

/** True for what `hideSecrets` made of a statement with secrets: it cannot be run. */
export function hasHiddenSecrets(sql: string): boolean {
  return sql.includes(HIDDEN) || /[:=]\[HIDDEN\]/.test(sql);
}

/** What is called around a place, and how many arguments lie before it. */
interface Call {
  readonly name: string;
  /** It is, or lies within, an argument of a function with secrets that is hidden as a whole. */
  readonly isHidden: boolean;
  commas: number;
}

/** A part of a statement that is not shown. */
interface Secret {
  readonly start: number;
  readonly end: number;
  readonly shown: string;
}

function* secretRanges(sql: string): Generator<Secret, void> {
  for (const { token, isSecret } of texts(sql)) {
    if (isSecret) yield { start: token.start, end: token.end, shown: HIDDEN };
    else yield* secretsOfUrl(sql, token);
  }
}

function* secretsOfUrl(sql: string, { start, end }: Token): Generator<Secret, void> {
  const text = sql.slice(start, end);
  if (!text.includes('://')) return;
  const found = [URL_PASSWORD, URL_SECRET].flatMap((secret) => [...text.matchAll(secret)]);
  for (const match of found.sort((a, b) => a.index - b.index)) {
    const from = start + match.index;
    yield { start: from, end: from + match[0].length, shown: HIDDEN_VALUE };
  }
}

/** All texts of a statement. */
function* texts(sql: string): Generator<{ token: Token; isSecret: boolean }, void> {
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
      yield { token, isSecret: isPassword || isValue || isHidden(call, named) };
    }
  }
}

function isHidden(call: Call | undefined, named = ''): boolean {
  if (call === undefined || call.isHidden) return call?.isHidden ?? false;
  if (!WITH_SECRETS.test(call.name)) return false;
  return call.commas > 0 || SECRET_AT_ONCE.test(call.name) || SECRET_NAME.test(named);
}

function isText({ kind }: Token): boolean {
  return kind === 'StringLiteral' || kind === 'HereDoc' || kind === 'ErrorSingleQuoteIsNotClosed';
}

function textOf(sql: string, token: Token | undefined): string {
  return token?.kind === 'BareWord' || token?.kind === 'QuotedIdentifier'
    ? unquote(sql, token)
    : '';
}
