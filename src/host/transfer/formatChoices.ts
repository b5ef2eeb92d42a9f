import { FORMATS, type FormatInfo, findFormat } from '../../core/transfer/formats.ts';

/** A format to save as. */
export interface FormatChoice {
  /** Sent to the server. */
  readonly format: string;
  /** In people's words where they differ, for example `CSV` for CSVWithNames. */
  readonly label: string;
  readonly description: string;
  /** Of the file, without dot; undefined when there is no usual one. */
  readonly suffix: string | undefined;
}

/** What people mean by these words has the names of the columns in it. */
const LABELS: Readonly<Record<string, string>> = {
  CSVWithNames: 'CSV',
  CSV: 'CSV without names',
  TabSeparatedWithNames: 'TSV',
  TabSeparated: 'TSV without names',
  JSONEachRow: 'JSON Lines',
};

/** Formats of connections, not of files. */
const NOT_FOR_FILES = ['MySQLWire', 'PostgreSQLWire', 'ODBCDriver2'];

function choiceOf({ name, description, suffixes, needsSchema }: FormatInfo): FormatChoice {
  const label = LABELS[name] ?? name;
  const text = needsSchema ? `${description}; needs settings of its own` : description;
  return {
    format: name,
    label,
    description: label === name ? text : `${name}: ${text}`,
    suffix: suffixes[0],
  };
}

function unknownFormat(name: string): FormatChoice {
  return { format: name, label: name, description: 'Known to this server', suffix: undefined };
}

/**
 * The formats that can be saved, most used first, the one chosen last at the top.
 * @param serverFormats output formats of the server; undefined when it could not be asked.
 */
export function formatChoices(
  serverFormats: readonly string[] | undefined,
  last: string | undefined,
): FormatChoice[] {
  const known = FORMATS.filter(({ output }) => output);
  let choices = known.map(choiceOf);
  if (serverFormats) {
    const onServer = new Set(serverFormats.map((name) => findFormat(name)?.name ?? name));
    const others = [...onServer]
      .filter((name) => !findFormat(name) && !NOT_FOR_FILES.includes(name))
      .sort();
    choices = choices.filter(({ format }) => onServer.has(format));
    choices.push(...others.map(unknownFormat));
  }
  const first = choices.find(({ format }) => format === last);
  return first ? [first, ...choices.filter((choice) => choice !== first)] : choices;
}
