import assert from 'node:assert/strict';
import { hideSecrets } from '../../../src/core/sql/hideSecrets.ts';

describe('secrets in SQL', () => {
  const hidden: [sql: string, shown: string][] = [
    [
      "SELECT * FROM s3('https://b/x.csv', 'AKIA', 'geheim', 'CSV') WHERE x = 'seen'",
      "SELECT * FROM s3('https://b/x.csv', '[HIDDEN]', '[HIDDEN]', '[HIDDEN]') WHERE x = 'seen'",
    ],
    [
      "SELECT * FROM postgresql('host:5432', 'db', 't', 'me', $$geheim$$)",
      "SELECT * FROM postgresql('host:5432', '[HIDDEN]', '[HIDDEN]', '[HIDDEN]', '[HIDDEN]')",
    ],
    [
      "SELECT * FROM remoteSecure('h', view(SELECT 'a, b'), 'me', 'geheim')",
      "SELECT * FROM remoteSecure('h', view(SELECT '[HIDDEN]'), '[HIDDEN]', '[HIDDEN]')",
    ],
    [
      "SELECT * FROM azureBlobStorage('AccountKey=geheim', 'c')",
      "SELECT * FROM azureBlobStorage('[HIDDEN]', '[HIDDEN]')",
    ],
    [
      "SELECT * FROM mysql(named, password = 'geheim')",
      "SELECT * FROM mysql(named, password = '[HIDDEN]')",
    ],
    [
      "SELECT * FROM s3(secret_access_key = 'geheim')",
      "SELECT * FROM s3(secret_access_key = '[HIDDEN]')",
    ],
    [
      "CREATE USER u IDENTIFIED WITH sha256_password BY 'geheim'",
      "CREATE USER u IDENTIFIED WITH sha256_password BY '[HIDDEN]'",
    ],
  ];
  for (const [sql, shown] of hidden) {
    it(`are hidden: ${shown}`, () => {
      assert.equal(hideSecrets(sql), shown);
    });
  }

  it('are not seen in other texts, nor in comments', () => {
    const sql = "SELECT 'a', concat('b', 'c') FROM t -- s3('u', 'k', 's')\nGROUP BY 'x'";
    assert.equal(hideSecrets(sql), sql);
  });
});
