import type { TypeNode } from './typeNode.ts';

/** Takes the names of the zones that values of the type print in; `defaultZone` for those that name none. */
export function addZonesOf(type: TypeNode, defaultZone: string, names: Set<string>): void {
  switch (type.name) {
    case 'DateTime':
    case 'DateTime64':
      names.add(type.timeZone ?? defaultZone);
      return;
    case 'Nullable':
    case 'LowCardinality':
    case 'Array':
    case 'SimpleAggregateFunction':
      addZonesOf(type.inner, defaultZone, names);
      return;
    case 'Map':
      addZonesOf(type.key, defaultZone, names);
      addZonesOf(type.value, defaultZone, names);
      return;
    case 'Tuple':
    case 'Nested':
      for (const element of type.elements) addZonesOf(element.type, defaultZone, names);
      return;
    case 'Variant':
      for (const member of type.members) addZonesOf(member, defaultZone, names);
      return;
    default:
  }
}
