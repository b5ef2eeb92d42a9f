import assert from 'node:assert/strict';
import { placeText } from '../../../../src/host/transfer/save/placeText.ts';

const here = { remoteName: undefined, isWeb: false, hostName: 'build-7' };

describe('the place where a file goes', () => {
  it("goes without saying on the user's own machine", () => {
    assert.equal(placeText(here), undefined);
  });

  it('is named in remote windows and in the browser', () => {
    const places: [string | undefined, string][] = [
      ['ssh-remote', 'on SSH host build-7'],
      ['wsl', 'on WSL build-7'],
      ['dev-container', 'in the container build-7'],
      ['attached-container', 'in the container build-7'],
      ['codespaces', 'on codespace build-7'],
      ['127.0.0.1:8080', 'on build-7, which runs this window'],
    ];
    for (const [remoteName, text] of places) {
      assert.equal(placeText({ ...here, remoteName }), text);
    }
    assert.equal(placeText({ ...here, isWeb: true }), 'on build-7, which runs this window');
  });
});
