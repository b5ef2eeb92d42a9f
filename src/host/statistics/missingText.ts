import type { LogAnswer } from '../../core/statistics/queryLog.ts';

/** Why there is nothing about a query in the server's log, and what to do. */
export function missingText(state: Exclude<LogAnswer['state'], 'found'>): {
  message: string;
  hint: string;
} {
  switch (state) {
    case 'denied':
      return {
        message: 'This user may not read system.query_log.',
        hint: 'Ask for: GRANT SELECT ON system.query_log.',
      };
    case 'off':
      return {
        message: 'The server has no system.query_log.',
        hint: 'It is made with the first logged query, unless query_log is removed from the configuration.',
      };
    case 'missing':
      return {
        message: 'system.query_log has no row of this query.',
        hint: 'The log may be off (log_queries, log_queries_min_query_duration_ms), expired, or on another server behind the same address.',
      };
  }
}
