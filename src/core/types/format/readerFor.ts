import { DataType, type Data } from 'apache-arrow';
import { Type } from 'apache-arrow/enum';
import type { TypeNode } from '../typeNode.ts';
import {
  dictionaryReader,
  isNullType,
  listReader,
  mapReader,
  nullReader,
  tupleReader,
  variantReader,
} from './composite.ts';
import { dynamicReader } from './dynamic.ts';
import { scalarRule } from './scalarRule.ts';
import { stringReader } from './strings.ts';
import { leaf, UnknownPair, type ReadContext, type ValueReader } from './valueReader.ts';

/**
 * The rule for the pair (ClickHouse type, Arrow type). Keyed by the pair and not by the server's version, because
 * the Arrow type of a ClickHouse type changed over time (Date was UInt16 before ClickHouse/ClickHouse#96860).
 * @throws UnknownPair when there is no rule
 */
export function readerFor(type: TypeNode, data: Data, context: ReadContext): ValueReader {
  if (DataType.isDictionary(data.type)) {
    return dictionaryReader(data, (chunk) => readerFor(type, chunk, context));
  }
  switch (type.name) {
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return isNullType(data) ? nullReader : readerFor(type.inner, data, context);
    case 'Array': {
      const [child] = data.children;
      if (data.typeId !== Type.List || !child) throw new UnknownPair(type.name, data);
      return listReader(data, readerFor(type.inner, child, context));
    }
    case 'Nested': {
      const [child] = data.children;
      if (data.typeId !== Type.List || !child) throw new UnknownPair(type.name, data);
      const row: TypeNode = { name: 'Tuple', elements: type.elements };
      return listReader(data, readerFor(row, child, context));
    }
    case 'Map': {
      const [key, value] = data.children[0]?.children ?? [];
      if (data.typeId !== Type.Map || !key || !value) throw new UnknownPair(type.name, data);
      return mapReader(
        data,
        readerFor(type.key, key, context),
        readerFor(type.value, value, context),
      );
    }
    case 'Tuple': {
      const { children } = data;
      if (data.typeId !== Type.Struct || children.length !== type.elements.length) {
        throw new UnknownPair(type.name, data);
      }
      const elements = type.elements.map((element, i) =>
        readerFor(element.type, at(children, i), context),
      );
      return tupleReader(data, elements);
    }
    case 'Variant': {
      const { children } = data;
      const nullChild = children.at(-1);
      if (
        !DataType.isDenseUnion(data.type) ||
        children.length !== type.members.length + 1 ||
        !nullChild ||
        !isNullType(nullChild)
      ) {
        throw new UnknownPair(type.name, data);
      }
      const members = type.members.map((member, i) => readerFor(member, at(children, i), context));
      return variantReader(data, data.type.typeIdToChildIndex, members);
    }
    case 'Dynamic':
      return dynamicReader(data);
    case 'String':
    case 'JSON':
      if (data.typeId !== Type.Utf8 && data.typeId !== Type.Binary) {
        throw new UnknownPair(type.name, data);
      }
      return stringReader(type.name, data);
    case 'FixedString':
      if (data.typeId === Type.FixedSizeBinary && data.stride !== type.length) {
        throw new UnknownPair(type.name, data);
      }
      return stringReader(type.name, data);
    case 'Nothing':
      if (!isNullType(data)) throw new UnknownPair(type.name, data);
      return nullReader;
    case 'Opaque':
      throw new UnknownPair(type.text, data);
    default: {
      const rule = scalarRule(type, data, context);
      if (!rule) throw new UnknownPair(type.name, data);
      return leaf(data, rule.kind, rule.text, rule.nested);
    }
  }
}

function at(children: Data[], index: number): Data {
  const child = children[index];
  if (!child) throw new RangeError(`Arrow data without a child ${index}`);
  return child;
}
