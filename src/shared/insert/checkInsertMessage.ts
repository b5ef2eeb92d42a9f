import {
  check,
  type Checked,
  column,
  count,
  gridAnswers,
  gridQuestions,
  flag,
  list,
  type Loose,
  type Messages,
  object,
  oneOf,
  optional,
  type Reader,
  text,
  zoneTable,
} from '../messageReaders.ts';
import {
  INSERT_MODES,
  type InsertHostMessage,
  type InsertPageMessage,
  type InsertSnapshot,
  ON_ERROR,
  type ShownColumn,
  type ShownFailure,
  type ShownFile,
  type ShownNewTable,
  type ShownOther,
  type ShownReading,
  type ShownRows,
  type ShownTarget,
} from './insertProtocol.ts';

const onError = oneOf(...ON_ERROR);
const mode = oneOf(...INSERT_MODES);

const file = object<Loose<ShownFile>>({
  name: text,
  bytes: count,
  kind: optional(count),
  problem: optional(text),
}) as Reader<ShownFile>;

const fileColumn = object<Loose<ShownColumn>>({
  name: text,
  type: text,
  target: optional(text),
}) as Reader<ShownColumn>;

const target = object<ShownTarget>({
  name: text,
  type: text,
  filled: oneOf('file', 'default', 'computed'),
});

const failure = object<Loose<ShownFailure>>({
  row: optional(count),
  column: optional(text),
  reason: text,
}) as Reader<ShownFailure>;

const rows = object<Loose<ShownRows>>({
  id: text,
  columns: list(column),
  rows: count,
  timeZone: text,
  zones: optional(list(zoneTable)),
}) as Reader<ShownRows>;

const choices = {
  header: optional(flag),
  delimiter: optional(text),
  skipUnknown: optional(flag),
  allowErrors: optional(count),
  bestEffortTimes: optional(flag),
  nullText: optional(text),
};

const reading = object<Loose<ShownReading>>({ format: text, ...choices }) as Reader<ShownReading>;

const readingChange = object<Loose<ShownReading>>({
  format: optional(text),
  ...choices,
}) as Reader<Partial<ShownReading>>;

const newTableChange = object<Loose<Omit<ShownNewTable, 'edited'>>>({
  name: optional(text),
  engine: optional(text),
  orderBy: optional(text),
  ddl: optional(text),
}) as Reader<Partial<ShownNewTable>>;

const newTable = object<ShownNewTable>({
  name: text,
  engine: text,
  orderBy: text,
  ddl: text,
  edited: flag,
});

const snapshot = object<Loose<InsertSnapshot>>({
  title: text,
  table: text,
  connection: text,
  files: list(file),
  leftOut: count,
  kind: count,
  facts: text,
  remarks: list(text),
  other: optional(object<ShownOther>({ format: text, remark: text })),
  notes: list(text),
  formats: list(text),
  reading,
  columns: list(fileColumn),
  targets: list(target),
  mappable: flag,
  looking: flag,
  problem: optional(text),
  rows: optional(rows),
  lookedAt: optional(count),
  failing: list(failure),
  moreFail: flag,
  onError,
  mode,
  newTable: optional(newTable),
  refusal: optional(text),
}) as Reader<InsertSnapshot>;

const hostMessages: Messages<InsertHostMessage> = {
  show: { insert: snapshot },
  ...gridAnswers,
  failed: { requestId: count, message: text },
};

const pageMessages: Messages<InsertPageMessage> = {
  ready: {},
  ...gridQuestions,
  showKind: { kind: count },
  read: { change: readingChange },
  readAsOther: {},
  map: { column: count, target: optional(text) },
  onError: { onError },
  mode: { mode },
  columnType: { column: count, as: text },
  newTable: { change: newTableChange },
  resetStatement: {},
  createTable: {},
  insert: {},
  cancel: {},
};

/** Checks what the insert page received. Never throws. */
export function checkInsertHostMessage(value: unknown): Checked<InsertHostMessage> {
  return check<InsertHostMessage>(hostMessages, value);
}

/** Checks what the host received: the page is less trusted than the host, nothing of it is used unchecked. */
export function checkInsertPageMessage(value: unknown): Checked<InsertPageMessage> {
  return check<InsertPageMessage>(pageMessages, value);
}
