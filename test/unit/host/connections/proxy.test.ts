import assert from 'node:assert/strict';
import { type ProxySources, isDirect, proxyFor } from '../../../../src/host/connections/proxy.ts';

const NOTHING: ProxySources = { support: 'override', proxy: '', noProxy: [], environment: {} };
const SERVER = 'https://ch.example:8443';

function proxy(url: string, own: string | undefined, sources: Partial<ProxySources>) {
  return proxyFor(url, own, { ...NOTHING, ...sources });
}

describe('the proxy of a connection', () => {
  it('is none when nobody names one', () => {
    assert.equal(proxy(SERVER, undefined, {}), undefined);
  });

  it("is the profile's own before VS Code's before the environment's", () => {
    const sources = { proxy: 'http://code:1', environment: { HTTPS_PROXY: 'http://env:2' } };
    assert.equal(proxy(SERVER, 'http://own:3', sources)?.url, 'http://own:3');
    assert.equal(proxy(SERVER, undefined, sources)?.url, 'http://code:1');
    assert.equal(proxy(SERVER, undefined, { ...sources, proxy: '' })?.url, 'http://env:2');
    assert.equal(proxy(SERVER, 'none', sources), undefined);
  });

  it('of the environment depends on the scheme', () => {
    const environment = { http_proxy: 'plain:80', HTTPS_PROXY: 'http://secure:2' };
    assert.equal(proxy('http://ch.example:8123', undefined, { environment })?.url, 'http://plain');
    assert.equal(proxy(SERVER, undefined, { environment })?.url, 'http://secure:2');
  });

  it('is not used for this machine, nor when VS Code turns proxies off', () => {
    const sources = { proxy: 'http://code:1' };
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
      assert.equal(proxy(`http://${host}:8123`, undefined, sources), undefined, host);
    }
    assert.equal(proxy(SERVER, undefined, { ...sources, support: 'off' }), undefined);
  });

  it('is left out for hosts that noProxy or NO_PROXY name', () => {
    const sources = { proxy: 'http://code:1', environment: { NO_PROXY: 'other, .example' } };
    assert.equal(proxy(SERVER, undefined, sources), undefined);
    assert.ok(proxy(SERVER, undefined, { ...sources, noProxy: ['ch.example.org'] }));
  });

  it('keeps user and password out of its URL', () => {
    assert.deepEqual(proxy(SERVER, undefined, { proxy: 'http://me:a%40b@code:1/' }), {
      url: 'http://code:1',
      authorization: `Basic ${Buffer.from('me:a@b').toString('base64')}`,
    });
    const given = { proxy: 'http://code:1', authorization: 'Basic x' };
    assert.equal(proxy(SERVER, undefined, given)?.authorization, 'Basic x');
    assert.equal(proxy(SERVER, 'http://own:3', given)?.authorization, undefined);
  });

  const entries: [string, boolean][] = [
    ['ch.example', true],
    ['CH.example', true],
    ['example', true],
    ['.example', true],
    ['*.example', true],
    ['*', true],
    ['ch.example:8443', true],
    ['ch.example:8123', false],
    ['h.example', false],
    ['', false],
    ['other', false],
  ];
  for (const [entry, covered] of entries) {
    it(`"${entry}" of noProxy ${covered ? 'covers' : 'does not cover'} ${SERVER}`, () => {
      assert.equal(isDirect(new URL(SERVER), [entry]), covered);
    });
  }
});
