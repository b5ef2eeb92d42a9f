import * as vscode from 'vscode';
import { tablesNamed } from '../../../core/sql/tablesNamed.ts';
import type { Connection } from '../../connections/connections.ts';
import { clientShown } from '../../connections/whileConnecting.ts';
import { showError } from '../../errors/showError.ts';
import { withProgress } from '../../progress.ts';
import { FileCopies, localPath } from '../../transfer/drop/fileCopies.ts';
import { unreadableText } from '../../transfer/drop/unreadableText.ts';
import { fileNames } from '../../transfer/fileNames.ts';
import { askTable } from '../../transfer/insertChoices.ts';
import type { InsertParts } from '../../transfer/insertFiles.ts';
import { sendingText } from '../../transfer/transferTexts.ts';
import type { PageFiles } from './pageFiles.ts';

export interface PageDropParts extends InsertParts {
  /** Called after rows were written through a connection. */
  readonly inserted: (connection: string) => void;
}

/** Where files were dropped. */
export interface DropPlace {
  readonly connection: Connection;
  /** The statement on the page; its tables are suggested. */
  readonly sql: string;
}

/** Files dropped on a results page are inserted, after a table was asked for. Shows its own failures. */
export class PageDrops {
  readonly #parts: PageDropParts;

  constructor(parts: PageDropParts) {
    this.#parts = parts;
  }

  /** Files of the window. */
  async insertUris(uris: readonly string[], place: DropPlace): Promise<void> {
    const parsed = uris.map((uri) => vscode.Uri.parse(uri));
    const names = fileNames(parsed.map(({ path }) => path));
    await this.#insert(names, place, (copies) =>
      Promise.all(parsed.map((uri) => localPath(uri, copies))),
    );
  }

  /** Files of the operating system. */
  async insertFiles(dropped: PageFiles, place: DropPlace): Promise<void> {
    const names = fileNames(dropped.files.map(({ name }) => name));
    try {
      await this.#insert(names, place, (copies) => copyAll(dropped, copies));
    } finally {
      dropped.end();
    }
  }

  async #insert(
    names: string,
    { connection, sql }: DropPlace,
    pathsOf: (copies: FileCopies) => Promise<readonly string[]>,
  ): Promise<void> {
    const copies = new FileCopies();
    try {
      const { connections } = this.#parts;
      const client = await clientShown(connections, connection.id);
      const table = await askTable(connection, client, names, (tables) => tablesNamed(sql, tables));
      if (table === undefined) return;
      const sources = await pathsOf(copies);
      if (sources.length === 0) return;
      const { insertFiles } = await import('../../transfer/insertFiles.ts');
      const outcome = await insertFiles(this.#parts, {
        connection,
        sources,
        table,
        confirm: true,
        // The copies go away at the end.
        waitForAnswer: true,
      });
      if (outcome) this.#parts.inserted(connection.id);
    } catch (error) {
      showError(error, { during: 'Nothing was inserted', connection: connection.id });
    } finally {
      await copies.release();
    }
  }
}

/** Nothing when one of them cannot be read: that is told here. */
async function copyAll(dropped: PageFiles, copies: FileCopies): Promise<string[]> {
  const total = dropped.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const start = performance.now();
  return withProgress('Taking over the dropped files', async (signal, update) => {
    const paths: string[] = [];
    let before = 0;
    for (const [index, { name, bytes }] of dropped.files.entries()) {
      const place = await copies.place(name);
      const isRead = await dropped.copy(index, place, signal, (copied) => {
        const done = before + copied;
        update({
          message: `${name}: ${sendingText(done, total, performance.now() - start)}`,
          fraction: total === 0 ? 1 : done / total,
        });
      });
      if (signal.aborted) return [];
      if (!isRead) {
        void vscode.window.showWarningMessage(unreadableText(name));
        return [];
      }
      before += bytes;
      paths.push(place);
    }
    return paths;
  });
}
