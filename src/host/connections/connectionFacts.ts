import type { HostState } from '../../core/client/connectionSurface.ts';
import { sshCommand } from '../../core/ssh/sshTarget.ts';
import { type ConnectionProfile, DEFAULT_USER } from './profile.ts';

function hostLines(
  { url, hosts = [] }: ConnectionProfile,
  states: readonly HostState[] | undefined,
): string[] {
  if (hosts.length === 0) return [url];
  if (states === undefined) return [url, ...hosts];
  return states.map((state) => {
    const marks = [...(state.inUse ? ['in use'] : []), ...(state.failed ? ['failed last'] : [])];
    const mark = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
    return `${state.url.replace(/\/$/, '')}${mark}`;
  });
}

/** What a profile leads to, one fact a line; `states` of its hosts where it is in use. */
export function connectionFacts(
  profile: ConnectionProfile,
  states: readonly HostState[] | undefined,
): string {
  const { user = DEFAULT_USER, database, ssh, cluster } = profile;
  return [
    ...hostLines(profile, states),
    `User: ${user}`,
    ...(database === undefined ? [] : [`Database: ${database}`]),
    ...(cluster === undefined ? [] : [`Cluster: ${cluster}`]),
    ...(ssh === undefined ? [] : [`Through ${sshCommand(ssh)}`]),
  ].join('\n');
}
