import { parseType, TypeParseError } from '../../types/parseType.ts';

/** Names that every server has, though their values are opaque here. */
const OPAQUE = /^(?:AggregateFunction|QBit|Object)\(/;

/** True for a type of ClickHouse as the server writes it. */
export function isTypeName(text: string): boolean {
  if (!/^[A-Z]/.test(text)) return false;
  try {
    return parseType(text).name !== 'Opaque' || OPAQUE.test(text);
  } catch (error) {
    if (error instanceof TypeParseError) return false;
    throw error;
  }
}
