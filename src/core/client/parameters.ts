import { ParameterError } from './errors.ts';
import type { ParameterValues } from './surface.ts';

/** Name and wire text of each parameter of a statement. */
export function encodeParameters(
  _sql: string,
  values: ParameterValues,
): readonly (readonly [string, string])[] {
  return Object.entries(values).map(([name, value]) => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
      throw new ParameterError(name, `The parameter ${name} has an unsupported value.`);
    }
    return [name, escapeText(String(value))];
  });
}

function escapeText(text: string): string {
  return text.replace(/[\\'\t\n\r\0\b\f]/g, (c) => ESCAPES[c] ?? c);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
};
