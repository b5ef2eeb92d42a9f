import type { ReadContext } from '../../src/core/types/format/valueReader.ts';
import { parseType } from '../../src/core/types/parseType.ts';
import type { TypeNode } from '../../src/core/types/typeNode.ts';
import { typeText } from '../../src/core/types/typeText.ts';
import type { ResultColumn } from '../../src/shared/columns.ts';
import type { TimeDisplay } from '../../src/shared/gridCommand.ts';

/** Times in a chosen zone are dates and times, whatever `date_time_output_format` says of the server's own text. */
export function withPlainTimes(context: ReadContext): ReadContext {
  const { textSettings = [], ...rest } = context;
  const others = textSettings.filter(({ name }) => name !== 'date_time_output_format');
  return { ...rest, textSettings: others };
}

export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The zone for all columns; undefined where each keeps its own. */
export function displayZone(display: TimeDisplay, serverZone: string): string | undefined {
  switch (display) {
    case 'column':
      return undefined;
    case 'server':
      return serverZone;
    case 'utc':
      return 'UTC';
    case 'local':
      return localZone();
  }
}

/** The type with every time in it in this zone; the same object when it holds none. */
function inZone(type: TypeNode, timeZone: string): TypeNode {
  switch (type.name) {
    case 'DateTime':
    case 'DateTime64':
      return { ...type, timeZone };
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
    case 'Array': {
      const inner = inZone(type.inner, timeZone);
      return inner === type.inner ? type : { ...type, inner };
    }
    case 'Map': {
      const key = inZone(type.key, timeZone);
      const value = inZone(type.value, timeZone);
      return key === type.key && value === type.value ? type : { ...type, key, value };
    }
    case 'Tuple':
    case 'Nested': {
      const elements = type.elements.map((element) => ({
        ...element,
        type: inZone(element.type, timeZone),
      }));
      const same = elements.every((element, i) => element.type === type.elements[i]?.type);
      return same ? type : { ...type, elements };
    }
    case 'Variant': {
      const members = type.members.map((member) => inZone(member, timeZone));
      return members.every((member, i) => member === type.members[i]) ? type : { ...type, members };
    }
    default:
      return type;
  }
}

/**
 * The column as it has to be read to print its times in this zone. A column that holds no times, that came as the
 * server's own text, or whose type this version cannot read stays as it is: the same object.
 */
export function columnInZone(column: ResultColumn, timeZone: string): ResultColumn {
  if (column.encoding !== 'arrow' || !column.type.includes('DateTime')) return column;
  try {
    const type = parseType(column.type);
    const shown = inZone(type, timeZone);
    return shown === type ? column : { ...column, type: typeText(shown) };
  } catch {
    return column;
  }
}
