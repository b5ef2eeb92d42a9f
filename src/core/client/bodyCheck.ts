import { appendedError, BodyTail, markedError } from './bodyTail.ts';
import { ExceptionScanner } from './exceptionScanner.ts';
import { inFormatError, writesErrorsInFormat } from './inFormatError.ts';
import type { ServerEra } from './serverEra.ts';

/** What the end of a body says about the statement. */
export interface Finding {
  /** The server's error text. */
  readonly text: string;
  /** Present when data could look the same: true for servers that would have written it as an error. */
  readonly plausible?: (era: ServerEra) => boolean;
}

/** Whether the server may write exceptions into JSON and XML results; `unknown`: nobody has said. */
export type InFormatErrors = 'on' | 'off' | 'unknown';

/**
 * Looks in a decoded body for an error of the server, in all the ways in which servers hide one behind
 * status 200.
 */
export class BodyCheck {
  readonly #scanner: ExceptionScanner | undefined;
  readonly #tail: BodyTail | undefined;
  readonly #format: string | undefined;
  readonly #inFormat: InFormatErrors;

  constructor(tag: string | undefined, format: string | undefined, inFormat: InFormatErrors) {
    this.#scanner = tag === undefined ? undefined : new ExceptionScanner(tag);
    this.#format = format;
    this.#inFormat = inFormat;
    // With a tag there is no need to look at data, except where the exception is part of the format.
    this.#tail = tag === undefined || writesErrorsInFormat(format) ? new BodyTail() : undefined;
  }

  /** The part of the chunk that is certainly data, or undefined when there is none yet. */
  push(chunk: Buffer): Buffer | undefined {
    const data = this.#scanner === undefined ? chunk : this.#scanner.push(chunk);
    if (data !== undefined) this.#tail?.push(data);
    return data;
  }

  /** False from the first byte on that may belong to the server's error. */
  get onlyData(): boolean {
    return this.#scanner?.onlyData ?? true;
  }

  /** What was held back and is data after all. Call at an orderly end without a certain error. */
  flush(): Buffer | undefined {
    return this.#scanner?.flush();
  }

  /** The error in a body with an orderly end. */
  atEnd(): Finding | undefined {
    const framed = this.#scanner?.message();
    if (framed !== undefined) return { text: framed };
    const tail = this.#tail?.latin1();
    if (tail === undefined) return undefined;
    const inFormat = inFormatError(this.#format, tail);
    if (inFormat?.certain === true) return { text: inFormat.text };
    if (inFormat !== undefined) return this.#uncertain(inFormat.text);
    if (this.#scanner !== undefined) return undefined;
    const appended = appendedError(tail);
    if (appended === undefined) return undefined;
    return { text: appended, plausible: (era) => !era.breaksFraming };
  }

  /** The error in a body that was cut. */
  atCut(): string | undefined {
    const framed = this.#scanner?.message();
    if (framed !== undefined) return framed;
    const tail = this.#tail?.latin1();
    if (tail === undefined) return undefined;
    const inFormat = inFormatError(this.#format, tail);
    if (inFormat?.certain === true) return inFormat.text;
    return this.#scanner === undefined ? markedError(tail) : undefined;
  }

  #uncertain(text: string): Finding | undefined {
    if (this.#inFormat === 'off') return undefined;
    if (this.#inFormat === 'on') return { text, plausible: () => true };
    // Tagged servers have the setting off unless someone asks for it.
    if (this.#scanner !== undefined) return undefined;
    return { text, plausible: (era) => era.hasInFormatSetting && !era.tagged };
  }
}
