import assert from 'node:assert/strict';
import { candidatesOf } from '../../../../src/host/connections/import/candidates.ts';
import { readConfig } from '../../../../src/host/connections/import/configFile.ts';

const XML = `<?xml version="1.0"?>
<config>
  <user>ada</user>
  <!-- <password>commented</password> -->
  <openSSL><client><caConfig>/etc/ca.pem</caConfig></client></openSSL>
  <connections_credentials>
    <connection>
      <name>prod</name><hostname>ch.example</hostname><port>9440</port><secure>1</secure>
      <password>a&amp;b &lt;c</password><database>events</database>
    </connection>
    <connection><name>plain</name><hostname>10.0.0.1</hostname><user>default</user><password>007</password></connection>
    <connection><name>odd</name><hostname>odd.example</hostname><port>9001</port></connection>
    <connection><name>lax</name><hostname>lax.example</hostname><secure>true</secure>
      <accept-invalid-certificate>1</accept-invalid-certificate><password><![CDATA[ <x> ]]></password></connection>
    <connection><name>bad</name><hostname>a b</hostname></connection>
  </connections_credentials>
</config>`;

const YAML = `
user: ada
openSSL: { client: { caConfig: /etc/ca.pem } }
connections_credentials:
  connection:
    - { name: prod, hostname: ch.example, port: 9440, secure: 1, password: 'a&b <c', database: events }
    - name: plain
      hostname: 10.0.0.1
      user: default
      password: 007
    - { name: odd, hostname: odd.example, port: 9001 }
    - { name: lax, hostname: lax.example, secure: true, accept-invalid-certificate: 1, password: ' <x> ' }
    - { name: bad, hostname: a b }
`;

describe("import of clickhouse-client's configuration", () => {
  for (const [kind, text] of [
    ['xml', XML],
    ['yaml', YAML],
  ] as const) {
    it(`takes the named connections of ${kind}, with HTTP ports for native ones`, () => {
      const { usable, problems } = candidatesOf(readConfig(text, kind), ['local', 'plain']);
      assert.deepEqual(
        usable.map(({ profile, password }) => ({ ...profile, password })),
        [
          {
            name: 'prod',
            url: 'https://ch.example:8443',
            user: 'ada',
            database: 'events',
            tls: { ca: '/etc/ca.pem' },
            password: 'a&b <c',
          },
          { name: 'plain 2', url: 'http://10.0.0.1:8123', password: '007' },
          { name: 'odd', url: 'http://odd.example:8123', user: 'ada', password: undefined },
          {
            name: 'lax',
            url: 'https://lax.example:8443',
            user: 'ada',
            tls: { ca: '/etc/ca.pem', insecure: true },
            password: ' <x> ',
          },
        ],
      );
      assert.deepEqual(
        usable.map(({ note }) => note !== undefined),
        [false, false, true, false],
      );
      assert.equal(problems.length, 1);
    });
  }

  it('takes the server at the top, under the name of its host', () => {
    const text = '<config><host>x.eu.clickhouse.cloud</host><password>p</password></config>';
    assert.deepEqual(candidatesOf(readConfig(text, 'xml'), []).usable, [
      {
        profile: { name: 'x.eu.clickhouse.cloud', url: 'https://x.eu.clickhouse.cloud:8443' },
        password: 'p',
        note: undefined,
      },
    ]);
  });

  it('refuses what is no configuration, and expands no entities of the file', () => {
    for (const text of [
      '',
      '<config>',
      'host: x',
      '<!DOCTYPE c [<!ENTITY e "x">]><c><host>&e;</host></c>',
    ]) {
      assert.throws(() => readConfig(text, 'xml'), text);
    }
    assert.throws(() => readConfig('a: [', 'yaml'));
    assert.deepEqual(candidatesOf(readConfig('<config/>', 'xml'), []).usable, []);
  });
});
