import * as vscode from 'vscode';
import type { Engine } from '../../core/engine/engine.ts';
import { EngineError } from '../../core/engine/errors.ts';
import type { EngineProgram } from '../../core/engine/locate.ts';
import type { EngineEndpoint } from '../../core/engine/probe.ts';
import { EngineSupervisor } from '../../core/engine/supervisor.ts';

export type LocalEngineState = 'stopped' | 'starting' | 'running' | 'missing';

/** The local ClickHouse of this window: one process, started by the first query that needs it. */
export class LocalEngine implements vscode.Disposable {
  readonly onDidChange: vscode.Event<void>;
  readonly #context: vscode.ExtensionContext;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #supervisor: EngineSupervisor;
  #missing = false;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    this.onDidChange = this.#changed.event;
    this.#supervisor = new EngineSupervisor((signal) => this.#startHere(signal));
    this.#supervisor.onEvent((event) => {
      void vscode.commands.executeCommand('setContext', 'rowhouse.engine', this.state);
      this.#changed.fire();
      if (event.type === 'crashed') void tellCrash(event.output);
    });
  }

  get state(): LocalEngineState {
    return this.#missing ? 'missing' : this.#supervisor.state;
  }

  /** Where `rowhouse.installLocalEngine` puts the engine. */
  get installFolder(): string {
    return vscode.Uri.joinPath(this.#context.globalStorageUri, 'engine').fsPath;
  }

  /** @throws EngineError when there is no engine or it does not start. */
  async ensureStarted(): Promise<EngineEndpoint & { generation: number }> {
    const engine = await this.#supervisor.ensureStarted();
    return { ...engine.endpoint, generation: this.#supervisor.generation };
  }

  stop(): Promise<void> {
    return this.#supervisor.stop();
  }

  dispose(): Promise<void> {
    this.#changed.dispose();
    return this.#supervisor.stop();
  }

  async #startHere(signal: AbortSignal): Promise<Engine> {
    if (!vscode.workspace.isTrusted) throw untrusted();
    const program = await this.#locate();
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
    const { storageUri } = this.#context;
    const { startEngine } = await import('../../core/engine/engine.ts');
    return startEngine({
      program,
      childScript: this.#context.asAbsolutePath('dist/engine/child.cjs'),
      signal,
      ...(storageUri && {
        dataDirectory: vscode.Uri.joinPath(storageUri, 'engine', 'data').fsPath,
      }),
      ...(folder && { workingDirectory: folder.uri.fsPath }),
    });
  }

  async #locate(): Promise<EngineProgram> {
    const settingPath = vscode.workspace
      .getConfiguration('rowhouse')
      .get<string>('engine.path', '')
      .trim();
    const { locateEngine } = await import('../../core/engine/locate.ts');
    const found = await locateEngine({
      settingPath,
      searchPath: process.env['PATH'] ?? '',
      bundledRoot: this.#context.extensionPath,
      installedRoot: this.installFolder,
    });
    this.#missing = found === undefined;
    if (!found) throw notFound();
    return found.program;
  }
}

function notFound(): EngineError {
  const hint =
    process.platform === 'win32'
      ? 'ClickHouse does not run on Windows itself: open the folder in WSL, or add a server.'
      : 'Install it (about 570 MB, from npm), name a clickhouse binary in the settings, or add a server.';
  return new EngineError('engineNotFound', 'There is no local ClickHouse on this machine.', hint);
}

function untrusted(): EngineError {
  return new EngineError(
    'engineStartFailed',
    'This workspace is not trusted, so the local ClickHouse is not started.',
    'Trust the workspace first.',
  );
}

async function tellCrash(output: string): Promise<void> {
  const showOutput = 'Show output';
  const choice = await vscode.window.showWarningMessage(
    'The local ClickHouse stopped unexpectedly. The next query starts it again. ' +
      'Tables are kept; temporary tables and SET values of open editors are lost.',
    ...(output === '' ? [] : [showOutput]),
  );
  if (choice === showOutput) {
    const document = await vscode.workspace.openTextDocument({ content: output });
    await vscode.window.showTextDocument(document, { preview: true });
  }
}
