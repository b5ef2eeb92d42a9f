import type { Tunnel } from '../../core/client/connectionSurface.ts';
import { tunnelName } from '../../core/ssh/sshTarget.ts';
import type { SshTunnel } from '../../core/ssh/sshTunnel.ts';
import type { ConnectionProfile } from './profile.ts';

type Way = Pick<ConnectionProfile, 'url' | 'hosts' | 'ssh'>;

function wayTo(url: string, ssh: NonNullable<Way['ssh']>) {
  const { protocol, hostname, port } = new URL(url);
  const standard = protocol === 'https:' ? 443 : 80;
  return { target: ssh, host: hostname, port: port === '' ? standard : Number(port) };
}

function namesOf({ url, hosts = [], ssh }: Partial<Way>): string[] {
  if (ssh === undefined || url === undefined) return [];
  return [url, ...hosts].map((each) => tunnelName(wayTo(each, ssh)));
}

/** The SSH tunnels of this window's connections, one for each server behind an SSH server. It ends them. */
export class Tunnels {
  readonly #keeperScript: string;
  readonly #open = new Map<string, SshTunnel>();

  /** @param keeperScript path of the built `keeper` program */
  constructor(keeperScript: string) {
    this.#keeperScript = keeperScript;
  }

  /** The tunnel to a server of a profile, not started yet; undefined when it needs none. */
  async to(url: string, { ssh }: Way): Promise<Tunnel | undefined> {
    if (ssh === undefined) return undefined;
    const { SshTunnel } = await import('../../core/ssh/sshTunnel.ts');
    const way = wayTo(url, ssh);
    const name = tunnelName(way);
    const known = this.#open.get(name);
    if (known) return known;
    const tunnel = new SshTunnel({ ...way, keeperScript: this.#keeperScript });
    this.#open.set(name, tunnel);
    return tunnel;
  }

  /**
   * Ends the `ssh` of a profile that has not connected yet; the next need starts another.
   * @param others whose clients may go through the same tunnels: a closed one would be of no use to them any more
   */
  stopStarting(profile: Partial<Way> | undefined, others: readonly Partial<Way>[]): void {
    const used = new Set(others.flatMap(namesOf));
    for (const name of namesOf(profile ?? {})) {
      const tunnel = this.#open.get(name);
      if (!tunnel || tunnel.isOpen || used.has(name)) continue;
      this.#open.delete(name);
      tunnel.close();
    }
  }

  /** Ends the tunnels that none of these profiles uses. */
  keepOnly(profiles: readonly Partial<Way>[]): void {
    const used = new Set(profiles.flatMap(namesOf));
    for (const [name, tunnel] of this.#open) {
      if (used.has(name)) continue;
      this.#open.delete(name);
      tunnel.close();
    }
  }
}
