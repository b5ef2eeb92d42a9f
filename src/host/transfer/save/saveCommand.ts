import { UsageError } from '../../../core/client/errors.ts';
import type { PartialSave, SaveReceipt } from '../../../core/client/surface.ts';
import { intoOutfile } from '../../../core/sql/intoOutfile.ts';
import { outputFormats } from '../serverFormats.ts';
import { tellSaved } from '../tellSaved.ts';
import { askParameters, parametersOfSession } from '../../editor/parameters.ts';
import { LOCAL_CONNECTION } from '../../connections/connections.ts';
import { whileConnecting } from '../../connections/whileConnecting.ts';
import type { RunningTasks } from '../../connections/runningTasks.ts';
import { askCut } from './askCut.ts';
import { askFormat } from './askFormat.ts';
import { type Failure, tellFailure } from './failedSave.ts';
import type { FormatChosen, LastChoices } from './lastChoices.ts';
import { requireOutputFormat, requireOwnFormat } from './ownFormat.ts';
import { saveOutfile } from './outfile.ts';
import { presetNote } from './optionTexts.ts';
import { outputFor } from './outputFor.ts';
import { runSave } from './runSave.ts';
import type { RunningSaves } from './runningSaves.ts';
import { type CheckedArguments, checkSaveArguments } from './saveArguments.ts';
import type { SaveSource, ShownRows } from './saveSource.ts';
import { choicesFor, lastOf, settleOwnFormat } from './settleOutput.ts';
import { type SaveTarget, askTarget, checkedTarget, givenUri } from './saveTarget.ts';
import {
  type FoundStatement,
  type StatementParts,
  findStatement,
  openSame,
  statementSource,
} from './statementSource.ts';

export interface SaveParts extends StatementParts {
  readonly running: RunningSaves;
  /** Knows the saves as running until they have ended. */
  readonly tasks: RunningTasks;
  /** The choices of the last saves. */
  readonly choices: LastChoices;
  /** Rows of a result on screen; without it a result's statement runs again. */
  readonly shownRows?: ShownRows;
}

/** What a failure has to tell of. */
type SaveState = { -readonly [K in Exclude<keyof Failure, 'error'>]: Failure[K] };

function keptIn(state: SaveState, { running }: SaveParts): (partial: PartialSave) => void {
  return (partial) => {
    // At once, so that it goes with the window when that closes.
    running.undecided(partial);
    state.partial = partial;
  };
}

/** Where the rows come from. Undefined: the user turned away. */
async function chooseSource(
  given: CheckedArguments,
  parts: SaveParts,
  setConnection: (id: string) => void,
): Promise<SaveSource | FoundStatement | undefined> {
  const shown =
    given.result === undefined
      ? 'again'
      : await parts.shownRows?.(given.result, given.rows, given.isUnattended);
  if (shown !== undefined && shown !== 'again') return shown;
  if (shown === undefined && parts.shownRows) return undefined;
  const found = findStatement(given, parts.connections);
  setConnection(found.connection);
  // A statement that says itself where its result goes is run as it says.
  return intoOutfile(found.sql) ? found : statementSource(found, given, parts);
}

const NOT_SHOWN = 'AND STDOUT was not followed: Run Query shows the rows as well';

/** Runs a statement with INTO OUTFILE: nothing is left to ask. */
async function saveAsItSays(
  { sql, uri, connection }: FoundStatement,
  given: CheckedArguments,
  parts: SaveParts,
  state: SaveState,
): Promise<SaveReceipt | undefined> {
  const clause = intoOutfile(sql);
  if (!clause) return undefined;
  if (given.format !== undefined || given.target !== undefined) {
    throw new UsageError(`The statement itself says INTO OUTFILE '${clause.file}'.`, {
      hint: 'Remove that clause from the statement, or give neither format nor target.',
    });
  }
  const { client, session: known } = await whileConnecting(
    parts.connections,
    connection,
    async (signal) =>
      uri
        ? openSame(uri, connection, parts, signal)
        : { client: await parts.connections.client(connection, { signal }), session: undefined },
  );
  const session = known ?? client.session();
  await using stack = new AsyncDisposableStack();
  if (!known) stack.defer(() => session.close());
  const held = session.holds.statements;
  const params = given.params ?? (await askParameters(sql, parametersOfSession(held)));
  if (!params) return undefined;
  const name = parts.connections.get(connection)?.name ?? connection;
  const statement = {
    clause,
    sql,
    document: uri,
    connection: name,
    client,
    session,
    params,
    engine: undefined,
    onPartial: keptIn(state, parts),
  };
  const origin = { kind: 'save', connection, title: `Saving ${clause.file}` } as const;
  const { saved, alsoShow } = await parts.tasks.run(origin, (signal, update) =>
    saveOutfile(statement, parts.running, { signal, update }),
  );
  tellSaved(saved, alsoShow ? NOT_SHOWN : undefined);
  return saved.receipt;
}

