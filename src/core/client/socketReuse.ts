import { subscribe } from 'node:diagnostics_channel';
import { LargeReadSocket } from './largeReads.ts';

/** Sockets that have carried a request already. */
const used = new WeakSet();
const waiting = new Map<string, (sent: SentOn) => void>();
let subscribed = false;

/** The connection that a request went out on. */
export interface SentOn {
  /** True when it had served a request before. */
  readonly reused: boolean;
  /** True when bytes came on it since. */
  readonly answerStarted: () => boolean;
  /** Whether what comes on it is used up at once; see `LargeReadSocket.lendsMemory`. */
  readonly lendMemory: (lends: boolean) => void;
}

interface SendHeaders {
  readonly request: { readonly path: string };
  readonly socket: { readonly bytesRead: number };
}

/**
 * Reports on which connection the request with this path goes out. Only if it served one before and
 * nothing came since may a reset mean that the server had just closed an idle connection; on a fresh
 * one the query itself may have brought the server down. undici tells this on a diagnostics channel only.
 * @param path unique, since it carries the query id.
 * @returns how to stop waiting.
 */
export function onSend(path: string, report: (sent: SentOn) => void): () => void {
  if (!subscribed) {
    subscribed = true;
    subscribe('undici:client:sendHeaders', (message) => {
      const { request, socket } = message as SendHeaders;
      const reused = used.has(socket);
      used.add(socket);
      const before = socket.bytesRead;
      waiting.get(request.path)?.({
        reused,
        answerStarted: () => socket.bytesRead > before,
        lendMemory: (lends) => {
          if (socket instanceof LargeReadSocket) socket.lendsMemory = lends;
        },
      });
    });
  }
  waiting.set(path, report);
  return () => {
    waiting.delete(path);
  };
}
