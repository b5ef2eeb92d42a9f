import * as vscode from 'vscode';
import type { Client } from '../../core/client/surface.ts';
import { createClient } from '../../core/client/client.ts';
import { UsageError, isAuthError } from '../../core/client/errors.ts';
import type { EngineEndpoint } from '../../core/engine/probe.ts';
import type { EngineState } from '../../core/engine/supervisor.ts';
import { askPassword } from './askPassword.ts';
import { Passwords } from './passwords.ts';
import {
  type ConnectionProfile,
  LOCAL_CONNECTION,
  type ReadProfiles,
  secretKey,
} from './profile.ts';
import { CONNECTIONS_SETTING, loadProfiles } from './profileStore.ts';
import { Selection } from './selection.ts';
import { serverClient, verify } from './serverClient.ts';

export { LOCAL_CONNECTION } from './profile.ts';

export interface Connection {
  /** `local`, or the profile's name. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'local' | 'server';
  readonly profile?: ConnectionProfile;
}

/** The local engine as connections need it. */
export interface EngineAccess {
  /** `generation` counts the starts: a client of another number talks to a process that is gone. */
  ensureStarted(): Promise<EngineEndpoint & { generation: number }>;
  readonly onDidChange: vscode.Event<void>;
  /** `missing`: there is no engine on this machine. */
  readonly state: EngineState | 'missing';
}

export interface ClientRequest {
  /** False: never asks for a password, for work that the user did not start. Default true. */
  ask?: boolean;
}

interface CachedClient {
  /** What the client was made for: another key needs another client. */
  readonly key: string;
  readonly client: Promise<Client>;
  password: string | undefined;
}

const LOCAL: Connection = { id: LOCAL_CONNECTION, name: 'Local ClickHouse', kind: 'local' };
/** Statements that run when a profile changes may end on the old client. */
const DRAIN_MS = 600_000;

function profileKey({ url, user, database }: ConnectionProfile): string {
  return JSON.stringify([url, user, database]);
}

function retire(cached: CachedClient, drainMs = DRAIN_MS): void {
  void cached.client.then((client) => client.close({ drainMs })).catch(() => undefined);
}

/** All servers that this window can talk to, which of them a document uses, and the one client of each. */
export class Connections implements vscode.Disposable {
  readonly #engine: EngineAccess;
  readonly passwords: Passwords;
  readonly #selection: Selection;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #clients = new Map<string, CachedClient>();
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #read: ReadProfiles = loadProfiles();

  /** The list, a profile, or a choice changed. */
  readonly onDidChange = this.#changed.event;

