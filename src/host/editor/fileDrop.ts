import * as vscode from 'vscode';
import { quoteLiteral } from '../../core/sql/quote.ts';
import { guessInputFormat } from '../../core/transfer/formats.ts';
import type { Connection } from '../connections/connections.ts';

/** What the drop needs of the connections. */
interface DocumentConnections {
  forDocument(uri: vscode.Uri): Pick<Connection, 'kind'>;
}

const SQL_FILES: vscode.DocumentSelector = [{ language: 'sql' }, { language: 'clickhouse' }];
const KIND = vscode.DocumentDropOrPasteEditKind.Text.append('rowhouse', 'file');

/**
 * A data file dropped on a SQL document becomes a statement that reads it: the local engine reads files
 * itself; for a server Rowhouse sends the file, as clickhouse-client does.
 */
export class SqlFileDrop implements vscode.DocumentDropEditProvider {
  readonly #connections: DocumentConnections;

  constructor(connections: DocumentConnections) {
    this.#connections = connections;
  }

  async provideDocumentDropEdits(
    document: vscode.TextDocument,
    _position: vscode.Position,
    transfer: vscode.DataTransfer,
  ): Promise<vscode.DocumentDropEdit | undefined> {
    const list = (await transfer.get('text/uri-list')?.asString()) ?? '';
    const files = list
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => vscode.Uri.parse(line))
      .filter(({ scheme }) => scheme === 'file' || scheme === 'vscode-remote')
      .map(({ fsPath }) => fsPath);
    // Scripts and notes keep what VS Code does with them.
    if (files.length === 0 || !files.every((file) => guessInputFormat(file) !== undefined)) {
      return undefined;
    }
    const isLocal = this.#connections.forDocument(document.uri).kind === 'local';
    const title = isLocal ? 'SELECT from the file' : 'INSERT from the file';
    return new vscode.DocumentDropEdit(isLocal ? selects(files) : inserts(files), title, KIND);
  }
}

function selects(files: readonly string[]): string {
  return files.map((file) => `SELECT * FROM file(${quoteLiteral(file)});\n`).join('');
}

function inserts(files: readonly string[]): vscode.SnippetString {
  const snippet = new vscode.SnippetString();
  for (const file of files) {
    snippet.appendText('INSERT INTO ');
    snippet.appendPlaceholder('table', 1);
    snippet.appendText(` FROM INFILE ${quoteLiteral(file)};\n`);
  }
  return snippet;
}

export function registerSqlFileDrop(connections: DocumentConnections): vscode.Disposable {
  return vscode.languages.registerDocumentDropEditProvider(
    SQL_FILES,
    new SqlFileDrop(connections),
    { providedDropEditKinds: [KIND], dropMimeTypes: ['text/uri-list'] },
  );
}
