import { createDecoder, decoded } from './decode.ts';
import { AuthError, ProtocolError, type RowhouseError, WrongPortError } from './errors.ts';
import type { HttpReply } from './exchange.ts';
import { exceptionCode, header, readReplyMeta } from './replyMeta.ts';
import { looksLikeServerError, serverError } from './serverError.ts';

/** The error ends the body; in a buffered reply with an error status, result bytes may precede it. */
const KEPT_BYTES = 256 * 1024;
const SHOWN_CHARACTERS = 300;

export interface FailedReplyContext {
  readonly url: string;
  readonly queryId: string;
  readonly writes: boolean;
}

/** True when the header block alone says that the statement failed. */
export function isFailure(reply: HttpReply): boolean {
  // Status 200 with a code happens: progress headers were sent before the failure, or error 209.
  return reply.status >= 300 || exceptionCode(reply.headers) !== undefined;
}

/** Reads the body of a failed reply and gives the typed error. Never throws. */
export async function failedReply(
  reply: HttpReply,
  context: FailedReplyContext,
): Promise<RowhouseError> {
  const headerCode = exceptionCode(reply.headers);
  const text = errorText(await readTail(reply), headerCode);
  if (headerCode !== undefined || looksLikeServerError(text)) {
    return serverError(text, {
      queryId: context.queryId,
      phase: 'headers',
      headerCode,
      httpStatus: reply.status,
      ambiguous: context.writes,
      writtenRows: readReplyMeta(reply.status, reply.headers, context.queryId).summary?.writtenRows,
    });
  }
  if (reply.status === 401) {
    return new AuthError(`${context.url} does not accept this user and password.`, {
      code: 0,
      httpStatus: reply.status,
      phase: 'headers',
      raw: text,
      queryId: context.queryId,
      hint: 'Check user name and password of the connection.',
    });
  }
  const details = { queryId: context.queryId };
  if (text.includes('Port 9000 is for clickhouse-client')) {
    return new WrongPortError(`${context.url} is the port for native clients.`, {
      ...details,
      hint: 'Use the HTTP port of the server: mostly 8123, or 8443 with https://.',
    });
  }
  if (/plain HTTP request was sent to (an )?HTTPS port/i.test(text)) {
    return new WrongPortError(`${context.url} is a TLS port.`, {
      ...details,
      hint: 'Use https://.',
    });
  }
  const retryAfter = Number(header(reply.headers, 'retry-after'));
  const shown = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, SHOWN_CHARACTERS);
  return new ProtocolError(
    `${context.url} answered with HTTP status ${reply.status}${shown === '' ? '' : `: ${shown}`}`,
    reply.status,
    {
      ...details,
      hint: 'The answer does not come from ClickHouse. Check host, port and path, and proxies in between.',
      retryAfterMs: retryAfter >= 0 ? retryAfter * 1_000 : undefined,
      ambiguous: context.writes && reply.status >= 500,
    },
  );
}

/** The server's error without the rows before it. */
function errorText(body: string, headerCode: number | undefined): string {
  if (headerCode === undefined || looksLikeServerError(body)) return body;
  const at = body.lastIndexOf(`Code: ${headerCode}.`);
  return at < 0 ? body : body.slice(at);
}

/** The end of the body as text, decoded; what came of it when it was cut. */
function readTail(reply: HttpReply): Promise<string> {
  return new Promise((resolve) => {
    let tail: Buffer = Buffer.alloc(0);
    const finish = (): void => {
      resolve(tail.toString('utf8'));
    };
    let decoder;
    try {
      decoder = createDecoder(header(reply.headers, 'content-encoding'));
    } catch {
      decoder = undefined;
    }
    decoded(reply.body, decoder).start({
      data: (chunk) => {
        tail = Buffer.concat([tail, chunk]);
        if (tail.length > KEPT_BYTES) tail = Buffer.from(tail.subarray(-KEPT_BYTES));
        return true;
      },
      end: finish,
      error: finish,
    });
  });
}
