import { createDecoder, decoded } from './decode.ts';
import { ProtocolError, type RowhouseError, WrongPortError } from './errors.ts';
import type { HttpReply } from './exchange.ts';
import { exceptionCode, header } from './replyMeta.ts';
import { looksLikeServerError, serverError } from './serverError.ts';

const MAX_ERROR_BYTES = 1024 * 1024;
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
  const text = await readText(reply);
  const headerCode = exceptionCode(reply.headers);
  if (headerCode !== undefined || looksLikeServerError(text)) {
    return serverError(text, {
      queryId: context.queryId,
      phase: 'headers',
      headerCode,
      httpStatus: reply.status,
      ambiguous: context.writes,
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

/** The body as text, decoded; what came of it when it was cut. */
function readText(reply: HttpReply): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (): void => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    };
    let decoder;
    try {
      decoder = createDecoder(header(reply.headers, 'content-encoding'));
    } catch {
      decoder = undefined;
    }
    decoded(reply.body, decoder).start({
      data: (chunk) => {
        if (bytes < MAX_ERROR_BYTES) chunks.push(chunk);
        bytes += chunk.length;
        return true;
      },
      end: finish,
      error: finish,
    });
  });
}
