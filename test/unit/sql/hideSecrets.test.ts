import assert from 'node:assert/strict';
import {
  hasHiddenSecrets,
  hideSecrets,
  secretHider,
  statementLine,
} from '../../../src/core/sql/hideSecrets.ts';
import {
  hasHiddenParameters,
  hideParameters,
  hideSetting,
} from '../../../src/core/sql/secretNames.ts';

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
    [
      "ALTER USER u IDENTIFIED WITH plaintext_password BY 'geheim' SETTINGS max_threads = 1",
      "ALTER USER u IDENTIFIED WITH plaintext_password BY '[HIDDEN]' SETTINGS max_threads = 1",
    ],
    [
      "SET SQL_api_token = 'geheim', max_threads = 3, format_csv_delimiter = ';'",
      "SET SQL_api_token = '[HIDDEN]', max_threads = 3, format_csv_delimiter = ';'",
    ],
    [
      "CREATE NAMED COLLECTION n AS access_key_id = 'AKIA', url = 'https://b' NOT OVERRIDABLE",
      "CREATE NAMED COLLECTION n AS access_key_id = '[HIDDEN]', url = '[HIDDEN]' NOT OVERRIDABLE",
    ],
    [
      "CREATE DICTIONARY d (k UInt8) PRIMARY KEY k SOURCE(CLICKHOUSE(USER 'u' PASSWORD 'geheim'))",
      "CREATE DICTIONARY d (k UInt8) PRIMARY KEY k SOURCE(CLICKHOUSE(USER 'u' PASSWORD '[HIDDEN]'))",
    ],
    [
      "SELECT encrypt('aes-256-ofb', 'text', 'geheim')",
      "SELECT encrypt('aes-256-ofb', '[HIDDEN]', '[HIDDEN]')",
    ],
    [
      "SELECT * FROM url('https://ada:geheim@h/a:b?day=1&api_key=geheim&x=2', CSV)",
      "SELECT * FROM url('https://ada:[HIDDEN]@h/a:b?day=1&api_key=[HIDDEN]&x=2', CSV)",
    ],
    [
      "SELECT * FROM s3('https://b/x?X-Amz-Signature=geheim', 'CSV')",
      "SELECT * FROM s3('https://b/x?X-Amz-Signature=[HIDDEN]', '[HIDDEN]')",
    ],
    ["CREATE USER u IDENTIFIED BY 'geheim", "CREATE USER u IDENTIFIED BY '[HIDDEN]'"],
  ];
  for (const [sql, shown] of hidden) {
    it(`are hidden: ${shown}`, () => {
      assert.equal(hideSecrets(sql), shown);
    });
  }

  it('are hidden in a line about a statement, also where it is cut', () => {
    const sql = `CREATE USER u\n IDENTIFIED BY '${'geheim'.repeat(2_000)}'`;
    assert.equal(statementLine(sql, 80), "CREATE USER u IDENTIFIED BY '[HIDDEN]'");
    assert.equal(statementLine('SELECT  1,\n 2', 8), 'SELECT 1…');
  });

  it('are hidden in settings whose names say so, and only there', () => {
    assert.equal(hideSetting('param_password', "'geheim'"), "'[HIDDEN]'");
    assert.equal(hideSetting('force_primary_key', '1'), '1');
    assert.equal(hideSetting('param_day', "'2024-02-29'"), "'2024-02-29'");
  });

  it('are hidden in what a server says of the statement', () => {
    const sql = "CREATE USER u IDENTIFIED BY 'geheim' HOST NOWHERE";
    const said = `Syntax error: failed at position 39 (NOWHERE): IDENTIFIED BY 'geheim'. It was geheim.`;
    const shown = secretHider(sql)(said);
    assert.ok(!shown.includes('geheim'), shown);
    assert.match(shown, /^Syntax error: failed at position 39/);
    assert.ok(hasHiddenSecrets(hideSecrets(sql)) && !hasHiddenSecrets(sql));
    const withUrl = "SELECT * FROM url('ftp://ada:geheim@h')";
    assert.ok(hasHiddenSecrets(hideSecrets(withUrl)) && !hasHiddenSecrets(withUrl));
    assert.equal(secretHider(withUrl)('ada:geheim failed'), 'ada:[HIDDEN] failed');
  });

  it('are hidden in values of placeholders whose names say so', () => {
    const params = { password: 'geheim', api_token: 7n, accessKey: 'AKIA', day: '2024-02-29' };
    const hidden = hideParameters(params);
    assert.deepEqual(hidden, {
      password: '[HIDDEN]',
      api_token: '[HIDDEN]',
      accessKey: '[HIDDEN]',
      day: '2024-02-29',
    });
    assert.ok(hasHiddenParameters(hidden) && !hasHiddenParameters(params));
    assert.ok(!hasHiddenParameters({ text: '[HIDDEN]' }));
  });

  it('are not seen in other texts, nor in comments', () => {
    const sql = "SELECT 'a', concat('b', 'c') FROM t -- s3('u', 'k', 's')\nGROUP BY 'x'";
    assert.equal(hideSecrets(sql), sql);
  });
});
