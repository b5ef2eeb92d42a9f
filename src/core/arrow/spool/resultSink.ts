import { Schema } from 'apache-arrow';
import type { ResultColumn } from '../../../shared/columns.ts';
import type { RowBeside } from '../../../shared/rowBeside.ts';
import type { ZoneTable } from '../../../shared/zoneTable.ts';
import { zoneOffsets } from '../../types/format/tableZones.ts';
import { encodeSchema, END_OF_STREAM } from '../encode.ts';
import type { DescribedColumn } from './describe.ts';
import { arrowColumns, arrowColumnsAsTheyCome, zonesOfColumns } from './resultColumns.ts';
import type { Spool } from './spool.ts';
import type { SpoolWriter } from './spoolWriter.ts';
import type { TextRows } from './textRows.ts';

/** Takes the bytes of one reply into a spool, whatever its format. */
export interface ResultSink {
  /** Undefined until they are known. */
  readonly columns: ResultColumn[] | undefined;
  /** The offsets that the texts of the columns depend on; known with the columns. */
  readonly zones: ZoneTable[];
  /** Totals and extremes, at the end of the reply. */
  readonly beside: RowBeside[];
  /** The chunk may be overwritten afterwards. */
  write(chunk: Uint8Array): Promise<void>;
  /** At the verified end of the reply. */
  end(): Promise<void>;
  /** A limit was reached; the rows within it stay. */
  stop(): Promise<void>;
  /** The reply broke off; the rows so far stay. */
  fail(error: unknown): Promise<void>;
}

/** The reply's Arrow types have no rule for the described types: the statement has to run again for text. */
export class NotShowableAsArrow extends Error {
  override readonly name = 'NotShowableAsArrow';
}

interface ArrowSinkOptions {
  /** Zone of `DateTime` columns without one of their own. */
  timeZone: string;
  /** The statement itself asks for Arrow, so there is no other way to show it. */
  asItComes: boolean;
  zoneTables: (names: ReadonlySet<string>) => Promise<ZoneTable[]>;
}

/** The reply is Arrow: its bytes go to the spool as they are. */
export class ArrowSink implements ResultSink {
  readonly beside = [];
  readonly #writer: SpoolWriter;
  readonly #spool: Spool;
  readonly #described: readonly DescribedColumn[];
  readonly #options: ArrowSinkOptions;
  #columns: ResultColumn[] | undefined;
  #zones: ZoneTable[] = [];

  constructor(
    writer: SpoolWriter,
    described: readonly DescribedColumn[],
    options: ArrowSinkOptions,
  ) {
    this.#writer = writer;
    this.#spool = writer.spool;
    this.#described = described;
    this.#options = options;
  }

  get zones(): ZoneTable[] {
    return this.#zones;
  }

  get columns(): ResultColumn[] | undefined {
    return this.#columns;
  }

  /** @throws NotShowableAsArrow as soon as the schema came */
  async write(chunk: Uint8Array): Promise<void> {
    await this.#writer.write(chunk);
    const { schema } = this.#spool;
    if (this.#columns || !schema) return;
    const { timeZone, asItComes, zoneTables } = this.#options;
    this.#zones = await zoneTables(zonesOfColumns(this.#described, schema, timeZone));
    const columnsOf = asItComes ? arrowColumnsAsTheyCome : arrowColumns;
    const zones = zoneOffsets(this.#zones);
    this.#columns = columnsOf(this.#described, schema, { timeZone, zones });
    if (!this.#columns) throw new NotShowableAsArrow('A column cannot be shown from Arrow.');
  }

  async end(): Promise<void> {
    if (!this.#spool.schema) {
      await this.#writer.write(encodeSchema(new Schema([])));
      await this.#writer.write(END_OF_STREAM);
      this.#columns = [];
    }
    await this.#writer.finish();
  }

  stop(): Promise<void> {
    return this.#writer.stop();
  }

  fail(error: unknown): Promise<void> {
    return this.#writer.fail(error);
  }
}

/** Rows of a slow text result are held back no longer than this, as long as more of it comes. */
const HOLD_MS = 50;

/** The reply is text: it goes to the spool as Arrow columns of text. */
export class TextSink implements ResultSink {
  readonly zones = [];
  readonly #writer: SpoolWriter;
  readonly #rows: TextRows;
  #flushedAt = 0;

  constructor(writer: SpoolWriter, rows: TextRows) {
    this.#writer = writer;
    this.#rows = rows;
  }

  get columns(): ResultColumn[] | undefined {
    return this.#rows.columns;
  }

  get beside(): RowBeside[] {
    return this.#rows.beside;
  }

  async write(chunk: Uint8Array): Promise<void> {
    let bytes = this.#rows.push(chunk);
    if (performance.now() - this.#flushedAt > HOLD_MS) {
      const held = this.#rows.rest();
      if (held.length > 0) {
        await this.#writer.write(bytes);
        bytes = held;
      }
      this.#flushedAt = performance.now();
    }
    await this.#writer.write(bytes);
  }

  async end(): Promise<void> {
    await this.#writer.write(this.#rows.end());
    await this.#writer.finish();
  }

  stop(): Promise<void> {
    return this.#writer.stop();
  }

  async fail(error: unknown): Promise<void> {
    await this.#writer.write(this.#rows.rest()).catch(() => {
      // `error` is what stopped the result; that the last rows could not be kept adds nothing.
    });
    await this.#writer.fail(error);
  }
}
