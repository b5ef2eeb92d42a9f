import path from 'node:path';
import * as vscode from 'vscode';
import type { Client, Session, SessionHoldings } from '../../core/client/surface.ts';
import type { Connections } from '../connections/connections.ts';
import type { DocumentLife } from './documentLife.ts';

export interface OpenSession {
  /** Its id. */
  readonly connection: string;
  readonly client: Client;
  readonly session: Session;
}

function holdsNothing({ statements, temporaryTables }: SessionHoldings): boolean {
  return statements.length === 0 && temporaryTables.length === 0;
}

/**
 * One session per SQL document, from its first statement to its closing, so that SET, USE and temporary
 * tables stick in it and never touch another document.
 */
export class DocumentSessions implements vscode.Disposable {
  readonly onDidChange: vscode.Event<vscode.Uri>;
  readonly #connections: Connections;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #entries = new Map<string, OpenSession>();
  readonly #losses = new Map<string, SessionHoldings>();
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

  /** As `sessionFor`, with the client that the session belongs to, and the id of their connection. */
  async open(uri: vscode.Uri): Promise<OpenSession> {
    const connection = await this.#connections.pin(uri);
    const client = await this.#connections.client(connection.id);
    const key = uri.toString();
    const entry = this.#entries.get(key);
    if (entry?.client === client && isUsable(entry.session)) return entry;
    if (entry) this.#retire(key, entry, connection.id);
    const session = client.session({ label: path.posix.basename(uri.path) });
    const opened = { connection: connection.id, client, session };
    this.#entries.set(key, opened);
    this.#changed.fire(uri);
    return opened;
  }

  /** The document's session if it has one. */
  peek(uri: vscode.Uri): Session | undefined {
    return this.#entries.get(uri.toString())?.session;
  }

  /** What the document lost since the last call, once. */
  takeLoss(uri: vscode.Uri): SessionHoldings | undefined {
    const key = uri.toString();
    const loss = this.#losses.get(key);
    this.#losses.delete(key);
    return loss;
  }

  /** Ends the document's session on the server; the next statement begins a new one. */
  async reset(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    this.#losses.delete(key);
    await entry?.session.close();
    if (entry) this.#changed.fire(uri);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
    for (const { session } of this.#entries.values()) void session.close();
    this.#entries.clear();
  }

  #move(from: vscode.Uri, to: vscode.Uri): void {
    const [oldKey, newKey] = [from.toString(), to.toString()];
    const entry = this.#entries.get(oldKey);
    if (!entry || this.#entries.has(newKey)) return;
    this.#entries.delete(oldKey);
    this.#entries.set(newKey, entry);
    this.#changed.fire(to);
  }

  #retire(key: string, entry: OpenSession, connection: string): void {
    const { session } = entry;
    // Choosing another connection is a wish; a lost session or a new server process is not.
    const lost = entry.connection === connection && session.state !== 'closed';
    if (lost && !holdsNothing(session.holds)) this.#losses.set(key, session.holds);
    void session.close();
  }
}

function isUsable(session: Session): boolean {
  return session.state !== 'lost' && session.state !== 'closed';
}
