import path from 'node:path';
import * as vscode from 'vscode';
import type { SessionLostError } from '../../core/client/errors.ts';
import { sessionLost } from '../../core/client/sessionLost.ts';
import type { Client, Session, SessionHoldings } from '../../core/client/surface.ts';
import { unlessAborted } from '../../core/transfer/cancelled.ts';
import type { Connections } from '../connections/connections.ts';
import type { DocumentLife } from '../editor/documentLife.ts';
import { lossWith, type SessionLoss } from './sessionLoss.ts';

export interface OpenSession {
  /** Its id. */
  readonly connection: string;
  readonly client: Client;
  readonly session: Session;
}

export function holdsNothing(holdings: SessionHoldings): boolean {
  const { statements, temporaryTables, inTransaction, perhaps } = holdings;
  const lists = [statements, temporaryTables, perhaps];
  return lists.every(({ length }) => length === 0) && !inTransaction;
}

/**
 * One session per SQL document, from its first statement to its closing, so that SET, USE and temporary
 * tables stick in it and never touch another document.
 */
export class DocumentSessions implements vscode.Disposable {
  /** Fires with the document whose session, or what it holds or runs, changed. */
  readonly onDidChange: vscode.Event<vscode.Uri>;
  readonly #connections: Connections;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #entries = new Map<string, OpenSession>();
  readonly #losses = new Map<string, SessionLoss>();
  /** Losses that nobody saw, with the connection's id: the next statement tells them. */
  readonly #unseen = new Map<string, { connection: string; error: SessionLostError }>();
  readonly #seen = new WeakSet<SessionLostError>();
  readonly #replays = new Map<string, Promise<void>>();
  readonly #closing = new Set<Promise<void>>();
  readonly #subscription: vscode.Disposable;

