import assert from 'node:assert/strict';
import { resultsHtml } from '../../../src/shared/resultsPage.ts';

const html = resultsHtml({
  cspSource: 'https://*.vscode-cdn.net',
  nonce: 'abc123',
  scriptUri: 'https://x/results.js?a=1&b="2"',
  styleUris: ['https://x/codicon.css', 'https://x/results.css'],
});

describe('results page', () => {
  it('allows nothing but the extension’s own files', () => {
    const policy = /content="(default-src[^"]*)"/.exec(html)?.[1] ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'nonce-abc123'; style-src https:/);
    assert.doesNotMatch(policy, /unsafe|\*(?!\.)/);
  });

  it('has no inline script and no inline style', () => {
    assert.doesNotMatch(html, /<style|style=|onclick|<script[^>]*>[^<]/);
    assert.match(html, /<script type="module" nonce="abc123" src="[^"]*">/);
  });

  it('escapes what it puts into attributes', () => {
    assert.match(html, /src="https:\/\/x\/results.js\?a=1&amp;b=&quot;2&quot;"/);
  });
});
