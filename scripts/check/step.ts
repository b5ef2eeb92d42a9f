import type { Page } from 'playwright-core';
import type { Workbench } from '../../test/ui/harness/workbench.ts';

export interface CheckContext {
  readonly workbench: Workbench;
  readonly page: Page;
  /** An empty folder for what is saved. */
  readonly folder: string;
  /** Runs a statement in a ClickHouse of its own, apart from the extension's. Returns TSV. */
  readonly readBack: (sql: string) => Promise<string>;
  /** Writes what a plain HTTP request to that ClickHouse gets to a file. Returns the program that asked. */
  readonly download: (request: { sql: string; format: string; target: string }) => Promise<string>;
  readonly say: (line: string) => void;
}

/** @throws Error when the two differ. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, but expected ${should}`);
}
