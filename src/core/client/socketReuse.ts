import { subscribe } from 'node:diagnostics_channel';

/** Sockets that have carried a request already. */
const used = new WeakSet();
const waiting = new Map<string, (reused: boolean) => void>();
let subscribed = false;

interface SendHeaders {
  readonly request: { readonly path: string };
  readonly socket: object;
}

/**
 * Reports once whether the request with this path goes out on a connection that served one before. Only
 * then may a reset before any reply mean that the server had just closed an idle connection; on a fresh
 * one the query itself may have brought the server down. undici tells this on a diagnostics channel only.
 * @param path unique, since it carries the query id.
 * @returns how to stop waiting.
 */
export function onSend(path: string, report: (reused: boolean) => void): () => void {
  if (!subscribed) {
    subscribed = true;
    subscribe('undici:client:sendHeaders', (message) => {
      const { request, socket } = message as SendHeaders;
      const reused = used.has(socket);
      used.add(socket);
      waiting.get(request.path)?.(reused);
    });
  }
  waiting.set(path, report);
  return () => {
    waiting.delete(path);
  };
}
