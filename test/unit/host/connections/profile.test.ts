import assert from 'node:assert/strict';
import {
  checkName,
  mergeProfiles,
  readProfiles,
  secretKey,
  suggestName,
} from '../../../../src/host/connections/profile.ts';
import { checkUrl, toServerUrl } from '../../../../src/host/connections/serverUrl.ts';

describe('the URL of a connection', () => {
  const accepted: [string, string][] = [
    ['http://localhost:8123', 'http://localhost:8123'],
    ['  https://host.example:8443/  ', 'https://host.example:8443'],
    ['https://HOST.example/click/house/', 'https://host.example/click/house'],
    ['http://[::1]:8123', 'http://[::1]:8123'],
  ];
  for (const [typed, url] of accepted) {
    it(`is ${url} for "${typed}"`, () => {
      const checked = checkUrl(typed);
      assert.ok(checked.ok);
      assert.equal(checked.url, url);
    });
  }

  const refused: [string, RegExp][] = [
    ['', /Enter the server's URL/],
    ['localhost:8123', /such as http:\/\/localhost:8123\./],
    ['host.example:8443', /such as https:\/\/host\.example:8443\./],
    ['localhost:9000', /such as http:\/\/localhost:8123\./],
    ['host:9440/x', /such as https:\/\/host:8443\/x\./],
    ['clickhouse://host:9000', /Try http:\/\/host:8123\./],
    ['jdbc:clickhouse://host:8123', /is not the HTTP interface/],
    ['tcp://host:9440', /Try https:\/\/host:8443\./],
    ['http://', /no URL/],
    ['http://host:99999', /no URL/],
    ['http://me:secret@host:8123', /Leave user and password out/],
    ['http://host:8123/?database=x', /Leave out everything/],
  ];
  for (const [typed, problem] of refused) {
    it(`"${typed}" is refused with a way out`, () => {
      const checked = checkUrl(typed);
      assert.ok(!checked.ok);
      assert.match(checked.problem, problem);
    });
  }

  const doubtful: [string, RegExp][] = [
    ['http://host:9000', /native protocol.*http:\/\/host:8123/],
    ['http://host:9440', /https:\/\/host:8443/],
    ['http://host:9004', /MySQL/],
    ['https://host:8123', /mostly plain HTTP/],
    ['http://host:8443', /mostly HTTPS/],
    ['http://host', /port 80\. ClickHouse mostly listens on 8123/],
  ];
  for (const [typed, note] of doubtful) {
    it(`"${typed}" is taken, with a note`, () => {
      const checked = checkUrl(typed);
      assert.ok(checked.ok);
      assert.match(checked.note ?? '', note);
    });
  }

  it('gets no note when it is as usual', () => {
    for (const usual of ['http://host:8123', 'https://host:8443']) {
      const checked = checkUrl(usual);
      assert.ok(checked.ok);
      assert.equal(checked.note, undefined);
    }
  });
});

describe('the name of a connection', () => {
  it('is unique and not that of the local one', () => {
    assert.match(checkName(' ', []) ?? '', /Enter a name/);
    assert.match(checkName('Local', []) ?? '', /belongs to the local/);
    assert.match(checkName('a', ['a']) ?? '', /already/);
    assert.equal(checkName('b', ['a']), undefined);
  });

  it('is suggested from the host, numbered when taken', () => {
    assert.equal(suggestName('http://db.example:8123', []), 'db.example');
    assert.equal(suggestName('http://db.example:8123', ['db.example']), 'db.example 2');
  });
});

describe('a host that is typed in place of a URL', () => {
  const meant: [string, string][] = [
    ['localhost', 'http://localhost:8123'],
    ['127.0.0.1', 'http://127.0.0.1:8123'],
    ['ch.example', 'https://ch.example:8443'],
    ['ch.example/base', 'https://ch.example:8443/base'],
    ['localhost:9000', 'http://localhost:8123'],
    ['ch.example:8443', 'https://ch.example:8443'],
    ['https://ch.example:8443/', 'https://ch.example:8443'],
    ['tcp://ch.example', 'tcp://ch.example'],
  ];
  for (const [typed, url] of meant) {
    it(`"${typed}" means ${url}`, () => {
      assert.equal(toServerUrl(typed), url);
    });
  }
});

describe('profiles in the settings', () => {
  it('are read field by field, and what is wrong is said by entry', () => {
    const { profiles, problems } = readProfiles([
      { name: 'a', url: 'http://a:8123/', user: 'me', database: 'd', colour: 'red' },
      { name: 'b', url: 'b:8123' },
      { name: 'a', url: 'http://c:8123' },
      'text',
      null,
      { url: 'http://d:8123' },
      { name: 'e', url: 'http://e:8123', user: '', password: 'never read' },
    ]);
    assert.deepEqual(profiles, [
      { name: 'a', url: 'http://a:8123', user: 'me', database: 'd' },
      { name: 'e', url: 'http://e:8123' },
    ]);
    assert.equal(problems.length, 5);
    assert.match(problems[0] ?? '', /^Entry 2: "b": Start with http/);
    assert.match(problems[1] ?? '', /^Entry 3: .*already/);
    assert.match(problems[4] ?? '', /^Entry 6: Enter a name/);
  });

  it('may be missing or no list at all', () => {
    assert.deepEqual(readProfiles(undefined), { profiles: [], problems: [] });
    assert.equal(readProfiles({ name: 'a' }).problems.length, 1);
  });

  it('of the workspace win over those of the user with the same name', () => {
    const user = readProfiles([
      { name: 'a', url: 'http://user:1' },
      { name: 'b', url: 'http://user:2' },
    ]);
    const workspace = readProfiles([{ name: 'a', url: 'http://workspace:1' }]);
    assert.deepEqual(
      mergeProfiles(user, workspace).profiles.map(({ url }) => url),
      ['http://user:2', 'http://workspace:1'],
    );
  });

  it('share a password only for the same user at the same server', () => {
    const key = secretKey({ url: 'http://a:8123', user: 'me' });
    assert.equal(
      secretKey({ url: 'http://a:8123' }),
      secretKey({ url: 'http://a:8123', user: 'default' }),
    );
    for (const other of [
      { url: 'http://b:8123', user: 'me' },
      { url: 'https://a:8123', user: 'me' },
      { url: 'http://a:8124', user: 'me' },
      { url: 'http://a:8123', user: 'you' },
    ]) {
      assert.notEqual(secretKey(other), key);
    }
  });
});