  constructor(context: vscode.ExtensionContext, engine: EngineAccess) {
    this.#engine = engine;
    this.passwords = new Passwords(context.secrets);
    this.#selection = new Selection(context.workspaceState);
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(CONNECTIONS_SETTING)) this.reload();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.reload();
      }),
      this.passwords.onDidChange((key) => {
        void this.#passwordChanged(key);
      }),
    ];
  }

  /** One line for each entry of the settings that cannot be used. */
  get problems(): readonly string[] {
    return this.#read.problems;
  }

  get engineState(): EngineAccess['state'] {
    return this.#engine.state;
  }

  get onDidChangeEngine(): vscode.Event<void> {
    return this.#engine.onDidChange;
  }

  /** The local one first. */
  list(): Connection[] {
    const servers = this.#read.profiles.map((profile): Connection => ({
      id: profile.name,
      name: profile.name,
      kind: 'server',
      profile,
    }));
    return [LOCAL, ...servers];
  }

  get(id: string): Connection | undefined {
    return this.list().find((connection) => connection.id === id);
  }

  /**
   * The client of a connection, made and checked once. Starts the local engine at need, asks for a password
   * that the server wants and nobody stored.
   * @throws EngineError, AuthError, ConnectError, WrongPortError and their kin; the next call tries again.
   */
  async client(id: string, request: ClientRequest = {}): Promise<Client> {
    const connection = this.get(id);
    if (!connection) {
      throw new UsageError(`There is no connection "${id}" any more.`, {
        hint: 'Select another connection for this document.',
      });
    }
    if (!connection.profile) return this.#localClient();
    const { profile } = connection;
    return this.#cached(id, profileKey(profile), (entry) =>
      this.#connect(profile, request.ask ?? true, entry),
    );
  }

  /** Chosen for this document, else chosen last in this window, else the local one. */
  forDocument(uri: vscode.Uri): Connection {
    for (const id of [this.#selection.of(uri), this.#selection.last]) {
      const connection = id === undefined ? undefined : this.get(id);
      if (connection) return connection;
    }
    return LOCAL;
  }

  /** Makes a connection the choice of a document and of documents that have none of their own. */
  async select(id: string, uri?: vscode.Uri): Promise<void> {
    await this.#selection.choose(id, uri);
    this.#changed.fire();
  }

  /**
   * Fixes what `forDocument` says now for this document, so that a choice made in another one does not move
   * this one, and its session, to another server.
   */
  async pin(uri: vscode.Uri): Promise<Connection> {
    const connection = this.forDocument(uri);
    if (this.#selection.of(uri) !== connection.id) await this.#selection.pin(connection.id, uri);
    return connection;
  }

  /** A document got another name: its choice goes along. */
  async moved(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    await this.#selection.move(from, to);
    this.#changed.fire();
  }

  /** An unsaved document is gone. */
  ended(uri: vscode.Uri): void {
    if (uri.scheme === 'untitled') this.#selection.forget(uri);
  }

  /** Documents that use a connection follow its new name; undefined: they fall back to the last choice. */
  async renamed(from: string, to: string | undefined): Promise<void> {
    await this.#selection.rename(from, to);
    this.#changed.fire();
  }

  dispose(): void {
    for (const cached of this.#clients.values()) retire(cached, 0);
    this.#clients.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #localClient(): Promise<Client> {
    const { generation, url, username, password, headers } = await this.#engine.ensureStarted();
    return this.#cached(LOCAL_CONNECTION, String(generation), () =>
      Promise.resolve(createClient({ url, username, password, headers })),
    );
  }

  #cached(
    id: string,
    key: string,
    make: (entry: { password: string | undefined }) => Promise<Client>,
  ): Promise<Client> {
    const known = this.#clients.get(id);
    if (known?.key === key) return known.client;
    if (known) retire(known);
    const used: { password: string | undefined } = { password: undefined };
    const client = make(used);
    const entry: CachedClient = Object.assign(used, { key, client });
    this.#clients.set(id, entry);
    client.catch(() => {
      if (this.#clients.get(id) === entry) this.#clients.delete(id);
    });
    return client;
  }

  async #connect(
    profile: ConnectionProfile,
    ask: boolean,
    used: { password: string | undefined },
  ): Promise<Client> {
    used.password = await this.passwords.get(profile);
    let asked = false;
    for (;;) {
      const client = serverClient(profile, used.password);
      try {
        await verify(client);
        if (asked) await this.passwords.store(profile, used.password ?? '');
        return client;
      } catch (error) {
        void client.close();
        if (!ask || !isAuthError(error)) throw error;
        const answer = await askPassword(profile, used.password !== undefined);
        if (answer === undefined) throw error;
        used.password = answer;
        asked = true;
      }
    }
  }

  /** Reads the settings again; VS Code's own event does it too, but later than a caller that just wrote them. */
  reload(): void {
    this.#read = loadProfiles();
    for (const [id, cached] of this.#clients) {
      const profile = this.get(id)?.profile;
      if (id === LOCAL_CONNECTION || (profile && profileKey(profile) === cached.key)) continue;
      this.#clients.delete(id);
      retire(cached);
    }
    this.#changed.fire();
  }

  async #passwordChanged(key: string): Promise<void> {
    for (const { id, profile } of this.list()) {
      if (!profile || secretKey(profile) !== key) continue;
      const cached = this.#clients.get(id);
      if (!cached || cached.password === (await this.passwords.get(profile))) continue;
      this.#clients.delete(id);
      retire(cached);
    }
  }
}
