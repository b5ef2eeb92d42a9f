import * as vscode from 'vscode';

const SCHEME = 'rowhouse-report';
/** Older ones are forgotten; an editor that still shows one keeps its text. */
const KEPT = 20;

const texts = new Map<string, string>();
let number = 0;

/** Reports are read-only documents, so that closing one asks nothing. */
export function registerReports(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  });
}

/** Shows Markdown in an editor under this name. */
export async function showReport(name: string, text: string): Promise<vscode.Uri> {
  number += 1;
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name} ${number}.md` });
  texts.set(uri.toString(), text);
  const [oldest] = texts.keys();
  if (texts.size > KEPT && oldest !== undefined) texts.delete(oldest);
  await vscode.window.showTextDocument(uri, { preview: true });
  return uri;
}
