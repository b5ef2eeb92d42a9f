const LEADING = /^(?:[\s(]+|--[^\n]*(?:\n|$)|#[ !][^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/;
const READ = /^(?:select|with|show|describe|desc|explain|exists|from|values)\b/i;

/** True when a statement only reads, so that sending it twice is harmless. In doubt false. */
export function isReadStatement(sql: string): boolean {
  const text = sql.replace(LEADING, '');
  return READ.test(text) && !/\binsert\b/i.test(text);
}
