import * as vscode from 'vscode';

const SCHEME = 'rowhouse-insert-report';
/** Older ones are forgotten; an editor that still shows one keeps its text. */
const KEPT = 20;

const texts = new Map<string, string>();
let number = 0;

/** Reports are read-only documents, so that closing one asks nothing. */
export function registerInsertReports(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  });
}

export async function showInsertReport(text: string): Promise<void> {
  number += 1;
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/Insert report ${number}.md` });
  texts.set(uri.toString(), text);
  const [oldest] = texts.keys();
  if (texts.size > KEPT && oldest !== undefined) texts.delete(oldest);
  await vscode.window.showTextDocument(uri, { preview: true });
}
