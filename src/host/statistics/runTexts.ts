import { hideSetting } from '../../core/sql/secretNames.ts';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatPeakMemory,
} from '../../shared/humanNumbers.ts';
import { eventText, sortedEvents } from '../../shared/profileEvents.ts';
import type { QueryLogEntry } from '../../core/statistics/queryLog.ts';
import { compareRuns } from './compare.ts';
import { markdownTable } from './markdownTable.ts';
import type { RunRecord } from './runRecord.ts';

/** A run in a list: when, how long, how many rows. */
export function runLine({ statistics, elapsedMs, rows, complete }: RunRecord): string {
  const at = new Date(statistics.startedAt).toLocaleTimeString();
  const count = rows === undefined ? [] : [countOf(rows, 'row')];
  return [at, formatDuration(elapsedMs), ...count, ...(complete ? [] : ['incomplete'])].join(' · ');
}

function placeOf({ connection, statistics }: RunRecord): string {
  const { serverVersion } = statistics;
  return serverVersion === undefined
    ? connection.name
    : `${connection.name}, ClickHouse ${serverVersion}`;
}

function fact(name: string, text: string): string[] {
  return text === '' ? [] : [`- ${name}: ${text}`];
}

/** The row of `system.query_log` about a run, as Markdown. */
export function logText(run: RunRecord, entry: QueryLogEntry): string {
  const { figures, events, settings } = entry;
  const figureRows = [
    ['Elapsed on the server', formatDuration(figures.elapsedMs ?? 0)],
    ['Rows read', formatCount(figures.readRows)],
    ['Bytes read', formatBytes(figures.readBytes)],
    ['Rows written', formatCount(figures.writtenRows)],
    ['Bytes written', formatBytes(figures.writtenBytes ?? 0)],
    ['Result rows', formatCount(figures.resultRows ?? 0)],
    ['Result bytes in memory', formatBytes(figures.resultBytes ?? 0)],
    ['Peak memory', formatPeakMemory(figures.peakMemoryBytes ?? 0)],
    ['Threads', formatCount(figures.threads ?? 0)],
    ...shareRows(events),
  ];
  const eventRows = sortedEvents(Object.keys(events)).map((name) => {
    const value = events[name] ?? '0';
    return [name, eventText({ name, value }), value];
  });
  const settingRows = Object.entries(settings).map(([name, value]) => [
    name,
    hideSetting(name, value),
  ]);
  return [
    '# Query log of a run',
    '',
    `    ${run.title}`,
    '',
    ...fact('Query id', run.queryId),
    ...fact('Ended as', entry.type),
    ...fact('Connection', placeOf(run)),
    ...fact('Server', entry.host),
    ...fact('User', entry.user),
    ...fact('Database', entry.database),
    ...fact('Tables', entry.tables.join(', ')),
    ...fact('Started', `${entry.startTime} (zone of the server)`),
    ...fact('Exception', entry.exception.replace(/\s+/g, ' ')),
    '',
    ...markdownTable(['Figure', 'Value'], figureRows),
    '',
    '## ProfileEvents',
    '',
    ...markdownTable(['Event', 'Value', 'Exactly'], eventRows),
    ...(settingRows.length === 0
      ? []
      : ['', '## Settings', '', ...markdownTable(['Setting', 'Value'], settingRows)]),
    '',
    '## The whole row',
    '',
    '```sql',
    `SELECT * FROM system.query_log WHERE query_id = '${run.queryId}' AND type != 'QueryStart' FORMAT Vertical`,
    '```',
    '',
  ].join('\n');
}

function shareRows(events: Readonly<Record<string, string>>): string[][] {
  return [
    ['Parts read', 'SelectedParts'],
    ['Marks read', 'SelectedMarks'],
  ].flatMap(([label = '', name = '']) => {
    const [some, all] = [events[name], events[`${name}Total`]];
    if (some === undefined) return [];
    const whole = all === undefined ? '' : ` of ${formatCount(BigInt(all))}`;
    return [[label, `${formatCount(BigInt(some))}${whole}`]];
  });
}

const UNKNOWN = '–';

/** Two runs beside each other, as Markdown. @param notes what could not be learnt of one of them */
export function comparisonText(
  first: RunRecord,
  second: RunRecord,
  notes: readonly string[],
): string {
  const rows = (kind: 'figure' | 'event'): string[][] =>
    compareRuns(first, second)
      .filter((compared) => compared.kind === kind)
      .map(({ name, first: a = UNKNOWN, second: b = UNKNOWN, difference, ratio }) => [
        name,
        a,
        b,
        difference,
        ratio,
      ]);
  const header = ['First', 'Second', 'Difference', 'Second : first'];
  const events = rows('event');
  return [
    '# Two runs compared',
    '',
    ...(first.title === second.title
      ? [`    ${first.title}`, '']
      : [`    First:  ${first.title}`, `    Second: ${second.title}`, '']),
    ...describe('First', first),
    ...describe('Second', second),
    ...notes.map((note) => `- ${note}`),
    '',
    ...markdownTable(['Figure', ...header], rows('figure')),
    ...(events.length === 0
      ? []
      : ['', '## ProfileEvents', '', ...markdownTable(['Event', ...header], events)]),
    '',
  ].join('\n');
}

function describe(name: string, run: RunRecord): string[] {
  const params = run.params === '' ? '' : ` with ${run.params}`;
  return fact(name, `${runLine(run)}, on ${placeOf(run)}${params}, query id ${run.queryId}`);
}
