/**
 * What a statement does, as far as running it depends on that.
 * - `select`: SELECT in all its forms; its columns can be described without running it
 * - `show`: SHOW, DESCRIBE, EXISTS, EXPLAIN, CHECK: returns rows, cannot be described
 * - `ddl`: changes definitions, rights or stored data without returning a result
 * - `other`: everything else, also BACKUP, EXECUTE AS and expressions run by `implicit_select`
 */
export type StatementKind =
  | 'select'
  | 'insert'
  | 'show'
  | 'set'
  | 'use'
  | 'ddl'
  | 'system'
  | 'kill'
  | 'transaction'
  | 'other';

/**
 * True if the server may answer with rows. Some of `ddl` and `system` do so at times (ON CLUSTER,
 * for example), so a body that came nevertheless has to be looked at.
 */
export function returnsRows(kind: StatementKind): boolean {
  return kind === 'select' || kind === 'show' || kind === 'kill' || kind === 'other';
}

/** True if the statement changes nothing on the server, so that it may be run again. */
export function isRead(kind: StatementKind): boolean {
  return kind === 'select' || kind === 'show';
}
