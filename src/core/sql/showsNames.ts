import { readStatement } from './statementTokens.ts';
import { isKeyword } from './token.ts';

/** Of these the server makes a SELECT of one String column. */
const LISTS: readonly string[] = [
  'DATABASES',
  'TABLES',
  'DICTIONARIES',
  'CLUSTERS',
  'SETTING',
  'USERS',
  'ROLES',
  'PROFILES',
  'POLICIES',
  'QUOTAS',
];

/** True for a SHOW statement whose result is a single String column, which may have extremes. */
export function showsNames(sql: string): boolean {
  const [show, ...words] = readStatement(sql).tokens;
  if (!isKeyword(sql, show, 'SHOW')) return false;
  const what = isKeyword(sql, words[0], 'TEMPORARY') ? words[1] : words[0];
  return LISTS.some((list) => isKeyword(sql, what, list));
}
