import type { RawQueryOptions, Settings, StatementRunner } from '../../client/surface.ts';

/** What a request brings along. */
export type Brought = Pick<RawQueryOptions, 'externalData'>;
/** The rows of an answer, as texts. @throws the server's errors */
export type AskRows = (sql: string, brought?: Brought) => Promise<string[][]>;

const DESCRIBE_SETTINGS = { describe_compact_output: 0, print_pretty_type_names: 0 };

/** Asks with these settings. */
export function asker(
  query: StatementRunner['rawQuery'],
  signal: AbortSignal | undefined,
  settings: Settings,
): AskRows {
  return async (sql, brought = {}) => {
    const options: RawQueryOptions = {
      ...brought,
      format: 'JSONCompact',
      settings: { ...settings, ...DESCRIBE_SETTINGS },
      ...(signal === undefined ? {} : { signal }),
    };
    const result = await query(sql, options);
    return (JSON.parse(result.text()) as { data: string[][] }).data;
  };
}
