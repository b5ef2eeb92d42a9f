import type { ResultSnapshot } from '../src/shared/protocol.ts';
import { isWhole, WHOLE } from '../src/shared/resultView.ts';
import { textKey } from './pageState.ts';

/** What tells one grid from another: the same key means the same rows in the same columns. */
export function gridKey({ id, timeZone, columns }: ResultSnapshot): string {
  return JSON.stringify([id, timeZone, columns]);
}

/** What the user did to the columns of a statement is remembered for its next results. */
export function columnsKey({ title, columns }: ResultSnapshot): string {
  return textKey(JSON.stringify([title, columns.map(({ name, type }) => [name, type])]));
}

/** Rows that are sorted and filtered in the same way are the same ones, also after the window was loaded again. */
export function placeKey(resultId: string, view = WHOLE): string {
  return isWhole(view) ? resultId : `${resultId} ${textKey(JSON.stringify(view))}`;
}
