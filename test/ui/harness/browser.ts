import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from '../../../scripts/find-browser.mjs';

// Root needs --no-sandbox; the others keep the browser from talking to its maker.
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-proxy-server'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findBrowser(), args: ARGUMENTS });
}
