import { createDecoder, decoded } from './decode.ts';
import { AuthError, ProtocolError, type RowhouseError, WrongPortError } from './errors.ts';
import type { HttpReply } from './exchange.ts';
import { inFormatError } from './inFormatError.ts';
import { exceptionCode, header, readReplyMeta } from './replyMeta.ts';
import { looksLikeServerError, serverError } from './serverError.ts';
import { proxyRefusal } from './transportError.ts';

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
  return reply.status !== 200 || exceptionCode(reply.headers) !== undefined || isForeignPage(reply);
}

/** A page of a proxy or a login portal; no ClickHouse format is HTML. */
function isForeignPage({ headers }: HttpReply): boolean {
  return (
    header(headers, 'content-type')?.startsWith('text/html') === true &&
    !Object.keys(headers).some((name) => name.startsWith('x-clickhouse-'))
  );
}

/** Reads the body of a failed reply and gives the typed error. Never throws. */
export async function failedReply(
  reply: HttpReply,
  context: FailedReplyContext,
): Promise<RowhouseError> {
  const headerCode = exceptionCode(reply.headers);
  const text = errorText(await readTail(reply), reply, headerCode);
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
  if (reply.status === 401 || reply.status === 403) {
    return new AuthError(
      reply.status === 401
        ? `${context.url} does not accept this user and password.`
        : `${context.url} refuses access: ${shown(text) || 'HTTP status 403'}.`,
      {
        code: 0,
        httpStatus: reply.status,
        phase: 'headers',
        raw: text,
        queryId: context.queryId,
        hint:
          reply.status === 401
            ? 'Check user name and password of the connection.'
            : 'The answer does not come from ClickHouse itself: look for a proxy, gateway or address filter in front of it.',
      },
    );
  }
  if (reply.status === 407) return proxyRefusal(context, 407, text);
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
  const excerpt = shown(text);
  return new ProtocolError(
    `${context.url} answered with HTTP status ${reply.status}${excerpt === '' ? '' : `: ${excerpt}`}`,
    reply.status,
    {
      ...details,
      hint: 'The answer does not come from ClickHouse. Check host, port and path, and proxies in between.',
      retryAfterMs: retryAfterMs(header(reply.headers, 'retry-after'), Date.now()),
      ambiguous: context.writes && reply.status >= 500,
    },
  );
}

/** `Retry-After`: seconds, or a date. Milliseconds from `now`, not negative. */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** The start of a page as one line of text. */
function shown(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, SHOWN_CHARACTERS);
}

/** The server's error without the rows before it. */
function errorText(body: string, reply: HttpReply, headerCode: number | undefined): string {
  if (headerCode === undefined || looksLikeServerError(body)) return body;
  const format = header(reply.headers, 'x-clickhouse-format');
  const inFormat = inFormatError(format, Buffer.from(body, 'utf8').toString('latin1'));
  if (inFormat !== undefined) return inFormat.text;
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
