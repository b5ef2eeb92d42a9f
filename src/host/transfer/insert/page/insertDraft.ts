import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Client, Settings, TableName } from '../../../../core/client/surface.ts';
import type { FileToInsert } from '../../../../core/transfer/insertMany.ts';
import { type InsertPlan, planInsert } from '../../../../core/transfer/insertPlan.ts';
import {
  insertColumns,
  sampleColumns,
  usualTargets,
} from '../../../../core/transfer/look/columnTargets.ts';
import {
  choiceSettings,
  noHeaderSettings,
  type ReadingChoices,
  serverReading,
  type ServerReading,
  usualChoices,
  withHeader,
} from '../../../../core/transfer/look/readingChoices.ts';
import { freeTableName, proposeTable } from '../../../../core/transfer/tableFromFile.ts';
import type {
  InsertMode,
  OnError,
  ShownReading,
} from '../../../../shared/insert/insertProtocol.ts';
import { errorText } from '../../../errors/errorText.ts';
import type { InsertJob } from '../prepareInsert.ts';
import { tableNameOf } from '../tableByName.ts';
import { fileKinds, type FileKind } from './fileKinds.ts';
import { KnownLooks } from './knownLooks.ts';
import { type FileAccess, type Look, lookAtRows, NOTHING_SEEN } from './lookAtRows.ts';
import { NewTable } from './newTable.ts';
import { type DecidedKind, unplannedFile } from './unplannedFile.ts';

/** What is to be inserted, as it was decided on the page. */
export interface DecidedInsert {
  readonly table: TableName;
  readonly files: readonly FileToInsert[];
  readonly onError: OnError;
  readonly mode: InsertMode;
}

/**
 * What the user has decided about an insert so far, and what the file looks like under it. Owns the preview's
 * files. Sends nothing to the table.
 */
export class InsertDraft {
  readonly job: InsertJob;
  readonly kinds: FileKind[];
  onError: OnError;
  mode: InsertMode;
  shownKind = 0;
  choices: ReadingChoices;
  newTable: NewTable | undefined;
  look: Look = NOTHING_SEEN;
  isLooking = false;
  readonly #onChange: () => void;
  readonly #folder: Promise<string>;
  readonly #looks = new KnownLooks();
  #server: ServerReading | undefined;
  #looking = new AbortController();

  constructor(job: InsertJob, onChange: () => void) {
    this.job = job;
    this.onError = job.onError;
    this.mode = job.mode;
    this.kinds = fileKinds(job.files);
    this.choices = usualChoices({}, '');
    this.#onChange = onChange;
    this.#folder = mkdtemp(path.join(os.tmpdir(), 'rowhouse-look-'));
  }

  get kind(): FileKind | undefined {
    return this.kinds[this.shownKind];
  }

  get table(): TableName {
    return this.newTable?.table ?? this.job.table;
  }

  /** The plan of the shown file, with the columns of the table as they will be. */
  get plan(): InsertPlan | undefined {
    const { kind, newTable } = this;
    if (!kind || !newTable) return kind?.plan;
    const tableColumns = newTable.columns.map((column) => ({
      ...column,
      computed: false,
      optional: false,
    }));
    return { ...kind.plan, tableColumns, missing: [], extra: [] };
  }

