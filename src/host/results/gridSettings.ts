import { type ArrowCompression, GridSettings } from '../../core/arrow/spool/gridSettings.ts';
import { ServerZones } from '../../core/arrow/spool/serverZones.ts';
import type { Client } from '../../core/client/surface.ts';

const known = new WeakMap<Client, GridSettings>();
const zones = new WeakMap<Client, ServerZones>();

/** The time zones of a client's server; each is asked for once per client. */
export function serverZonesOf(client: Client): ServerZones {
  const server = zones.get(client) ?? new ServerZones(client);
  zones.set(client, server);
  return server;
}

/** Which settings a client's server takes; asked once per client. */
export function gridSettingsOf(client: Client): GridSettings {
  const settings = known.get(client) ?? new GridSettings(client);
  known.set(client, settings);
  return settings;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Compressing costs more than it saves on this machine; over a network zstd pays below about 1 Gbit/s. */
export function arrowCompressionFor(client: Client): ArrowCompression {
  const throughTunnel = client.hosts.some(({ inUse, tunnel }) => inUse && tunnel !== undefined);
  const isHere = LOOPBACK.test(new URL(client.url).hostname) && !throughTunnel;
  return isHere ? 'none' : 'zstd';
}
