import type * as vscode from 'vscode';
import {
  type ServerSettings,
  formatOptions,
  validChoices,
} from '../../../core/transfer/formatOptions.ts';
import { findFormat } from '../../../core/transfer/formats.ts';
import type { FormatChoices } from '../../../core/transfer/options/formatOption.ts';
import {
  type OwnOutput,
  isSettled,
  unsettledChoices,
} from '../../../core/transfer/options/ownOutput.ts';
import type { SaveCompression } from './saveArguments.ts';

/** A format with everything that was decided about it. */
export interface FormatChosen {
  readonly format: string;
  /** Options that were chosen; the others are left to the server. */
  readonly values: FormatChoices;
  /** Undefined: by the file's name. */
  readonly compression: SaveCompression | undefined;
}

/** What the next save is of. */
export interface ChoicesFor {
  /** The settings of its server; undefined when it could not be asked. */
  readonly server: ServerSettings | undefined;
  readonly own: OwnOutput;
}

interface Remembered {
  readonly values?: FormatChoices;
  readonly compression?: SaveCompression;
}

interface LastFolder {
  readonly folder: string;
  /** The folder of the document. */
  readonly beside: string;
}

const LAST_FORMAT = 'rowhouse.lastSaveFormat';
const CHOICES = 'rowhouse.saveChoices';
const TO_OWN_MACHINE = 'rowhouse.saveToOwnMachine';
const OWN_FOLDER = 'rowhouse.ownSaveFolder';
const FOLDER = 'rowhouse.saveFolder';

function nameOf(format: string): string {
  return findFormat(format)?.name ?? format;
}

/** What was chosen in the last saves: the format, and for each format its options and compression. */
export class LastChoices {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get format(): string | undefined {
    return this.#memory.get<string>(LAST_FORMAT);
  }

  /**
   * A format as it was saved last; with defaults when it never was.
   * @param where what of it does not hold there is left out.
   */
  of(format: string, { server, own }: ChoicesFor): FormatChosen {
    const { values, compression } = this.#all()[nameOf(format)] ?? {};
    const valid = validChoices(format, values, server);
    return { format, values: unsettledChoices(valid, formatOptions(format), own), compression };
  }

  /** Files of remote windows go to the user's own machine. */
  get isToOwnMachine(): boolean {
    return this.#memory.get(TO_OWN_MACHINE, false);
  }

  async setToOwnMachine(isOwn: boolean): Promise<void> {
    await this.#memory.update(TO_OWN_MACHINE, isOwn);
  }

  /** The folder of the last file there, as the path of a Uri. */
  get ownFolder(): string {
    return this.#memory.get(OWN_FOLDER, '/');
  }

  async rememberOwnFolder(folder: string): Promise<void> {
    await this.#memory.update(OWN_FOLDER, folder);
  }

  /** Where the last file went, if its document was in this folder, too; else this folder. */
  folderBeside(documentFolder: string): string {
    const last = this.#memory.get<LastFolder>(FOLDER);
    return last?.beside === documentFolder ? last.folder : documentFolder;
  }

  async rememberFolder(last: LastFolder): Promise<void> {
    await this.#memory.update(FOLDER, last);
  }

  /** @param where what of the format could not be chosen there stays as it was remembered. */
  async remember(
    { format, values }: FormatChosen,
    compression: SaveCompression,
    { server, own }: ChoicesFor,
  ): Promise<void> {
    const once = formatOptions(format).flatMap((option) => (option.once ? option.id : []));
    const kept = Object.entries(values).filter(([id]) => !once.includes(id));
    const offered = new Set(
      formatOptions(format, server).flatMap((option) => (isSettled(option, own) ? [] : option.id)),
    );
    const before = this.#all()[nameOf(format)]?.values ?? {};
    const notOffered = Object.entries(before).filter(([id]) => !offered.has(id));
    const choice: Remembered = {
      values: Object.fromEntries([...notOffered, ...kept]),
      ...(compression !== 'none' && { compression }),
    };
    await this.#memory.update(CHOICES, { ...this.#all(), [nameOf(format)]: choice });
    await this.#memory.update(LAST_FORMAT, nameOf(format));
  }

  #all(): Readonly<Record<string, Remembered | undefined>> {
    return this.#memory.get(CHOICES, {});
  }
}
