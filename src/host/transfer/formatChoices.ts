import {
  FORMATS,
  type FormatInfo,
  findFormat,
  suffixOfFormat,
} from '../../core/transfer/formats.ts';

/** A format to save as. */
export interface FormatChoice {
  /** Sent to the server. */
  readonly format: string;
  /** In people's words where they differ, for example `CSV` for CSVWithNames. */
  readonly label: string;
  /** With the suffix of its files, and the names that people may look for. */
  readonly description: string;
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

/** The format (any name or alias) in people's words. */
export function formatLabel(format: string): string {
  const name = findFormat(format)?.name ?? format;
  return LABELS[name] ?? name;
}

function choiceOf({ name, aliases, description, needsSchema }: FormatInfo): FormatChoice {
  const label = formatLabel(name);
  const names = label === name ? aliases : [name, ...aliases];
  const parts = [
    `.${suffixOfFormat(name)}`,
    needsSchema ? `${description}; needs settings of its own` : description,
    ...(names.length > 0 ? [names.join(', ')] : []),
  ];
  return { format: name, label, description: parts.join(' · ') };
}

function unknownFormat(name: string): FormatChoice {
  const description = `.${suffixOfFormat(name)} · Known to this server`;
  return { format: name, label: name, description };
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
