/**
 * The classes of undici that the client uses, without its entry file. The entry makes an agent of this
 * copy the one that `fetch` uses in the whole process. In an extension host that process belongs to all
 * extensions, and Node's own undici may be of another version, whose calls that agent does not understand.
 */
import UndiciAgent from 'undici/lib/dispatcher/agent.js';
import connect from 'undici/lib/api/api-connect.js';
import undiciConnector from 'undici/lib/core/connect.js';
import UndiciPool from 'undici/lib/dispatcher/pool.js';
import UndiciProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

export const Agent = UndiciAgent;
export const buildConnector = undiciConnector;
export const ProxyAgent = UndiciProxyAgent;

/** Connections to a proxy, which can ask it for tunnels: a method that undici's entry adds to all pools. */
export class TunnelPool extends UndiciPool {
  override connect = connect;
}
