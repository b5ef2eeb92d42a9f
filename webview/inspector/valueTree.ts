import type { TypeNode } from '../../src/core/types/typeNode.ts';
import type { ValueNode } from '../../src/core/types/value/parseValue.ts';
import { countOf } from '../../src/shared/humanNumbers.ts';

/** A line of the tree: what it is called, what it is, and its parts. */
export interface TreeItem {
  name: string;
  /** The value, or what a closed branch holds, for example `3 items`. */
  text: string;
  kind: ValueNode['kind'];
  /** Undefined for a value without parts. Made when the branch is opened. */
  children: (() => TreeItem[]) | undefined;
}

/** @param type names the elements of tuples; undefined for JSON */
export function treeItem(name: string, value: ValueNode, type: TypeNode | undefined): TreeItem {
  const inner = bare(type);
  switch (value.kind) {
    case 'text':
      return { name, text: JSON.stringify(value.text), kind: value.kind, children: undefined };
    case 'plain':
      return { name, text: value.text, kind: value.kind, children: undefined };
    case 'map': {
      const { entries } = value;
      const valueType = inner?.name === 'Map' ? inner.value : undefined;
      const children = (): TreeItem[] =>
        entries.map(([key, item]) => treeItem(keyText(key), item, valueType));
      return branch(name, value.kind, entries.length, 'key', children);
    }
    case 'list': {
      const { items } = value;
      const itemType = listItemType(inner);
      const children = (): TreeItem[] =>
        items.map((item, i) => treeItem(String(i + 1), item, itemType));
      return branch(name, value.kind, items.length, 'item', children);
    }
    case 'tuple': {
      const { items } = value;
      const elements = inner?.name === 'Tuple' ? inner.elements : [];
      const children = (): TreeItem[] =>
        items.map((item, i) =>
          treeItem(elements[i]?.name ?? String(i + 1), item, elements[i]?.type),
        );
      return branch(name, value.kind, items.length, 'element', children);
    }
  }
}

function branch(
  name: string,
  kind: ValueNode['kind'],
  parts: number,
  noun: string,
  children: () => TreeItem[],
): TreeItem {
  return { name, text: countOf(parts, noun), kind, children: parts === 0 ? undefined : children };
}

function keyText(key: ValueNode): string {
  return key.kind === 'text' || key.kind === 'plain' ? key.text : '…';
}

function bare(type: TypeNode | undefined): TypeNode | undefined {
  if (type?.name === 'Nullable' || type?.name === 'LowCardinality') return bare(type.inner);
  return type?.name === 'SimpleAggregateFunction' ? bare(type.inner) : type;
}

function listItemType(type: TypeNode | undefined): TypeNode | undefined {
  if (type?.name === 'Array') return type.inner;
  return type?.name === 'Nested' ? { name: 'Tuple', elements: type.elements } : undefined;
}
