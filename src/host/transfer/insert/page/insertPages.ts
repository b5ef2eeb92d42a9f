import type * as vscode from 'vscode';
import { answersOf, textAnswer } from '../../../answers.ts';
import { registerCommands } from '../../../commands/registry.ts';
import type { InsertJob } from '../prepareInsert.ts';
import type { InsertDecision, InsertPage, InsertPageParts } from './insertPage.ts';

/** The insert pages that are open. */
export class InsertPages implements vscode.Disposable {
  readonly #parts: InsertPageParts;
  readonly #open = new Set<InsertPage>();
  readonly #command: vscode.Disposable;

  constructor(parts: InsertPageParts) {
    this.#parts = parts;
    this.#command = registerCommands('insertPage', () =>
      Promise.resolve({
        'rowhouse.acceptInsert': (argument) => {
          const onError = textAnswer(answersOf(argument), 'onError');
          return this.#active?.insert(onError === 'continue' ? onError : undefined) ?? false;
        },
      }),
    );
  }

  /** Shows what an insert will do. Undefined: turned away, nothing was sent. */
  async ask(job: InsertJob): Promise<InsertDecision | undefined> {
    const { InsertPage } = await import('./insertPage.ts');
    const page = new InsertPage(this.#parts, job);
    this.#open.add(page);
    try {
      return await page.decision;
    } finally {
      this.#open.delete(page);
    }
  }

  dispose(): void {
    this.#command.dispose();
  }

  get #active(): InsertPage | undefined {
    return [...this.#open].find((page) => page.isActive);
  }
}
