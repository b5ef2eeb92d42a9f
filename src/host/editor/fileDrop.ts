import * as vscode from 'vscode';
import { quoteLiteral } from '../../core/sql/quote.ts';
import type { FileInSql } from '../../core/transfer/fileInSql.ts';
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
    token?: vscode.CancellationToken,
  ): Promise<vscode.DocumentDropEdit | undefined> {
    const list = (await transfer.get('text/uri-list')?.asString()) ?? '';
    const files = list
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => vscode.Uri.parse(line))
      .filter(({ scheme }) => scheme === 'file' || scheme === 'vscode-remote')
      .map(({ fsPath }) => fsPath);
    const found = await dataFiles(files, token);
    if (!found) return undefined;
    const isLocal = this.#connections.forDocument(document.uri).kind === 'local';
    const title = isLocal ? 'SELECT from the file' : 'INSERT from the file';
    return new vscode.DocumentDropEdit(isLocal ? selects(found) : inserts(found), title, KIND);
  }
}

/** More statements are no help. */
const MOST_FILES = 100;

/** Those of folders, too. Undefined: one of them is no data. Scripts and notes keep what VS Code does with them. */
async function dataFiles(
  dropped: readonly string[],
  token: vscode.CancellationToken | undefined,
): Promise<FileInSql[] | undefined> {
  if (dropped.length === 0) return undefined;
  const abort = new AbortController();
  const cancelled = token?.onCancellationRequested(() => {
    abort.abort();
  });
  try {
    const [{ fileInSql }, { insertSources }] = await Promise.all([
      import('../../core/transfer/fileInSql.ts'),
      import('../../core/transfer/insertSources.ts'),
    ]);
    let looks = 0;
    const onLook = (): void => {
      looks += 1;
      // As a folder of programs: hardly any of its files is data.
      if (looks > MOST_FILES) abort.abort();
    };
    const { files } = await insertSources(dropped, { signal: abort.signal, onLook });
    if (files.length === 0 || files.length > MOST_FILES) return undefined;
    const found: FileInSql[] = [];
    for (const file of files) {
      const data = abort.signal.aborted ? undefined : await fileInSql(file);
      if (!data) return undefined;
      found.push(data);
    }
    return found;
  } catch {
    // A folder that cannot be read or has too many files, or a cancelled drop.
    return undefined;
  } finally {
    cancelled?.dispose();
  }
}

function selects(files: readonly FileInSql[]): string {
  return files
    .map(({ path, format, coding, delimiter }) => {
      const packed = coding === undefined ? [] : ['auto', coding];
      const told = [path, ...(format === undefined ? [] : [format, ...packed])];
      const separated =
        delimiter === undefined
          ? ''
          : ` SETTINGS format_csv_delimiter = ${quoteLiteral(delimiter)}`;
      return `SELECT * FROM file(${told.map(quoteLiteral).join(', ')})${separated};\n`;
    })
    .join('');
}

/** Delimiter and header are found when it runs. */
function inserts(files: readonly FileInSql[]): vscode.SnippetString {
  const snippet = new vscode.SnippetString();
  for (const { path, format, coding } of files) {
    snippet.appendText('INSERT INTO ');
    snippet.appendPlaceholder('table', 1);
    const packed = coding === undefined ? '' : ` COMPRESSION ${quoteLiteral(coding)}`;
    const read = format === undefined ? '' : ` FORMAT ${format}`;
    snippet.appendText(` FROM INFILE ${quoteLiteral(path)}${packed}${read};\n`);
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
