import { findParameters } from '../../sql/parameters.ts';
import { parseType } from '../../types/parseType.ts';
import type { TypeNode } from '../../types/typeNode.ts';
import { ParameterError } from '../errors.ts';
import type { ParameterValues } from '../surface.ts';
import { encodeValue } from './encodeValue.ts';

/** `http_max_field_value_size` of the server: a longer value is refused as "Field value too long". */
const MAX_VALUE_BYTES = 128 * 1024;

/**
 * Name and wire text of every parameter that the statement uses. The server reads a value as the escaped
 * text of the type written in the statement; out-of-range integers and dates it would silently change, so
 * they are refused here. Values for names that the statement does not use are left out.
 * @throws ParameterError; nothing was sent.
 */
export function encodeParameters(
  sql: string,
  values: ParameterValues,
): readonly (readonly [string, string])[] {
  if (Object.keys(values).length === 0) return [];
  const wires = new Map<string, string>();
  for (const { name, type } of findParameters(sql)) {
    if (!Object.hasOwn(values, name) || values[name] === undefined) continue;
    const wire = encodeParameter(name, type, values[name]);
    const earlier = wires.get(name);
    if (earlier !== undefined && earlier !== wire) {
      throw new ParameterError(
        name,
        `The parameter ${name} is used with different types, which need different texts of this value.`,
        { hint: 'Use two parameters.' },
      );
    }
    wires.set(name, wire);
  }
  return [...wires];
}

function encodeParameter(name: string, typeText: string, value: unknown): string {
  const fail = (problem: string, hint?: string): ParameterError =>
    new ParameterError(name, `The parameter ${name} (${typeText}): ${problem}.`, { hint });
  let type: TypeNode;
  try {
    type = parseType(typeText);
  } catch (cause) {
    throw new ParameterError(
      name,
      `The type of the parameter ${name} cannot be read: ${typeText}.`,
      {
        cause,
      },
    );
  }
  const wire = encodeValue(type, value, { nested: false, fail });
  if (Buffer.byteLength(wire) > MAX_VALUE_BYTES) {
    throw fail('the value is longer than 128 KiB', 'Send it as external data instead.');
  }
  return wire;
}
