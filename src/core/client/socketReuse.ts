import { subscribe } from 'node:diagnostics_channel';
import { LargeReadSocket } from './largeReads.ts';

/** Sockets that have carried a request already. */
const used = new WeakSet();
/** undici starts a request and tells its channel in one go, so what started last is what is sent. */
let starting: { readonly path: string; readonly report: (sent: SentOn) => void } | undefined;
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
 * Reports on which connection a request goes out; to be called when undici starts it. Only if it served one before and
 * nothing came since may a reset mean that the server had just closed an idle connection; on a fresh
 * one the query itself may have brought the server down. undici tells this on a diagnostics channel only.
 */
export function onSend(path: string, report: (sent: SentOn) => void): void {
  if (!subscribed) {
    subscribed = true;
    subscribe('undici:client:sendHeaders', (message) => {
      const { request, socket } = message as SendHeaders;
      const reused = used.has(socket);
      used.add(socket);
      const before = socket.bytesRead;
      // A proxy's CONNECT may come in between; it has another path.
      if (starting?.path !== request.path) return;
      const { report: tell } = starting;
      starting = undefined;
      tell({
        reused,
        answerStarted: () => socket.bytesRead > before,
        lendMemory: (lends) => {
          if (socket instanceof LargeReadSocket) socket.lendsMemory = lends;
        },
      });
    });
  }
  starting = { path, report };
}
