/** The kinds of remote windows, in the words of VS Code's own remote indicator. */
const PLACES: Readonly<Record<string, string>> = {
  'ssh-remote': 'SSH host',
  wsl: 'WSL',
  'dev-container': 'container',
  'attached-container': 'container',
  codespaces: 'codespace',
  tunnel: 'tunnel host',
};

export interface WindowPlace {
  readonly remoteName: string | undefined;
  readonly isWeb: boolean;
  readonly hostName: string;
}

/**
 * Where a file goes that this window's extension writes, for example `on SSH host build-7`; undefined where
 * that is plainly the user's own machine.
 */
export function placeText({ remoteName, isWeb, hostName }: WindowPlace): string | undefined {
  if (remoteName === undefined && !isWeb) return undefined;
  const known = remoteName === undefined ? undefined : PLACES[remoteName];
  if (known === 'container') return `in the container ${hostName}`;
  if (known !== undefined) return `on ${known} ${hostName}`;
  return `on ${hostName}, which runs this window`;
}