  /** Looks at the first file. */
  async start(): Promise<void> {
    await this.#lookAgain(async (signal) => {
      this.#server = await serverReading(this.#query, signal);
      const { plan } = this.kind ?? {};
      this.choices = usualChoices(this.#server, plan?.format ?? '');
      if (this.job.createsTable) await this.#propose(this.job.table, signal);
    });
  }

  async showKind(index: number): Promise<void> {
    if (!this.kinds[index]) return;
    this.shownKind = index;
    await this.#lookAgain();
  }

  /** Changes how the file is read; what changes its columns has it planned anew. */
  async read(change: Partial<ShownReading>): Promise<void> {
    const { kind } = this;
    if (!kind) return;
    const { format, header, delimiter, ...others } = change;
    this.choices = { ...this.choices, ...others };
    if (format !== undefined)
      Object.assign(kind, { format, delimiter: undefined, noHeader: false });
    if (header !== undefined) {
      kind.format = withHeader(kind.format ?? kind.plan.format, header);
      kind.noHeader = !header;
    }
    if (delimiter !== undefined) kind.delimiter = delimiter;
    const isNewPlan = format !== undefined || header !== undefined || delimiter !== undefined;
    await this.#lookAgain((signal) => (isNewPlan ? this.#planAgain(kind, signal) : undefined));
  }

  /** Reads the shown file as its first lines look, whatever its name says. */
  async readAsOther(): Promise<void> {
    const { kind } = this;
    if (!kind?.plan.other) return;
    Object.assign(kind, { format: undefined, delimiter: undefined, noHeader: false });
    await this.#lookAgain(async (signal) => {
      await this.#planAgain(kind, signal, 'lines');
      kind.format = kind.plan.format;
    });
  }

  async map(column: number, target: string | undefined): Promise<void> {
    const { kind } = this;
    if (!kind || column >= kind.targets.length) return;
    kind.targets = kind.targets.map((old, index) => (index === column ? target : old));
    await this.#lookAgain();
  }

  async setColumnType(column: number, type: string): Promise<void> {
    this.newTable?.setType(column, type);
    await this.#lookAgain();
  }

  /** From now on for a table that does not exist yet. */
  async createTable(): Promise<void> {
    const { table } = this.job;
    const file = this.kind?.plan.path ?? '';
    const database = typeof table === 'string' ? undefined : table.database;
    await this.#lookAgain(async (signal) => {
      const wanted = tableNameOf(file);
      const name = await freeTableName(this.#query, database, wanted, signal);
      await this.#propose({ ...(database !== undefined && { database }), table: name }, signal);
    });
  }

  /** Settings that the shown kind's files are read with, beyond what their plans say. */
  settingsOf(kind: FileKind): Settings {
    const { plan, delimiter, noHeader } = kind;
    const mapping = insertColumns(this.#planOf(kind), kind.targets).mapping;
    const skips = this.choices.skipUnknown || mapping !== undefined;
    return {
      ...(delimiter !== undefined && { format_csv_delimiter: delimiter }),
      ...(noHeader && noHeaderSettings(plan.format)),
      ...(this.#server && choiceSettings(plan.format, this.choices, this.#server)),
      ...(plan.namesColumns &&
        kind.targets.includes(undefined) && { input_format_skip_unknown_fields: skips ? 1 : 0 }),
    };
  }

  decided(): DecidedInsert {
    const server = this.#server;
    const decided = this.kinds.map((kind): DecidedKind => ({
      kind,
      columns: insertColumns(this.#planOf(kind), kind.targets),
      settings: this.settingsOf(kind),
      mereSettings: server ? choiceSettings(kind.plan.format, this.choices, server) : {},
    }));
    const files = this.job.files.map((file, index): FileToInsert => {
      const own = decided.find(({ kind }) => kind.files.includes(index));
      if (!own || !file.plan) return unplannedFile(file, decided);
      const { format, settings, namesColumns, path: shown, bytes, modified } = own.kind.plan;
      return {
        ...file,
        plan: {
          ...file.plan,
          // The shown one may have been looked at again.
          ...(shown === file.path && { bytes, modified }),
          format,
          settings,
          namesColumns,
        },
        choices: { ...own.columns, settings: own.settings },
      };
    });
    return { table: this.table, files, onError: this.onError, mode: this.mode };
  }

  async dispose(): Promise<void> {
    this.#looking.abort();
    await this.#looks.dispose();
    await rm(await this.#folder, { recursive: true, force: true });
  }

  readonly #query: Client['rawQuery'] = (sql, options) => this.job.client.rawQuery(sql, options);

  #planOf(kind: FileKind): InsertPlan {
    return kind === this.kind ? (this.plan ?? kind.plan) : kind.plan;
  }

  /** Does what changes the plan, then reads the first rows; an earlier look ends. */
  async #lookAgain(change?: (signal: AbortSignal) => Promise<void> | undefined): Promise<void> {
    this.#looking.abort();
    const abort = new AbortController();
    this.#looking = abort;
    this.isLooking = true;
    this.#onChange();
    let look = NOTHING_SEEN;
    try {
      await change?.(abort.signal);
      look = await this.#lookAt(abort.signal);
    } catch (error) {
      look = { ...NOTHING_SEEN, problem: errorText(error).short };
    }
    if (abort.signal.aborted) return;
    this.look = look;
    this.isLooking = false;
    this.#onChange();
  }

  /** @param trust `lines`: the format is looked for again */
  async #planAgain(kind: FileKind, signal: AbortSignal, trust?: 'lines'): Promise<void> {
    const { plan, format, delimiter } = kind;
    const options = {
      path: plan.path,
      ...(trust ? { trust } : { format: format ?? plan.format }),
      contentEncoding: plan.coding ?? ('none' as const),
      ...this.#access,
      settings: {
        ...(delimiter !== undefined && { format_csv_delimiter: delimiter }),
        ...(kind.noHeader && noHeaderSettings(format ?? plan.format)),
      },
      signal,
    };
    if (this.newTable) {
      const proposal = await proposeTable(this.#query, { ...options, table: this.newTable.table });
      kind.plan = proposal.plan;
      this.newTable.columns = proposal.columns;
      this.newTable.orderBy = proposal.orderBy;
    } else {
      kind.plan = await planInsert(this.#query, { ...options, table: this.job.table });
    }
    // What its name does not tell is still true, unless another format was chosen.
    if (!trust && (format === undefined || format === plan.format)) {
      const { formatBy, remarks, other } = plan;
      kind.plan = { ...kind.plan, formatBy, remarks, other };
    }
    kind.targets = usualTargets(this.#planOf(kind));
  }

  async #propose(table: TableName, signal: AbortSignal): Promise<void> {
    const { kind } = this;
    if (!kind || typeof table === 'string') return;
    const proposal = await proposeTable(this.#query, {
      path: kind.plan.path,
      format: kind.plan.format,
      contentEncoding: kind.plan.coding ?? 'none',
      table,
      ...this.#access,
      settings: this.settingsOf(kind),
      signal,
    });
    this.newTable = new NewTable(table, proposal);
    kind.targets = usualTargets(this.#planOf(kind));
  }

  get #access(): FileAccess {
    const { connection, localReader, answers } = this.job;
    const serverReadsFiles = connection.kind === 'local';
    return { serverReadsFiles, sendsFiles: true, localReader, answers };
  }

  async #lookAt(signal: AbortSignal): Promise<Look> {
    const { kind, plan, job } = this;
    if (!kind || !plan || plan.isEmpty) return NOTHING_SEEN;
    const { targets } = kind;
    const settings = { ...plan.settings, ...this.settingsOf(kind) };
    const { path: file, format, coding } = plan;
    const seen = await stat(file).catch(() => undefined);
    // Rows that fail are looked for whatever number of them is allowed.
    const asked = { ...settings, input_format_allow_errors_num: 0 };
    const key = [
      file,
      seen?.size,
      seen?.mtimeMs,
      format,
      coding,
      sampleColumns(plan, targets),
      asked,
    ];
    const folder = await this.#folder;
    return this.#looks.get(JSON.stringify(key), () =>
      lookAtRows({ job, access: this.#access, plan, targets, settings, folder, signal }),
    );
  }
}
