/** Why the local engine is not available. Texts are shown to people; `hint` says what to do next. */
export type EngineErrorKind =
  /** No ClickHouse of a usable version was found. */
  | 'engineNotFound'
  /** Another process uses the data directory. */
  | 'engineDataInUse'
  /** The child ended before it answered. */
  | 'engineStartFailed'
  /** The child did not answer in time. */
  | 'engineStartTimeout'
  /** The start was called off. */
  | 'engineStartCancelled';

export class EngineError extends Error {
  readonly kind: EngineErrorKind;
  readonly hint: string;

  constructor(kind: EngineErrorKind, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EngineError';
    this.kind = kind;
    this.hint = hint;
  }
}

/** Holds across two bundled copies of this file, where `instanceof` does not. */
export function isEngineError(error: unknown): error is EngineError {
  return error instanceof Error && error.name === 'EngineError' && 'kind' in error;
}
