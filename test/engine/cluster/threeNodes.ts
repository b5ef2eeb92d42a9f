import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildJob } from '../../../src/core/engine/child.ts';
import type { EngineProgram } from '../../../src/core/engine/locate.ts';
import {
  type EngineSecrets,
  engineArguments,
  serverConfigXml,
  TOKEN_HEADER,
  usersConfigXml,
} from '../../../src/core/engine/config.ts';
import { answers, type EngineEndpoint, freePort } from '../../../src/core/engine/probe.ts';
import { until } from '../client/support.ts';
import { Relay } from './relay.ts';

/** Two shards; the first has two replicas. */
export const CLUSTER = 'main';
const SHARDS = [[0, 1], [2]];
const SECRETS: EngineSecrets = {
  username: 'rowhouse',
  password: 'one for all nodes',
  token: 'token-of-the-tests',
};

/** One of the servers of the cluster. */
export interface ClusterNode {
  readonly endpoint: EngineEndpoint;
  /** As the other nodes name it: `host:port`. */
  readonly name: string;
  /** As it names itself. */
  readonly ownName: string;
  /** Ends the process at once. */
  kill(): Promise<void>;
  /** Freezes the process: its ports take connections, and nothing answers. */
  freeze(): void;
  thaw(): void;
}

interface Ports {
  readonly http: number;
  readonly tcp: number;
  readonly relayed: number;
}

/** A node knows itself by its own port, the others by their relays. */
function remoteServers(ports: readonly Ports[], own: number): string {
  const replica = (index: number): string => {
    const port = index === own ? ports[index]?.tcp : ports[index]?.relayed;
    const { username, password } = SECRETS;
    return `<replica><host>127.0.0.1</host><port>${port}</port><user>${username}</user><password>${password}</password></replica>`;
  };
  const shards = SHARDS.map((nodes) => `<shard>${nodes.map(replica).join('')}</shard>`);
  return `<remote_servers><${CLUSTER}>${shards.join('')}</${CLUSTER}></remote_servers>`;
}

/** What the nodes run. */
export interface NodeProgram {
  readonly program: EngineProgram;
  readonly childScript: string;
}

async function startNode(
  { program, childScript }: NodeProgram,
  folder: string,
  all: readonly Ports[],
  index: number,
) {
  const ports = all[index];
  if (!ports) throw new Error(`There is no node ${index}.`);
  const place = join(folder, String(index));
  const dataDirectory = join(place, 'data');
  const usersFile = join(place, 'users.xml');
  const configFile = join(place, 'config.xml');
  await mkdir(dataDirectory, { recursive: true });
  await writeFile(usersFile, usersConfigXml(SECRETS));
  const config = serverConfigXml({ secrets: SECRETS, usersFile, dataDirectory });
  const end = '</clickhouse>';
  await writeFile(configFile, config.replace(end, `${remoteServers(all, index)}${end}`));
  const args = engineArguments({ configFile, dataDirectory, port: ports.http }).map((argument) =>
    argument.replace('START LISTEN HTTP;', 'START LISTEN HTTP; SYSTEM START LISTEN TCP;'),
  );
  args.unshift(`--tcp_port=${ports.tcp}`);
  const job: ChildJob = { program, args, cleanUp: [] };
  const child = spawn(process.execPath, [childScript, JSON.stringify(job)], {
    cwd: dataDirectory,
    stdio: ['pipe', 'ignore', 'inherit'],
    // In VS Code the executable is Electron.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
  });
  const endpoint: EngineEndpoint = {
    url: `http://127.0.0.1:${ports.http}`,
    username: SECRETS.username,
    password: SECRETS.password,
    headers: { [TOKEN_HEADER]: SECRETS.token },
  };
  return { child, node: nodeOf(child, endpoint, ports) };
}

function nodeOf(child: ChildProcess, endpoint: EngineEndpoint, ports: Ports): ClusterNode {
  const { tcp, relayed } = ports;
  const exited = once(child, 'exit');
  return {
    endpoint,
    name: `127.0.0.1:${relayed}`,
    ownName: `127.0.0.1:${tcp}`,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
  };
}

/** Three engines that form a cluster. Whoever starts them must call `stop`. */
export async function startThreeNodes(what: NodeProgram): Promise<{
  readonly nodes: readonly [ClusterNode, ClusterNode, ClusterNode];
  readonly stop: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'rowhouse-cluster-'));
  const relays = SHARDS.flat().map(() => new Relay());
  const ports: Ports[] = [];
  for (const relay of relays) {
    const [http, tcp] = [await freePort(), await freePort()];
    ports.push({ http, tcp, relayed: await relay.open(tcp) });
  }
  const started = await Promise.all(ports.map((_, index) => startNode(what, folder, ports, index)));
  const stop = async (): Promise<void> => {
    for (const { node } of started) await node.kill();
    for (const relay of relays) await relay.close();
    await rm(folder, { recursive: true, force: true });
  };
  const [first, second, third] = started.map(({ node }) => node);
  try {
    if (!first || !second || !third) throw new Error('A cluster has three nodes.');
    for (const { node } of started) await until(() => answers(node.endpoint, 1_000), 20_000);
    return { nodes: [first, second, third], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
