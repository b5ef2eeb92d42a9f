import { CSV_QUOTES } from './csvQuotes.ts';
import {
  ANY_ESCAPED_TEXT,
  choice,
  type FormatOption,
  onOff,
  text,
  type TextRule,
} from './formatOption.ts';

/** Characters that stand in unquoted values, so that they cannot separate them. */
const IN_UNQUOTED_VALUES = /[A-Za-z0-9.+\-\\]/;

const CSV_DELIMITER: TextRule = {
  escaped: true,
  problem(character) {
    if (character.length !== 1 || character.charCodeAt(0) > 0x7e) {
      return 'The delimiter is one ASCII character.';
    }
    if (character !== '\t' && character.charCodeAt(0) <= 0x20) {
      return 'A space, line end or control character cannot be the delimiter.';
    }
    if (character === '"' || character === "'") return 'A quote sign cannot be the delimiter.';
    if (IN_UNQUOTED_VALUES.test(character)) {
      return `"${character}" also stands in numbers, true, false or NULL, so the file could not be read back.`;
    }
    return undefined;
  },
};

const CSV_NULL: TextRule = {
  escaped: false,
  problem: (nullText) =>
    /["\r\n]/.test(nullText)
      ? 'The text for NULL is written without quotes, so it must not hold quotes or line ends.'
      : undefined,
};

const TSV_NULL: TextRule = {
  escaped: false,
  problem: (nullText) =>
    /[\t\r\n]/.test(nullText) ? 'The text for NULL must not hold tabs or line ends.' : undefined,
};

const BYTE_ORDER_MARK = onOff(
  'byteOrderMark',
  undefined,
  {
    label: 'Byte order mark',
    description: 'Begins the file with the mark by which Excel knows UTF-8',
  },
  false,
);

const DATE_TIME = choice(
  'dateTime',
  'date_time_output_format',
  { label: 'Date and time', description: 'How DateTime and DateTime64 values are written' },
  {
    simple: '2024-05-01 12:30:00, in the time zone of the column',
    iso: '2024-05-01T10:30:00Z, always UTC',
    unix_timestamp: '1714559400, seconds since 1970',
  },
  { default: 'simple' },
);

const DECIMAL_ZEROS = onOff(
  'decimalZeros',
  'output_format_decimal_trailing_zeros',
  {
    label: 'Trailing zeros of decimals',
    description: 'Writes 1.50 for a Decimal with two digits, not 1.5',
  },
  false,
);

/** What all text formats have in common. */
export const VALUES: readonly FormatOption[] = [DATE_TIME, DECIMAL_ZEROS];

export const CSV: readonly FormatOption[] = [
  choice(
    'delimiter',
    'format_csv_delimiter',
    { label: 'Delimiter', description: 'The character between two values' },
    { ',': 'Comma', ';': 'Semicolon', '\\t': 'Tab', '|': 'Vertical bar' },
    { default: ',', other: CSV_DELIMITER },
  ),
  CSV_QUOTES,
  text(
    'nullText',
    'format_csv_null_representation',
    {
      label: 'Text for NULL',
      description: 'Written without quotes; empty is read as NULL by most programs',
    },
    { default: '\\N', rule: CSV_NULL },
  ),
  onOff(
    'crlf',
    'output_format_csv_crlf_end_of_line',
    { label: 'Windows line ends', description: 'Ends rows with CR LF instead of LF' },
    false,
  ),
  BYTE_ORDER_MARK,
  ...VALUES,
  onOff(
    'tuplesAsColumns',
    'output_format_csv_serialize_tuple_into_separate_columns',
    {
      label: 'Tuples as separate columns',
      description: 'Off: a tuple is one value, as in the header of servers before 26.7',
    },
    true,
  ),
];

const TSV_NULL_TEXT = text(
  'nullText',
  'format_tsv_null_representation',
  { label: 'Text for NULL', description: 'An empty one cannot be told from an empty text' },
  { default: '\\N', rule: TSV_NULL },
);

export const TSV: readonly FormatOption[] = [
  TSV_NULL_TEXT,
  onOff(
    'crlf',
    'output_format_tsv_crlf_end_of_line',
    { label: 'Windows line ends', description: 'Ends rows with CR LF instead of LF' },
    false,
  ),
  BYTE_ORDER_MARK,
  ...VALUES,
];

export const TSKV: readonly FormatOption[] = [TSV_NULL_TEXT, ...VALUES];

export const MARKDOWN: readonly FormatOption[] = [
  TSV_NULL_TEXT,
  onOff(
    'escapeMarkdown',
    'output_format_markdown_escape_special_characters',
    {
      label: 'Escape special characters',
      description: 'Puts a backslash before signs that mean something in Markdown',
    },
    false,
  ),
  ...VALUES,
];

export const CUSTOM_SEPARATED: readonly FormatOption[] = [
  choice(
    'escaping',
    'format_custom_escaping_rule',
    { label: 'Values written as', description: 'How a value is quoted or escaped' },
    {
      Escaped: 'In tab-separated files',
      Quoted: 'In SQL',
      CSV: 'In CSV',
      JSON: 'In JSON',
      XML: 'In XML',
      Raw: 'They are, without escaping',
    },
    { default: 'Escaped' },
  ),
  delimiter('field', 'Between values', '\\t'),
  delimiter('row_before', 'Before each row', ''),
  delimiter('row_after', 'After each row', '\\n'),
  delimiter('row_between', 'Between rows', ''),
  delimiter('result_before', 'Before the first row', ''),
  delimiter('result_after', 'After the last row', ''),
  ...VALUES,
];

function delimiter(place: string, label: string, byDefault: string): FormatOption {
  return text(
    place.replace(/_(\w)/, (_, letter: string) => letter.toUpperCase()),
    `format_custom_${place}_delimiter`,
    { label, description: 'Any text; \\t is a tab, \\n a line end' },
    { default: byDefault, rule: ANY_ESCAPED_TEXT },
  );
}

export const TEMPLATE: readonly FormatOption[] = [
  text(
    'row',
    'format_template_row_format',
    { label: 'Row', description: 'For example ${id:CSV};${name:JSON}' },
    { default: '', rule: ANY_ESCAPED_TEXT },
  ),
  text(
    'resultSet',
    'format_template_resultset_format',
    { label: 'Whole result', description: 'For example [${data}]; empty is the rows alone' },
    { default: '', rule: ANY_ESCAPED_TEXT },
  ),
  text(
    'rowBetween',
    'format_template_rows_between_delimiter',
    { label: 'Between rows', description: 'Any text; \\t is a tab, \\n a line end' },
    { default: '\\n', rule: ANY_ESCAPED_TEXT },
  ),
];

const INSERTED_TABLE: FormatOption = {
  ...text(
    'table',
    'output_format_sql_insert_table_name',
    {
      label: 'Table name',
      description: 'As it is to stand in the statements, for example db.visits; for this save only',
    },
    {
      default: 'table',
      rule: {
        escaped: false,
        problem: (name) => (name.trim() === '' ? 'Give the name of a table.' : undefined),
      },
    },
  ),
  // The next result is of another table, and its rows must not go into this one.
  once: true,
};

export const SQL_INSERT: readonly FormatOption[] = [
  INSERTED_TABLE,
  {
    kind: 'number',
    id: 'rowsPerStatement',
    setting: 'output_format_sql_insert_max_batch_size',
    label: 'Rows per statement',
    description: 'At most so many rows in one INSERT',
    min: 1,
    max: 1_000_000_000,
    default: 65_409,
  },
  onOff(
    'columnNames',
    'output_format_sql_insert_include_column_names',
    { label: 'Column names', description: 'Writes the names of the columns behind the table' },
    true,
  ),
  onOff(
    'quoteNames',
    'output_format_sql_insert_quote_names',
    { label: 'Quote column names', description: 'Puts backquotes around the names of columns' },
    true,
  ),
  onOff(
    'replace',
    'output_format_sql_insert_use_replace',
    { label: 'REPLACE instead of INSERT', description: 'Writes statements for MySQL' },
    false,
  ),
  ...VALUES,
];

export const VALUES_FORMAT: readonly FormatOption[] = [
  onOff(
    'doubleQuotes',
    'output_format_values_escape_quote_with_quote',
    { label: "Quote as ''", description: "Writes '' inside texts, as standard SQL does, not \\'" },
    false,
  ),
  ...VALUES,
];

export const PRETTY: readonly FormatOption[] = [
  onOff(
    'rowNumbers',
    'output_format_pretty_row_numbers',
    { label: 'Row numbers', description: 'Numbers the rows at the left' },
    true,
  ),
  choice(
    'borders',
    'output_format_pretty_grid_charset',
    { label: 'Borders', description: 'The characters that draw the table' },
    { 'UTF-8': 'Lines', ASCII: 'Plus, minus and vertical bar' },
    { default: 'UTF-8' },
  ),
  ...VALUES,
];

export const PRETTY_COLOR: FormatOption = onOff(
  'color',
  'output_format_pretty_color',
  { label: 'Colors', description: 'Escape sequences of terminals' },
  false,
);
