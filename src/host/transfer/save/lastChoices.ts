import type * as vscode from 'vscode';
import type { Settings } from '../../../core/client/surface.ts';
import { findFormat } from '../../../core/transfer/formats.ts';
import type { SaveCompression } from './saveArguments.ts';

/** A format with everything that was decided about it. */
export interface FormatChosen {
  readonly format: string;
  /** The options that differ from ClickHouse's defaults, by their ids. */
  readonly values: Readonly<Record<string, string>>;
  /** Undefined: by the file's name. */
  readonly compression: SaveCompression | undefined;
  /** What the options stand for. */
  readonly settings: Settings;
  readonly leading: Uint8Array | undefined;
}

interface Remembered {
  readonly values?: Readonly<Record<string, string>>;
  readonly compression?: SaveCompression;
}

const LAST_FORMAT = 'rowhouse.lastSaveFormat';
const CHOICES = 'rowhouse.saveChoices';

/** What was chosen in the last saves: the format, and for each format its options and compression. */
export class LastChoices {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get format(): string | undefined {
    return this.#memory.get<string>(LAST_FORMAT);
  }

  /** A format as it was saved last; with defaults when it never was. */
  of(format: string): FormatChosen {
    const name = findFormat(format)?.name ?? format;
    const { values = {}, compression } = this.#all()[name] ?? {};
    return chosenFormat(format, values, compression);
  }

  async remember({ format, values }: FormatChosen, compression: SaveCompression): Promise<void> {
    const name = findFormat(format)?.name ?? format;
    const choice: Remembered = {
      values,
      ...(compression !== 'none' && { compression }),
    };
    await this.#memory.update(CHOICES, { ...this.#all(), [name]: choice });
    await this.#memory.update(LAST_FORMAT, name);
  }

  #all(): Readonly<Record<string, Remembered | undefined>> {
    return this.#memory.get(CHOICES, {});
  }
}

/** A format with options, made ready to be sent. */
export function chosenFormat(
  format: string,
  values: Readonly<Record<string, string>>,
  compression: SaveCompression | undefined,
): FormatChosen {
  return { format, values, compression, settings: {}, leading: undefined };
}
