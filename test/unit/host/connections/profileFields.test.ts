import assert from 'node:assert/strict';
import { readProfiles, secretKey } from '../../../../src/host/connections/profile.ts';

const URL = 'https://ch.example:8443';

function readOne(fields: object, url = URL) {
  return readProfiles([{ name: 'a', url, ...fields }]);
}

describe('the fields of a profile', () => {
  it('are read as they are written', () => {
    const fields = {
      user: 'me',
      database: 'd',
      signIn: 'certificate',
      tls: { ca: '~/ca.pem', cert: 'c.pem', key: '/k.pem', serverName: 'n', insecure: true },
      proxy: 'http://proxy:3128',
      headers: { 'X-Team': 'data' },
      settings: { max_threads: 4, log_queries: true, format_csv_delimiter: ';' },
      roles: ['a', 'b'],
      readOnly: 'strict',
      color: 'red',
      production: true,
      cluster: 'main',
    };
    const { profiles, problems } = readOne(fields);
    assert.deepEqual(problems, []);
    assert.deepEqual(profiles, [{ name: 'a', url: URL, ...fields }]);
  });

  it('take further hosts as URLs, or as what differs from the first', () => {
    const url = 'https://a.example:8443/base';
    const hosts = ['https://b.example:9443', 'c.example', 'd.example:8444', '[::1]', 'a.example'];
    assert.deepEqual(readOne({ hosts }, url).profiles, [
      {
        name: 'a',
        url,
        hosts: [
          'https://b.example:9443',
          'https://c.example:8443/base',
          'https://d.example:8444/base',
          'https://[::1]:8443/base',
        ],
      },
    ]);
  });

  it('take an SSH server as text or by its parts', () => {
    const read = (ssh: unknown) => readOne({ ssh }).profiles[0]?.ssh;
    assert.deepEqual(read('bastion'), { host: 'bastion' });
    assert.deepEqual(read('ada@bastion.example'), { host: 'ada@bastion.example' });
    const parts = { host: 'fd00::1', user: 'ada', port: 2222, identityFile: '~/.ssh/id' };
    assert.deepEqual(read(parts), parts);
  });

  it('take one role as a list, and a false read-only as none', () => {
    assert.deepEqual(readOne({ roles: 'r', readOnly: false }).profiles, [
      { name: 'a', url: URL, roles: ['r'] },
    ]);
  });

  const refused: [object, RegExp, string?][] = [
    [{ headers: { Authorization: 'Bearer x' } }, /looks like a secret.*signIn/],
    [{ headers: { 'X-ClickHouse-Key': 'x' } }, /looks like a secret/],
    [{ headers: { 'Proxy-Authorization': 'x' } }, /looks like a secret/],
    [{ headers: { Cookie: 'x' } }, /looks like a secret/],
    [{ headers: { 'X-Api-Key': 'x' } }, /looks like a secret/],
    [{ headers: { 'a b': 'x' } }, /not a header's name/],
    [{ proxy: 'socks5://proxy:1' }, /must be http:\/\/host:port/],
    [{ proxy: 'http://me:geheim@proxy:1' }, /Leave user and password out/],
    [{ settings: { password: 'x' } }, /not a setting/],
    [{ settings: { a: [1] } }, /must be text, a number/],
    [{ tls: { cert: 'c' } }, /needs both/],
    [{ tls: { insecure: 'yes' } }, /true or false/],
    [{ tls: { ca: 'x' } }, /no use with http/, 'http://ch.example:8123'],
    [{ signIn: 'certificate' }, /needs "tls.cert"/],
    [{ signIn: 'token' }, /https:\/\/ only/, 'http://ch.example:8123'],
    [{ signIn: 'magic' }, /one of password, token/],
    [{ hosts: ['http://other:8123'] }, /all http:\/\/ or all https/],
    [{ hosts: ['https://me:geheim@other'] }, /Leave user and password out/],
    [{ hosts: [5] }, /"hosts" must be text/],
    [{ ssh: '-oProxyCommand=touch x' }, /"ssh" must be a host/],
    [{ ssh: 'a b' }, /"ssh" must be a host/],
    [{ ssh: 'a;reboot' }, /"ssh" must be a host/],
    [{ ssh: '$(reboot)@a' }, /"ssh" must be a host/],
    [{ ssh: 'a@b@c' }, /"ssh" must be a host/],
    [{ ssh: { host: 'a', user: '-l' } }, /"ssh.user"/],
    [{ ssh: { host: 'a@b', user: 'c' } }, /user twice/],
    [{ ssh: { host: 'a', port: 70_000 } }, /"ssh.port"/],
    [{ ssh: { host: 'a', identityFile: '-F/tmp/x' } }, /"ssh.identityFile"/],
    [{ ssh: 'a', proxy: 'http://proxy:1' }, /either "ssh" or "proxy"/],
    [{ color: 'pink' }, /one of red/],
    [{ readOnly: 'yes' }, /true or false/],
  ];
  for (const [fields, problem, url] of refused) {
    it(`${JSON.stringify(fields)} is refused with a reason, without repeating secrets`, () => {
      const { profiles, problems } = readOne(fields, url);
      assert.deepEqual(profiles, []);
      assert.match(problems.join(), problem);
      assert.doesNotMatch(problems.join(), /geheim|Bearer/);
    });
  }

  it('that decide who sees the secret are part of where it is kept', () => {
    const plain = { url: URL, user: 'me' };
    assert.equal(secretKey(plain), `rowhouse.password:me@${URL}`);
    const others = [
      { ...plain, proxy: 'http://proxy:1' },
      { ...plain, tls: { insecure: true } },
      { ...plain, tls: { ca: 'mine.pem' } },
      { ...plain, tls: { serverName: 'other' } },
      { ...plain, hosts: ['https://other:8443'] },
      { ...plain, ssh: { host: 'other' } },
    ];
    const keys = new Set([plain, ...others].map((profile) => secretKey(profile)));
    assert.equal(keys.size, others.length + 1);
    assert.notEqual(secretKey(plain, 'token'), secretKey(plain));
  });
});
