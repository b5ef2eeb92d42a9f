import type { Page } from 'playwright-core';

/**
 * Stands in for the browser's own save dialog, which no test can answer: it gives a real file of the browser's private
 * storage, and that alone, as the dialog does.
 */
export async function chooseOwnFile(page: Page, name: string): Promise<void> {
  await page.evaluate((chosen) => {
    const give = async (): Promise<FileSystemFileHandle> => {
      const root = await navigator.storage.getDirectory();
      return root.getFileHandle(chosen, { create: true });
    };
    Object.assign(window, { showSaveFilePicker: give });
  }, name);
}

/** The names of the files there, and the SHA-256 of one of them. */
export async function ownFiles(
  page: Page,
  name: string,
): Promise<{ readonly names: string[]; readonly sha256: string }> {
  const [names, sum] = await page.evaluate(async (wanted) => {
    const root = await navigator.storage.getDirectory();
    const all: string[] = [];
    for await (const each of root.keys()) all.push(each);
    const file = await (await root.getFileHandle(wanted)).getFile();
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return [all, [...new Uint8Array(digest)]] as const;
  }, name);
  return { names, sha256: Buffer.from(sum).toString('hex') };
}
