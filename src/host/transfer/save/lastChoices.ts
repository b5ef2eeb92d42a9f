import type * as vscode from 'vscode';
import {
  type ServerSettings,
  formatOptions,
  formatPresets,
  validChoices,
} from '../../../core/transfer/formatOptions.ts';
import { findFormat } from '../../../core/transfer/formats.ts';
import type { FormatChoices } from '../../../core/transfer/options/formatOption.ts';
import {
  type OwnOutput,
  isSettled,
  unsettledChoices,
} from '../../../core/transfer/options/ownOutput.ts';
import { presetChosen, presetOf } from './presets.ts';
import type { SaveCompression } from './saveArguments.ts';

/** A format with everything that was decided about it. */
export interface FormatChosen {
  readonly format: string;
  /** Options that were chosen; the others are left to the server. */
  readonly values: FormatChoices;
  /** Id of the preset that the values are; what the statement itself settles may be left out of them. */
  readonly preset?: string | undefined;
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
  /** The last save was this preset, which takes nothing from the choices besides it. */
  readonly preset?: { readonly id: string; readonly compression?: SaveCompression };
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
  of(format: string, where: ChoicesFor): FormatChosen {
    const { preset: last } = this.#of(format);
    const preset = formatPresets(format).find(({ id }) => id === last?.id);
    if (!preset) return this.besidesPresets(format, where);
    return { ...presetChosen(format, preset, where), compression: last?.compression };
  }

  /** A format as it was saved last without a preset. */
  besidesPresets(format: string, { server, own }: ChoicesFor): FormatChosen {
    const { values, compression } = this.#of(format);
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
    chosen: FormatChosen,
    compression: SaveCompression,
    where: ChoicesFor,
  ): Promise<void> {
    const { format } = chosen;
    const preset = presetOf(chosen);
    const coding = compression !== 'none' && { compression };
    const choice: Remembered = preset
      ? { ...this.#of(format), preset: { id: preset.id, ...coding } }
      : { values: this.#rememberedValues(chosen, where), ...coding };
    await this.#memory.update(CHOICES, { ...this.#all(), [nameOf(format)]: choice });
    await this.#memory.update(LAST_FORMAT, nameOf(format));
  }

  #rememberedValues({ format, values }: FormatChosen, { server, own }: ChoicesFor): FormatChoices {
    const once = formatOptions(format).flatMap((option) => (option.once ? option.id : []));
    const kept = Object.entries(values).filter(([id]) => !once.includes(id));
    const offered = new Set(
      formatOptions(format, server).flatMap((option) => (isSettled(option, own) ? [] : option.id)),
    );
    const notOffered = Object.entries(this.#of(format).values ?? {}).filter(
      ([id]) => !offered.has(id),
    );
    return Object.fromEntries([...notOffered, ...kept]);
  }

  #of(format: string): Remembered {
    const remembered = this.#all()[nameOf(format)] ?? {};
    const { values = {}, compression, preset } = remembered;
    // Earlier versions remembered a preset by its values, in the place of the format's own.
    const old = preset ? undefined : presetOf({ format, values });
    return old ? { preset: { id: old.id, ...(compression && { compression }) } } : remembered;
  }

  #all(): Readonly<Record<string, Remembered | undefined>> {
    return this.#memory.get(CHOICES, {});
  }
}
