import * as vscode from 'vscode';
import type { HostState } from '../../core/client/connectionSurface.ts';
import type { Client } from '../../core/client/surface.ts';
import type { EngineEndpoint } from '../../core/engine/probe.ts';
import type { EngineState } from '../../core/engine/supervisor.ts';
import { unlessAborted } from '../../core/transfer/cancelled.ts';
import { isSqlDocument } from '../editor/codeLens.ts';
import { hasTab } from '../editor/openTabs.ts';
import { ConnectionGoneError, goneConnection, withheldConnection } from './goneConnection.ts';
import { InsecureConsent } from './insecure.ts';
import { currentNetwork } from './network.ts';
import { type ConnectionProfile, LOCAL_CONNECTION, type ReadProfiles } from './profile.ts';
import { CONNECTIONS_SETTING, loadProfiles } from './profileStore.ts';
import { Secrets } from './secrets.ts';
import { type Choice, Selection, choiceOf } from './selection.ts';
import { type Asking, SharedAttempt } from './sharedAttempt.ts';
import type { KnownSecrets, ServerAccess } from './serverClient.ts';
import { Tunnels } from './tunnels.ts';

export { LOCAL_CONNECTION } from './profile.ts';

export interface Connection {
  /** `local`, or the profile's name. */
  readonly id: string;
  /** As it is shown: with a mark for production, or that it is gone. */
  readonly name: string;
  /** `gone`: a document chose it, and it is not in the settings any more. */
  readonly kind: 'local' | 'server' | 'gone';
  /** Its name in the workspace's settings, when it is one of those. */
  readonly ofWorkspace?: string;
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
  /** Who waits may leave; the attempt is stopped when nobody waits for it any more. */
  signal?: AbortSignal | undefined;
}

/** What an attempt to connect goes by. */
interface Attempt {
  readonly signal: AbortSignal;
  readonly asking: Asking;
  /** Told the secrets that it uses. */
  readonly uses: (secrets: KnownSecrets) => void;
}

interface CachedClient {
  /** Those that its attempt used last. */
  secrets: KnownSecrets;
  readonly profile: ConnectionProfile | undefined;
  /** What the client was made for: another key needs another client. */
  readonly key: string;
  readonly attempt: SharedAttempt<Client>;
  /** Once it is there. */
  made?: Client;
}

const LOCAL: Connection = { id: LOCAL_CONNECTION, name: 'Local ClickHouse', kind: 'local' };
/** Statements that run when a profile changes may end on the old client. */
const DRAIN_MS = 600_000;

/** Settings of VS Code that change how servers are reached. */
const PROXY_SETTINGS = [
  'http.proxy',
  'http.noProxy',
  'http.proxySupport',
  'http.proxyAuthorization',
];

/** Everything but the secrets that a client of this profile is made of: another key needs another client. */
function profileKey(profile: ConnectionProfile): string {
  const { proxies, folder } = currentNetwork();
  const access = { ...profile, name: undefined, color: undefined, production: undefined };
  return JSON.stringify([access, { ...proxies, environment: undefined }, folder]);
}

function shownName({ name, production }: ConnectionProfile): string {
  return production === true ? `${name} (production)` : name;
}

async function closed(cached: CachedClient, drainMs: number): Promise<void> {
  await cached.attempt.result.then((client) => client.close({ drainMs })).catch(() => undefined);
}

/** All servers that this window can talk to, which of them a document uses, and the one client of each. */
export class Connections implements vscode.Disposable {
  readonly #engine: EngineAccess;
  readonly secrets: Secrets;
  readonly insecure: InsecureConsent;
  readonly #selection: Selection;
  readonly #tunnels: Tunnels;
  /** Profiles beside those of the settings whose tunnels are needed: tested, or on their way out. */
  readonly #inUse = new Set<Partial<ConnectionProfile>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #clients = new Map<string, CachedClient>();
  readonly #subscriptions: readonly { dispose(): unknown }[];
  /** Of the settings, read at the first need. */
  #profiles: ReadProfiles | undefined;

  /** The list, a profile, or a choice changed. */
  readonly onDidChange = this.#changed.event;

