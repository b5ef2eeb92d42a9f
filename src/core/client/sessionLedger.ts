import { type SessionEffect, sessionEffect } from '../sql/sessionEffect.ts';
import type { ParameterValues, SessionHoldings, SessionStep } from './surface.ts';

/** Characters of statements that are kept; beyond it the ones that fill tables are forgotten. */
const MAX_TEXT = 1024 * 1024;
/** Statements whose end nobody saw that are remembered. */
const MAX_PERHAPS = 20;

type Step = SessionStep & {
  /** Names that a SET sets; no names: SET ROLE. */
  readonly names?: readonly string[];
};

/** What ran in a session and left something there: the server can list neither. */
export class SessionLedger {
  #steps: Step[] = [];
  readonly #tables = new Set<string>();
  readonly #settings = new Map<string, string>();
  #database: string | undefined;
  #inTransaction = false;
  #perhaps: { readonly sql: string; readonly subjects: readonly string[] }[] = [];

  get isEmpty(): boolean {
    return this.#steps.length === 0 && !this.#inTransaction && this.#perhaps.length === 0;
  }

  get holdings(): SessionHoldings {
    const steps = this.#steps.map(({ kind, sql, params, table, reads, repeatable }) => ({
      kind,
      sql,
      params,
      table,
      reads,
      repeatable,
    }));
    return {
      statements: steps.filter(({ kind }) => kind === 'set' || kind === 'use').map(sqlOf),
      temporaryTables: [...this.#tables],
      settings: [...this.#settings].map(([name, value]) => ({ name, value })),
      database: this.#database,
      inTransaction: this.#inTransaction,
      steps,
      perhaps: this.#perhaps.map(({ sql }) => sql),
    };
  }

  /** Notes a statement that was sent and whose end nobody saw: it was cancelled, or its reply was lost. */
  recordPerhaps(sql: string, which: 'all' | 'tablesBeingFilled' = 'all'): void {
    const effect = sessionEffect(sql);
    const isFilled = effect?.kind === 'create' && effect.reads;
    if (which === 'tablesBeingFilled' && !isFilled) return;
    if (effect === undefined || (effect.kind === 'write' && !this.#tables.has(effect.table)))
      return;
    this.#perhaps.push({ sql: sql.trim(), subjects: subjectsOf(effect) });
    this.#perhaps = this.#perhaps.slice(-MAX_PERHAPS);
  }

  /**
   * Notes a statement that succeeded.
   * @param uploads true: its data came beside it and is not kept
   */
  record(sql: string, params: ParameterValues, uploads: boolean): void {
    const effect = sessionEffect(sql);
    if (effect) this.#settle(effect);
    const step = { sql: sql.trim(), params, table: undefined, reads: false, repeatable: true };
    switch (effect?.kind) {
      case undefined:
        return;
      case 'set': {
        const names = effect.changes.map(({ name }) => name);
        this.#dropOverridden('set', names);
        this.#steps.push({ ...step, kind: 'set', names });
        for (const { name, value } of effect.changes) {
          this.#settings.delete(name);
          if (value !== undefined) this.#settings.set(name, value);
        }
        return;
      }
      case 'use':
        this.#dropOverridden('use', []);
        this.#steps.push({ ...step, kind: 'use' });
        this.#database = effect.database;
        return;
      case 'create': {
        const { table, reads, ifNotExists } = effect;
        if (ifNotExists && this.#tables.has(table)) return;
        this.#drop(table, step);
        this.#tables.add(table);
        this.#steps.push({ ...step, kind: 'create', table, reads });
        this.#bound();
        return;
      }
      case 'write': {
        const { table, reads } = effect;
        if (!this.#tables.has(table)) return;
        this.#steps.push({ ...step, kind: 'write', table, reads, repeatable: !uploads });
        this.#bound();
        return;
      }
      case 'drop':
        for (const table of effect.tables) this.#drop(table, step);
        return;
      case 'transaction':
        this.#inTransaction = effect.isOpen;
    }
  }

  /** What is known for certain now, whatever an earlier statement did. */
  #settle(effect: SessionEffect): void {
    if (effect.kind === 'write' || (effect.kind === 'create' && effect.ifNotExists)) return;
    const settled = subjectsOf(effect);
    this.#perhaps = this.#perhaps.filter(
      ({ subjects }) => !subjects.every((subject) => settled.includes(subject)),
    );
  }

  /** A setting that is set again, with nothing between that it could have changed, need not be kept twice. */
  #dropOverridden(kind: 'set' | 'use', names: readonly string[]): void {
    const from =
      this.#steps.findLastIndex((step) => step.kind !== 'set' && step.kind !== 'use') + 1;
    const isKept = (step: Step, at: number): boolean => {
      if (at < from || step.kind !== kind) return true;
      const old = step.names ?? [];
      if (kind === 'set' && (old.length === 0) !== (names.length === 0)) return true;
      return old.some((name) => !names.includes(name));
    };
    this.#steps = this.#steps.filter(isKept);
  }

  /** What made a table is needed as long as the statement of another one names it. */
  #drop(table: string, step: Omit<Step, 'kind'>): void {
    if (!this.#tables.delete(table)) return;
    const isNeeded = this.#steps.some(
      (other) => other.table !== undefined && other.table !== table && other.sql.includes(table),
    );
    if (isNeeded) this.#steps.push({ ...step, kind: 'drop', table });
    else this.#steps = this.#steps.filter((other) => other.table !== table);
  }

  #bound(): void {
    const size = this.#steps.reduce((sum, { sql }) => sum + sql.length, 0);
    if (size <= MAX_TEXT) return;
    const filled = new Set(this.#steps.filter(({ kind }) => kind === 'write').map(tableOf));
    this.#steps = this.#steps.filter(({ kind }) => kind !== 'write');
    const forgotten = { sql: '', params: {}, reads: false, repeatable: false };
    for (const table of filled) this.#steps.push({ ...forgotten, kind: 'write', table });
  }
}

/** What a statement changes in its session. */
function subjectsOf(effect: SessionEffect): string[] {
  switch (effect.kind) {
    case 'set':
      return effect.changes.length === 0
        ? ['role']
        : effect.changes.map(({ name }) => `set ${name}`);
    case 'create':
    case 'write':
      return [`table ${effect.table}`];
    case 'drop':
      return effect.tables.map((table) => `table ${table}`);
    default:
      return [effect.kind];
  }
}

const sqlOf = ({ sql }: SessionStep): string => sql;
const tableOf = ({ table }: SessionStep): string | undefined => table;
