import * as vscode from 'vscode';
import type { ProxySources } from './proxy.ts';

/** What of the window decides how a server is reached. */
export interface Network {
  readonly proxies: ProxySources;
  /** Relative paths of certificates start here; undefined in an untrusted workspace, which must not bring its own. */
  readonly folder: string | undefined;
}

/** Reads it anew: the user may have changed the settings since. */
export function currentNetwork(): Network {
  const http = vscode.workspace.getConfiguration('http');
  const { isTrusted, workspaceFolders } = vscode.workspace;
  const [folder] = workspaceFolders ?? [];
  return {
    proxies: {
      support: http.get('proxySupport', 'override'),
      proxy: http.get('proxy', '').trim(),
      noProxy: http.get<string[]>('noProxy', []),
      authorization: http.get<string | null>('proxyAuthorization') ?? undefined,
      environment: process.env,
    },
    folder: isTrusted && folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined,
  };
}