  constructor(context: vscode.ExtensionContext, engine: EngineAccess) {
    this.#engine = engine;
    this.secrets = new Secrets(context.secrets);
    this.insecure = new InsecureConsent(context.globalState);
    this.#selection = new Selection(context.workspaceState, hasTab);
    this.#tunnels = new Tunnels(context.asAbsolutePath('dist/ssh/keeper.cjs'));
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.onDidChangeConfiguration((event) => {
        const ours = [CONNECTIONS_SETTING, ...PROXY_SETTINGS];
        if (ours.some((setting) => event.affectsConfiguration(setting))) this.reload();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.reload();
      }),
      this.secrets.onDidChange((key) => {
        void this.#secretChanged(key);
      }),
    ];
  }

  get #read(): ReadProfiles {
    this.#profiles ??= loadProfiles();
    return this.#profiles;
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
    const { profiles, ofWorkspace } = this.#read;
    const servers = profiles.map((profile): Connection => ({
      id: profile.name,
      name: shownName(profile),
      kind: 'server',
      ...(ofWorkspace?.has(profile.name) === true && { ofWorkspace: profile.name }),
      profile,
    }));
    return [LOCAL, ...servers];
  }

  get(id: string): Connection | undefined {
    // Most windows use the local one only: the settings need not be read for it.
    return id === LOCAL_CONNECTION ? LOCAL : this.list().find((connection) => connection.id === id);
  }

  /** @throws ConnectionGoneError */
  require(id: string): Connection {
    const connection = this.get(id);
    if (connection) return connection;
    throw new ConnectionGoneError(id, this.problems, vscode.workspace.isTrusted);
  }

  /**
   * The client of a connection, made and checked once. Starts the local engine at need, asks for a password
   * that the server wants and nobody stored.
   * @throws ConnectionGoneError, EngineError, AuthError, ConnectError, WrongPortError and their kin; the next call
   * tries again.
   */
  async client(id: string, request: ClientRequest = {}): Promise<Client> {
    const connection = this.require(id);
    const { signal, ask = true } = request;
    if (!connection.profile) return this.#localClient(signal);
    const { profile } = connection;
    const key = profileKey(profile);
    const cached = this.#cached({ id, key, profile }, (attempt) => this.#connect(profile, attempt));
    return cached.attempt.wait(signal, ask);
  }

  /** Chosen for this document, else chosen last in this window, else the local one. Another one never takes its place. */
  forDocument(uri: vscode.Uri): Connection {
    return this.of(this.#chosen(uri));
  }

  /** As it was chosen before, even when it is gone now. */
  of({ id, ofWorkspace }: Choice): Connection {
    const found = this.get(id);
    if (ofWorkspace && found?.ofWorkspace === undefined) return withheldConnection(id);
    return found ?? goneConnection(id);
  }

  /** That of the document in the active editor, or of a new one. */
  get forActiveDocument(): Connection {
    const active = vscode.window.activeTextEditor?.document.uri;
    return this.forDocument(active ?? vscode.Uri.from({ scheme: 'untitled', path: 'new' }));
  }

  /** Makes a connection the choice of a document and of documents that have none of their own. */
  async select(id: string, uri?: vscode.Uri): Promise<void> {
    const chosen = this.#selection.choose(this.#choice(id), uri);
    this.#changed.fire();
    await chosen;
  }

  /**
   * Fixes what `forDocument` says now for this document, so that a choice made in another one does not move
   * this one, and its session, to another server.
   */
  async pin(uri: vscode.Uri): Promise<Connection> {
    const connection = this.forDocument(uri);
    const chosen = this.#chosen(uri);
    // In a trusted workspace it is known where the profile is now.
    const isKnown = vscode.workspace.isTrusted && connection.kind !== 'gone';
    const choice = isKnown ? this.#choice(chosen.id) : chosen;
    const pinned = this.#selection.of(uri);
    if (pinned?.id !== choice.id || pinned.ofWorkspace !== choice.ofWorkspace) {
      await this.#selection.pin(choice, uri);
    }
    return connection;
  }

  #chosen(uri: vscode.Uri): Choice {
    const { last } = this.#selection;
    return this.#selection.of(uri) ?? last ?? { id: LOCAL_CONNECTION, ofWorkspace: false };
  }

  #choice(id: string): Choice {
    return choiceOf(this.get(id) ?? goneConnection(id));
  }

  /** A document got another name: its choice goes along. */
  async moved(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    await this.#selection.move(from, to);
    this.#changed.fire();
  }

  /** An unsaved document is gone. */
  ended(uri: vscode.Uri): void {
    if (uri.scheme === 'untitled') void this.#selection.forget(uri);
  }

  /** Documents that use a connection follow its new name. */
  async renamed(from: string, to: string): Promise<void> {
    await this.#selection.rename(this.#choice(to), from);
    this.#changed.fire();
  }

  /** Documents that use a connection keep it, as one that is gone; new ones begin with the local one. */
  async removed(id: string): Promise<void> {
    const open = vscode.workspace.textDocuments.filter(isSqlDocument).map(({ uri }) => uri);
    await this.#selection.remove(id, open);
    this.#changed.fire();
  }

  /** Ends all clients; what still runs on their servers is cancelled, and that is waited for. */
  async close(): Promise<void> {
    const clients = [...this.#clients.values()].map(({ attempt }) => attempt.result);
    this.#clients.clear();
    await Promise.allSettled(clients.map(async (client) => (await client).close()));
  }

  dispose(): void {
    for (const cached of this.#clients.values()) void closed(cached, 0);
    this.#clients.clear();
    this.#tunnels.keepOnly([]);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** The engine's start goes on without who leaves: others need it too. */
  async #localClient(signal: AbortSignal | undefined): Promise<Client> {
    const endpoint = await unlessAborted(this.#engine.ensureStarted(), signal);
    const { generation, url, username, password, headers } = endpoint;
    const key = String(generation);
    const local = { id: LOCAL_CONNECTION, key, profile: undefined };
    const cached = this.#cached(local, async () => {
      const { createClient } = await import('../../core/client/client.ts');
      return createClient({ url, username, password, headers });
    });
    return cached.attempt.wait(signal, false);
  }

  #cached(
    { id, key, profile }: Pick<CachedClient, 'key' | 'profile'> & { id: string },
    make: (attempt: Attempt) => Promise<Client>,
  ): CachedClient {
    const known = this.#clients.get(id);
    if (known?.key === key) return known;
    if (known) this.#retire(known);
    const uses = (secrets: KnownSecrets): void => {
      entry.secrets = secrets;
    };
    const forget = (): void => {
      if (this.#clients.get(id) === entry) this.#clients.delete(id);
    };
    const attempt = new SharedAttempt(
      (signal, asking) => make({ signal, asking, uses }),
      () => {
        forget();
        const others = [...this.#clients.values()].map((each) => each.profile ?? {});
        this.#tunnels.stopStarting(profile, [...others, ...this.#inUse]);
        void closed(entry, 0);
      },
    );
    const entry: CachedClient = { secrets: {}, key, attempt, profile };
    this.#clients.set(id, entry);
    attempt.result.then((made) => {
      entry.made = made;
    }, forget);
    return entry;
  }

  /** What runs may end; then nobody needs the client's tunnels any more. */
  #retire(cached: CachedClient): void {
    void this.#withTunnels(cached.profile, () => closed(cached, DRAIN_MS));
  }

  /** Does something with a profile that need not be saved; what was opened for it alone ends with it. */
  async trying<T>(
    profile: ConnectionProfile,
    work: (access: ServerAccess) => Promise<T>,
  ): Promise<T> {
    return this.#withTunnels(profile, () => work(this.#access()));
  }

  async #withTunnels<T>(
    profile: ConnectionProfile | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    // An object of its own: the same profile may be in use twice.
    const use = { ...profile };
    this.#inUse.add(use);
    try {
      return await work();
    } finally {
      this.#inUse.delete(use);
      this.#tunnels.keepOnly([...this.#read.profiles, ...this.#inUse]);
    }
  }

  /** The hosts of a connection that has several, once it was used. */
  hostsOf(id: string): readonly HostState[] | undefined {
    const hosts = this.#clients.get(id)?.made?.hosts;
    return hosts && hosts.length > 1 ? hosts : undefined;
  }

  /** How servers are reached from this window now. */
  #access(): ServerAccess {
    return { ...currentNetwork(), tunnels: this.#tunnels };
  }

  async #connect(profile: ConnectionProfile, attempt: Attempt): Promise<Client> {
    await this.insecure.require(profile, attempt.asking() ? 'saved' : 'nothing');
    const onHostChange = (): void => {
      this.#changed.fire();
    };
    const access = (): ServerAccess => ({ ...this.#access(), onHostChange });
    const { signInToServer } = await import('./signInToServer.ts');
    const request = { ...attempt, profile, secrets: this.secrets, access };
    const { client } = await signInToServer(request);
    return client;
  }

  /** Reads the settings again; VS Code's own event does it too, but later than a caller that just wrote them. */
  reload(): void {
    this.#profiles = undefined;
    void this.insecure.keepOnly(this.#read.profiles);
    for (const [id, cached] of this.#clients) {
      const profile = this.get(id)?.profile;
      if (id === LOCAL_CONNECTION || (profile && profileKey(profile) === cached.key)) continue;
      this.#clients.delete(id);
      this.#retire(cached);
    }
    this.#changed.fire();
  }

  async #secretChanged(key: string): Promise<void> {
    const { storedSecrets } = await import('./signInToServer.ts');
    for (const { id, profile } of this.list()) {
      const cached = this.#clients.get(id);
      if (!profile || !cached || !this.secrets.isOf(profile, key)) continue;
      const now = await storedSecrets(profile, this.secrets);
      if (JSON.stringify(now) === JSON.stringify(cached.secrets)) continue;
      if (this.#clients.get(id) !== cached) continue;
      this.#clients.delete(id);
      this.#retire(cached);
    }
  }
}
