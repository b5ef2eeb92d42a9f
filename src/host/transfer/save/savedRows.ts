import type { PartialSave, SaveReceipt } from '../../../core/client/surface.ts';

/** Whole rows in a partial file; undefined where that cannot be told. */
export function rowsOfPartial({ format }: PartialSave): Promise<number | undefined> {
  return Promise.resolve(format === '' ? 0 : undefined);
}

/** The receipt with the rows of the file, where the file itself tells them and the server did not. */
export function withRows(receipt: SaveReceipt): Promise<SaveReceipt> {
  return Promise.resolve(receipt);
}