  constructor(connections: Connections, life: DocumentLife) {
    this.#connections = connections;
    this.onDidChange = this.#changed.event;
    this.#subscription = vscode.Disposable.from(
      life.onDidEnd((uri) => {
        void this.reset(uri);
      }),
      life.onDidMove(({ from, to }) => {
        this.#move(from, to);
      }),
    );
  }

  /** The document's session on the document's connection; made at the first need. */
  async sessionFor(uri: vscode.Uri): Promise<Session> {
    return (await this.open(uri)).session;
  }

  /**
   * As `sessionFor`, with the client that the session belongs to, and the id of their connection. Waits for a
   * replay to end.
   * @param signal ends the waiting and, when nobody else waits for it, the connecting
   * @throws SessionLostError, once, when the server was replaced and what the session held is gone. CancelledError.
   */
  async open(uri: vscode.Uri, signal?: AbortSignal): Promise<OpenSession> {
    const replay = this.#replays.get(uri.toString());
    if (replay) await unlessAborted(replay, signal);
    return this.#open(uri, signal);
  }

  /** The document's session if it has one. */
  peek(uri: vscode.Uri): Session | undefined {
    return this.#entries.get(uri.toString())?.session;
  }

  /** As `peek`, with its connection. */
  peekOpen(uri: vscode.Uri): OpenSession | undefined {
    return this.#entries.get(uri.toString());
  }

  /** What the document lost on the connection that it has now, while it may be replayed. */
  lossOf(uri: vscode.Uri): SessionLoss | undefined {
    const lost = this.#entries.get(uri.toString());
    // A statement was told that it is lost; nothing has run since.
    if (lost?.session.state === 'lost' && !holdsNothing(lost.session.holds))
      this.#retire(uri, lost);
    const loss = this.#losses.get(uri.toString());
    return loss?.connection === this.#connections.forDocument(uri).id ? loss : undefined;
  }

  /** The statement that found the loss was cancelled. The same error may have refused others, which show it. */
  lossUnseen(uri: vscode.Uri, connection: string, error: SessionLostError): void {
    if (holdsNothing(error.lost) || this.#seen.has(error)) return;
    this.#unseen.set(uri.toString(), { connection, error });
  }

  lossSeen(uri: vscode.Uri, error: SessionLostError): void {
    this.#seen.add(error);
    if (this.#unseen.get(uri.toString())?.error === error) this.#unseen.delete(uri.toString());
  }

  forgetLoss(uri: vscode.Uri): void {
    if (this.#losses.delete(uri.toString())) this.#changed.fire(uri);
  }

  /** Runs this in the document's session, before all else that wants to run there. */
  async replay(uri: vscode.Uri, run: (session: Session) => Promise<void>): Promise<void> {
    const key = uri.toString();
    await this.#replays.get(key);
    this.#unseen.delete(key);
    const { session } = await this.#open(uri);
    const running = run(session);
    const settled = running.catch(() => undefined);
    this.#replays.set(key, settled);
    try {
      await running;
    } finally {
      if (this.#replays.get(key) === settled) this.#replays.delete(key);
      this.#changed.fire(uri);
    }
  }

  /** Ends the document's session on the server; the next statement begins a new one. */
  async reset(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    const hadLoss = this.#losses.delete(key);
    this.#unseen.delete(key);
    if (entry) await this.#close(entry.session);
    if (entry || hadLoss) this.#changed.fire(uri);
  }

  /** Ends all sessions on their servers. */
  async close(): Promise<void> {
    for (const { session } of this.#entries.values()) void this.#close(session);
    this.#entries.clear();
    await Promise.all(this.#closing);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  async #open(uri: vscode.Uri, signal?: AbortSignal): Promise<OpenSession> {
    const connection = await this.#connections.pin(uri);
    const client = await this.#connections.client(connection.id, { signal });
    const key = uri.toString();
    const unseen = this.#unseen.get(key);
    this.#unseen.delete(key);
    if (unseen?.connection === connection.id) throw unseen.error;
    const entry = this.#entries.get(key);
    if (entry?.client === client && isUsable(entry.session)) return entry;
    if (entry) {
      const { session } = entry;
      // Choosing another connection is a wish; a lost session or a new server process is not.
      const isLoss = entry.connection === connection.id && session.state !== 'closed';
      const isTold = session.state === 'lost';
      if (isLoss) this.#retire(uri, entry);
      else void this.#close(session);
      this.#entries.delete(key);
      if (isLoss && !isTold && !holdsNothing(session.holds))
        throw sessionLost(session, session.holds);
    }
    return this.#begin(uri, connection.id, client);
  }

  #begin(uri: vscode.Uri, connection: string, client: Client): OpenSession {
    const opened: OpenSession = {
      connection,
      client,
      session: client.session({
        label: path.posix.basename(uri.path),
        // As long as its tab is open: nobody should find a temporary table gone the next morning.
        maxIdleSec: Number.POSITIVE_INFINITY,
        onChange: () => {
          // The document may have got another name since.
          const key = [...this.#entries].find(([, entry]) => entry === opened)?.[0];
          if (key !== undefined) this.#changed.fire(vscode.Uri.parse(key, true));
        },
      }),
    };
    this.#entries.set(uri.toString(), opened);
    this.#changed.fire(uri);
    return opened;
  }

  /** A document that has a session of its own keeps that one, and the other ends. */
  #move(from: vscode.Uri, to: vscode.Uri): void {
    const [oldKey, newKey] = [from.toString(), to.toString()];
    const loss = this.#losses.get(oldKey);
    this.#losses.delete(oldKey);
    const hasOwn = this.#entries.has(newKey);
    const unseen = this.#unseen.get(oldKey);
    this.#unseen.delete(oldKey);
    if (unseen && !hasOwn) this.#unseen.set(newKey, unseen);
    if (loss && !hasOwn && !this.#losses.has(newKey)) this.#losses.set(newKey, loss);
    const entry = this.#entries.get(oldKey);
    if (!entry) return;
    this.#entries.delete(oldKey);
    if (hasOwn) {
      void this.#close(entry.session);
      return;
    }
    this.#entries.set(newKey, entry);
    this.#changed.fire(to);
  }

  /** The session is of no use any more, and what it held is kept for a replay. */
  #retire(uri: vscode.Uri, { session, connection }: OpenSession): void {
    const key = uri.toString();
    if (!holdsNothing(session.holds)) {
      this.#losses.set(key, lossWith(this.#losses.get(key), session.holds, connection));
    }
    if (this.#entries.get(key)?.session === session) this.#entries.delete(key);
    void this.#close(session);
  }

  #close(session: Session): Promise<void> {
    const closing = session.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    return closing;
  }
}

function isUsable(session: Session): boolean {
  return session.state !== 'lost' && session.state !== 'closed';
}
