import assert from 'node:assert/strict';
import { fileReceipt, receiptText } from '../../../../src/host/transfer/save/receipt.ts';

describe('the receipt of a saved file', () => {
  it('holds no secret of the statement or of its parameters', () => {
    const text = receiptText(
      fileReceipt({
        receipt: {
          path: '/a/x.csv',
          bytes: 1,
          sha256: undefined,
          rows: 1,
          format: 'CSV',
          compression: 'none',
          queryId: 'q',
          ms: 1,
        } as unknown as Parameters<typeof fileReceipt>[0]['receipt'],
        sql: "SELECT encrypt('aes-256-ofb', {day:String}, 'geheim')",
        params: { user_password: 'geheim', day: '2024-02-29' },
        settings: {},
        connection: 'Local ClickHouse',
        savedAt: new Date(0),
        shown: undefined,
      }),
    );
    assert.ok(!text.includes('geheim'), text);
    const { parameters } = JSON.parse(text) as { parameters: unknown };
    assert.deepEqual(parameters, { user_password: '[HIDDEN]', day: '2024-02-29' });
  });
});
