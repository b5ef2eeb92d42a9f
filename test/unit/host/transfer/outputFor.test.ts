import assert from 'node:assert/strict';
import { isUsageError } from '../../../../src/core/client/errors.ts';
import type { FormatOutput } from '../../../../src/core/transfer/formatOptions.ts';
import type { FormatChoices } from '../../../../src/core/transfer/options/formatOption.ts';
import { outputFor } from '../../../../src/host/transfer/save/outputFor.ts';

interface Case {
  readonly sql?: string;
  readonly ownFormat?: string;
  readonly ownSettings?: readonly string[];
  readonly extremes?: string;
  readonly isShown?: boolean;
  readonly format?: string;
  readonly values?: FormatChoices;
}

function output(by: Case): Promise<FormatOutput> {
  const { sql = 'SELECT 1', ownFormat, ownSettings = [], extremes = '0', isShown } = by;
  const shown = { params: {}, queryId: '', complete: true, view: undefined, isOtherServer: false };
  return outputFor(
    {
      sql,
      ownFormat,
      ownSettings: new Set(ownSettings),
      formatSettings: () => Promise.resolve(new Map([['extremes', extremes]])),
      ...(isShown && { shown }),
    },
    { format: by.format ?? 'CSV', values: by.values ?? {}, compression: undefined },
    { compression: 'none' },
  );
}

async function refusal(by: Case): Promise<string> {
  const error: unknown = await output(by).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(isUsageError(error), JSON.stringify(by));
  return `${error.message} ${error.hint ?? ''}`;
}

describe('the output of a save', () => {
  it('is refused without quotes where totals or extremes would be missing', async () => {
    const sql = 'SELECT count() GROUP BY 1 WITH TOTALS';
    const values = { quotes: 'none' };
    assert.match(await refusal({ sql, values }), /WITH TOTALS/);
    assert.match(await refusal({ values, extremes: '1' }), /extremes/);
    await output({ sql, extremes: '1' });
    await output({ values });
    // Rows on screen are the rows alone, whatever they are written as.
    await output({ sql, values, extremes: '1', isShown: true });
  });

  it("is refused by what clashes with the statement's own FORMAT", async () => {
    const ownFormat = 'CSV';
    assert.match(await refusal({ ownFormat, values: { header: 'names' } }), /options/);
    const named = await refusal({ ownFormat, format: 'JSONEachRow' });
    assert.doesNotMatch(named, /options/);
    assert.match(named, /named for JSONEachRow.*give the file a name for CSV/);
    assert.equal((await output({ ownFormat })).format, 'CSV');
  });
});