/** The format, given or asked for. Undefined: the user turned away. */
async function chooseFormat(
  given: CheckedArguments,
  source: SaveSource,
  { choices }: SaveParts,
): Promise<FormatChosen | undefined> {
  const formats = outputFormats(source.client);
  if (given.format !== undefined) {
    requireOutputFormat(given.format, await formats);
    if (source.ownFormat !== undefined && given.isUnattended) {
      requireOwnFormat(source.ownFormat, given.format);
    }
    return { format: given.format, values: given.options ?? {}, compression: given.compression };
  }
  const { ownFormat, ownSettings } = source;
  if (ownFormat !== undefined) requireOutputFormat(ownFormat, await formats);
  return askFormat({
    hasPlaces: true,
    formats,
    settings: source.formatSettings(),
    ownFormat,
    ownSettings,
    choices,
  });
}

/** The place, given or asked for. Undefined: the user turned away. */
async function chooseTarget(
  given: CheckedArguments,
  source: SaveSource,
  { format, compression }: FormatChosen,
  { choices }: SaveParts,
): Promise<SaveTarget | undefined> {
  const { document } = source;
  const wanted = { format, compression };
  if (given.target === undefined) return askTarget(wanted, document, choices);
  return checkedTarget(givenUri(given.target, document), wanted, given);
}

async function save(
  given: CheckedArguments,
  parts: SaveParts,
  state: SaveState,
): Promise<SaveReceipt | undefined> {
  const source = await chooseSource(given, parts, (id) => {
    state.connection = id;
  });
  if (!source) return undefined;
  if (!('save' in source)) return saveAsItSays(source, given, parts, state);
  const picked = await chooseFormat(given, source, parts);
  const chosen = picked && (await settleOwnFormat(source, picked, parts.choices));
  if (!chosen) return undefined;
  const target = await chooseTarget(given, source, chosen, parts);
  if (!target) return undefined;
  state.target = target.uri;
  // The name may have decided otherwise; then that format's own options count.
  const final =
    target.format === chosen.format ? chosen : await lastOf(target.format, source, parts.choices);
  const output = await outputFor(source, final, target);
  const params = await source.askParameters();
  if (!params) return undefined;
  if (!given.isUnattended) {
    await parts.choices.remember(final, target.compression, await choicesFor(source));
  }
  const onPartial = given.isUnattended ? undefined : keptIn(state, parts);
  const mayCut = given.isUnattended ? undefined : askCut;
  const job = { source, target, output, params, onPartial, mayCut };
  // Rows on screen are written by the local engine.
  const saved = await runSave(job, parts, state.connection ?? LOCAL_CONNECTION);
  tellSaved(saved, presetNote(final, saved.receipt.rows));
  return saved.receipt;
}

/**
 * Saves the result of a statement, or the rows of a result on screen, to a file, byte for byte as the server
 * sends it. With `format` and `target` given a failure rejects; otherwise it is shown. Undefined: the user
 * turned away, or it failed.
 */
export async function saveResultsAs(
  argument: unknown,
  parts: SaveParts,
): Promise<SaveReceipt | undefined> {
  const given = checkSaveArguments(argument);
  const state: SaveState = { connection: undefined, partial: undefined, target: undefined };
  try {
    return await save(given, parts, state);
  } catch (error) {
    if (given.isUnattended) throw error;
    await tellFailure({ error, ...state }, parts.running);
    return undefined;
  }
}
